import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { createSimulatedLms } from './lms/simulated-lms.ts';
import { createLoopbackFetch } from './loopback-fetch.ts';
import { hubAtLms, seedDemo } from './seed.ts';
import { type HttpHandler, serveByHost } from './servers.ts';
import { createSampleTool } from './tool/sample-tool.ts';
import { demoWorld } from './world.ts';

/**
 * Puts a simulated LMS and a sample tool around the hub and sets the hub up for them. The three are told apart by
 * host name, so that they are three sites to a browser.
 *
 * @param hub.baseUrl `http://hub.localhost:<port>`
 * @returns the handler for the one port they share
 */
export async function createDemo(hub: {
  app: HttpHandler;
  db: Database;
  clock: Clock;
  baseUrl: string;
}): Promise<{ handler: HttpHandler; lmsUrl: string }> {
  const at = (label: string) => hub.baseUrl.replace('//hub.', `//${label}.`);
  const addresses = { hub: hub.baseUrl, lms: at('lms'), tool: at('tool') };
  const { clock } = hub;
  const lms = await createSimulatedLms({
    baseUrl: addresses.lms,
    registrations: [hubAtLms(addresses, demoWorld)],
    world: demoWorld,
    clock,
  });
  const tool = await seedDemo(hub, {
    addresses,
    issuer: lms.issuer,
    authorizeUrl: lms.authorizeUrl,
    jwksUrl: lms.jwksUrl,
    world: demoWorld,
  });
  const sample = createSampleTool({
    baseUrl: addresses.tool,
    platform: {
      issuer: hub.baseUrl,
      authorizeUrl: `${hub.baseUrl}/platform/authorize`,
      jwksUrl: `${hub.baseUrl}/.well-known/jwks.json`,
      clientId: tool.clientId,
    },
    fetch: createLoopbackFetch(),
    clock,
  });
  return {
    handler: serveByHost({ lms: lms.app, tool: sample.app, hub: hub.app }),
    lmsUrl: addresses.lms,
  };
}
