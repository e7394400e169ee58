import path from 'node:path';
import type { OperatorServices } from '../operators/services.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { SsoServices } from '../sso/services.ts';
import type { SyncServices } from '../sync/sync.ts';
import { describeConsole } from './console-account.ts';
import { describeIdentity } from './identity/hint.ts';
import { createDemoIdentity, type DemoIdentity } from './identity/identity.ts';
import { openGradebook } from './lms/grades/gradebook-file.ts';
import { openKeptTools } from './lms/registering/tools-file.ts';
import { createSimulatedLms } from './lms/simulated-lms.ts';
import { createLoopbackFetch } from './loopback-fetch.ts';
import { describeRosters } from './roster-hint.ts';
import { seedRosters, sisConsumer } from './rosters.ts';
import { hubAtLms, seedDemo } from './seed.ts';
import { type HttpHandler, serveByHost } from './servers.ts';
import { demoDistrict } from './sis/demo-district.ts';
import { createOneRosterServer } from './sis/oneroster-server.ts';
import { createSampleTool } from './tool/sample-tool.ts';
import { westbrook } from './westbrook.ts';
import { demoWorld, type World } from './world.ts';

/** The schools on the LMS: those that the hub knows, and one that is still to be connected. */
const lmsWorld: World = { schools: [...demoWorld.schools, westbrook] };

export interface Demo {
  handler: HttpHandler;
  lmsUrl: string;
  rosterHint: string;
  signInHint: string;
  consoleHint: string;
  close(): Promise<void>;
}

/**
 * Puts a simulated LMS, a simulated student information system, a directory, an OpenID provider and a sample tool around the hub and sets the hub
 * up for them. What browsers visit is told apart by host name, so that each is a site of its own to them.
 *
 * @param hub.baseUrl `http://hub.localhost:<port>`
 * @param hub.dataDir folder for what the LMS has to remember
 * @param hub.dropFolder the operator's folder for packages of rosters
 * @param hub.command how the hub's commands are called, for hints
 * @returns the handler for the one port they share, how to sync the rosters and sign in, and what ends the directory
 */
export async function createDemo(hub: {
  app: HttpHandler;
  db: Database;
  sync: SyncServices;
  sso: SsoServices;
  operators: OperatorServices;
  clock: Clock;
  baseUrl: string;
  dataDir: string;
  dropFolder: string;
  command: string;
}): Promise<Demo> {
  const at = (label: string) => hub.baseUrl.replace('//hub.', `//${label}.`);
  const addresses = { hub: hub.baseUrl, lms: at('lms'), tool: at('tool'), sis: at('sis'), id: at('id') };
  const { clock } = hub;
  const fetchLoopback = createLoopbackFetch();
  let identity: DemoIdentity | undefined;
  const lms = await createSimulatedLms({
    baseUrl: addresses.lms,
    registrations: [hubAtLms(addresses, demoWorld)],
    world: lmsWorld,
    clock,
    tools: await openKeptTools(path.join(hub.dataDir, 'tools.json')),
    gradebook: await openGradebook(lmsWorld, path.join(hub.dataDir, 'gradebook.json')),
    fetch: fetchLoopback,
    operatorHint: ({ slug }) => `${hub.command} grades list --tenant ${slug}`,
    portalHint: () => identity,
  });
  const tool = await seedDemo(hub, {
    addresses,
    issuer: lms.issuer,
    authorizeUrl: lms.authorizeUrl,
    tokenUrl: lms.tokenUrl,
    jwksUrl: lms.jwksUrl,
    world: demoWorld,
  });
  const sample = createSampleTool({
    baseUrl: addresses.tool,
    platform: {
      issuer: hub.baseUrl,
      authorizeUrl: `${hub.baseUrl}/platform/authorize`,
      jwksUrl: `${hub.baseUrl}/.well-known/jwks.json`,
      tokenUrl: `${hub.baseUrl}/platform/token`,
      clientId: tool.clientId,
    },
    fetch: fetchLoopback,
    clock,
  });
  const sis = createOneRosterServer({
    source: demoDistrict('northside', clock),
    baseUrl: addresses.sis,
    consumer: sisConsumer,
  });
  const rosters = await seedRosters(hub, addresses);
  identity = await createDemoIdentity(hub, rosters.rest, { issuer: addresses.id, fetch: fetchLoopback });
  return {
    handler: serveByHost({
      lms: lms.app,
      tool: sample.app,
      sis: sis.app,
      id: identity?.provider,
      hub: hub.app,
    }),
    lmsUrl: addresses.lms,
    rosterHint: describeRosters(rosters, hub.command),
    signInHint: describeIdentity(identity),
    consoleHint: await describeConsole(hub.operators),
    close: async () => identity?.close(),
  };
}
