import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import { afterAll } from 'vitest';
import { createScoreIntake } from '../../src/app/grade-passback.ts';
import { addDeployment } from '../../src/connections/deployments.ts';
import { connectLms } from '../../src/connections/registrations.ts';
import { scopes } from '../../src/demo/lms/grades/ags.ts';
import { membershipScope } from '../../src/demo/lms/memberships/nrps.ts';
import { createSimulatedLms, type SimulatedLms } from '../../src/demo/lms/simulated-lms.ts';
import { createLoopbackFetch } from '../../src/demo/loopback-fetch.ts';
import { serveByHost } from '../../src/demo/servers.ts';
import { createSampleTool } from '../../src/demo/tool/sample-tool.ts';
import { demoWorld, type World } from '../../src/demo/world.ts';
import { type GradeWork, startGradeWork } from '../../src/grades/grades.ts';
import type { Refusal, RowlessCall } from '../../src/health/refusals.ts';
import { ensureSigningKey } from '../../src/lti/keys/keys.ts';
import { createLti, type Lti } from '../../src/lti/lti.ts';
import { reasonPage } from '../../src/lti/pages/error-page.ts';
import type { Database } from '../../src/platform/db.ts';
import { createHttpApp } from '../../src/platform/http/http-app.ts';
import { defaultFrameAncestors } from '../../src/platform/http/security-headers.ts';
import { openLog } from '../../src/platform/log.ts';
import { createOutbound } from '../../src/platform/outbound/fetch.ts';
import { parseKeyEncryptionKeys } from '../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets, type Secrets } from '../../src/platform/secrets/secrets.ts';
import { enableToolWithPolicy } from '../../src/privacy/policies.ts';
import { loadReleaseSecret } from '../../src/privacy/release-secret.ts';
import { createTenant, type Tenant } from '../../src/tenants/tenants.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { registerTool } from '../../src/tools/tools.ts';
import type { TestDatabase } from './database.ts';

/** A clock that tests move, for the hub and its partners alike. It starts at the real time. */
export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function createTestClock(): TestClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms;
    },
  };
}

/** A running copy of the hub's launch endpoints. */
export interface HubCopy {
  /** Origin of this copy's own server; every copy answers for the same `baseUrl`. */
  origin: string;
  lti: Lti;
  requestLog: Record<string, unknown>[];
  /** Refusals of no tenant. */
  refusals: Refusal[];
  /** Calls that left no row of their own. */
  calls: RowlessCall[];
}

/** A hub, the simulated LMS with two schools on one issuer and client_id, and the sample tool, on one port. */
export interface HubWorld {
  port: number;
  hubUrl: string;
  clock: TestClock;
  secrets: Secrets;
  lms: SimulatedLms;
  tool: Tool;
  tenants: { northside: Tenant; riverbend: Tenant };
  clientId: string;
  deployments: { northside: string; riverbend: string };
  /** Starts one more copy on the same database. */
  addCopy(): Promise<HubCopy>;
  first: HubCopy;
}

export const by = () => ({ actor: 'test', now: Date.now() });

const rules = { allowLoopback: true };

/** The tools that links of the courses open, by the hub's short names. */
function toolsOf(world: World): string[] {
  const items = world.schools.flatMap(({ course }) => course.modules.flatMap((module) => module.items));
  return [...new Set(items.flatMap((item) => (item.kind === 'tool' ? [item.tool] : [])))];
}

async function listen(handler: RequestListener): Promise<{ port: number }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port: (server.address() as AddressInfo).port };
}

/** Delivers scores until the file's tests are done. @returns what accepted scores are told to */
function startDelivering(db: Database, clock: TestClock, { gradeDestination }: Lti): GradeWork['start'] {
  const log = openLog({ level: 'silent' });
  const work = startGradeWork({
    db,
    destination: gradeDestination,
    clock,
    log,
    gatherMs: 0,
    random: () => 0.5,
  });
  afterAll(() => work.stop(1_000));
  return work.start;
}

export interface HubWorldOptions {
  presentation?: Tool['presentation'];
  supportsStorage?: boolean;
  world?: World;
  /** Whether LMS, hub and tool call each other's services: gradebook and class lists; and the hub's copies deliver scores. */
  grades?: boolean;
  /** What each copy serves besides launches. */
  routers?(copy: { lti: Lti; db: Database; clock: TestClock; secrets: Secrets; baseUrl: string }): Router[];
}

/** Builds the world on a test database. Call it at the top level of a test file. */
export async function startHubWorld(
  { database }: TestDatabase,
  options: HubWorldOptions = {},
): Promise<HubWorld> {
  const clock = createTestClock();
  let handler: RequestListener = (_request, response) => response.end();
  const { port } = await listen((request, response) => handler(request, response));
  const hubUrl = `http://hub.localhost:${port}`;
  const lmsUrl = `http://lms.localhost:${port}`;
  const toolUrl = `http://tool.localhost:${port}`;

  const clientId = '10000000000042';
  const deployments = { northside: 'deployment-northside', riverbend: 'deployment-riverbend' };
  const schools = options.world ?? demoWorld;
  const targets = (slug: string) =>
    Object.fromEntries(toolsOf(schools).map((tool) => [tool, `${hubUrl}/t/${slug}/open/${tool}`]));
  const lms = await createSimulatedLms({
    issuer: 'https://canvas.instructure.com',
    baseUrl: lmsUrl,
    world: schools,
    knobs: { storageTarget: null },
    clock,
    fetch: createLoopbackFetch(),
    registrations: [
      {
        clientId,
        name: 'Gatehouse',
        redirectUris: [`${hubUrl}/t/northside/lti/launch`, `${hubUrl}/t/riverbend/lti/launch`],
        ...(options.grades && {
          jwksUrl: `${hubUrl}/.well-known/jwks.json`,
          scopes: [...Object.values(scopes), membershipScope],
        }),
        deployments: Object.entries(deployments).map(([school, deploymentId]) => ({
          school,
          deploymentId,
          loginUrl: `${hubUrl}/t/${school}/lti/login`,
          contentUrl: `${hubUrl}/t/${school}/lti/launch`,
          targets: targets(school),
        })),
      },
    ],
  });

  const tool = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: 'sample-tool',
        name: 'Sample tool',
        loginInitiationUrl: `${toolUrl}/login`,
        targetLinkUri: `${toolUrl}/`,
        redirectUris: [`${toolUrl}/launch`],
        ...(options.grades && { jwksUrl: `${toolUrl}/jwks.json` }),
        presentation: options.presentation ?? 'redirect',
        supportsStorage: options.supportsStorage ?? true,
      },
      rules,
      by(),
    ),
  );
  const sample = createSampleTool({
    baseUrl: toolUrl,
    platform: {
      issuer: hubUrl,
      authorizeUrl: `${hubUrl}/platform/authorize`,
      jwksUrl: `${hubUrl}/.well-known/jwks.json`,
      ...(options.grades && { tokenUrl: `${hubUrl}/platform/token` }),
      clientId: tool.clientId,
    },
    fetch: createLoopbackFetch(),
    clock,
  });

  const school = async (slug: 'northside' | 'riverbend', name: string): Promise<Tenant> => {
    const tenant = await createTenant(database, { slug, name }, by());
    await database.withTenant(tenant.tenantId, async (tx) => {
      const registration = await connectLms(
        tx,
        {
          family: 'canvas',
          issuer: lms.issuer,
          clientId,
          authorizeUrl: lms.authorizeUrl,
          jwksUrl: lms.jwksUrl,
          ...(options.grades && { tokenUrl: lms.tokenUrl }),
          settings: { frameAncestors: [lmsUrl] },
        },
        rules,
        by(),
      );
      const deployment = { connectionId: registration.connectionId, deploymentId: deployments[slug] };
      await addDeployment(tx, deployment, by());
      await enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'names_and_email' }, by());
    });
    return tenant;
  };
  const tenants = {
    northside: await school('northside', 'Northside High'),
    riverbend: await school('riverbend', 'Riverbend College'),
  };

  const secrets = createSecrets({
    kek: parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`),
    clock,
  });
  await ensureSigningKey({ db: database, secrets, clock }, { actor: 'test' });
  const releaseSecret = await loadReleaseSecret(database, secrets, clock);
  const copy = () => {
    const refusals: Refusal[] = [];
    const calls: RowlessCall[] = [];
    const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
    afterAll(() => fetch.close());
    const intake = createScoreIntake(database);
    const lti = createLti({
      db: database,
      clock,
      baseUrl: hubUrl,
      allowLoopback: true,
      grades: intake,
      fetch,
      partnerFetch: fetch,
      secrets,
      releaseSecret,
      frameAncestors: defaultFrameAncestors({ local: true }),
      recordRefusal: (refusal) => refusals.push(refusal),
      recordCall: (call) => calls.push(call),
      onFault: (_event, error) => {
        throw error;
      },
    });
    if (options.grades) intake.tellTo(startDelivering(database, clock, lti));
    const requestLog: Record<string, unknown>[] = [];
    const write = (line: string) => requestLog.push(JSON.parse(line) as Record<string, unknown>);
    const app = createHttpApp({
      https: false,
      trustedProxyHops: 0,
      log: openLog({ level: 'info', destination: { write } }),
      renderErrorPage: ({ reference }) => reasonPage(lti.pages('en'), { code: 'internal', reference }),
      routers: [
        ...lti.routers,
        ...(options.routers?.({ lti, db: database, clock, secrets, baseUrl: hubUrl }) ?? []),
      ],
    });
    return { app, lti, requestLog, refusals, calls };
  };
  const { app, ...first } = copy();
  handler = serveByHost({ lms: lms.app, tool: sample.app, hub: app });
  return {
    port,
    hubUrl,
    clock,
    secrets,
    lms,
    tool,
    tenants,
    clientId,
    deployments,
    first: { origin: hubUrl, ...first },
    addCopy: async () => {
      const { app: other, ...rest } = copy();
      const { port: otherPort } = await listen(other);
      return { origin: `http://hub.localhost:${otherPort}`, ...rest };
    },
  };
}
