import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scopes } from '../../../src/demo/lms/grades/ags.ts';
import type { Gradebook } from '../../../src/demo/lms/grades/gradebook.ts';
import { createSigningKey, type SigningKey } from '../../../src/demo/lms/signing-keys.ts';
import { createSimulatedLms, type SimulatedLms } from '../../../src/demo/lms/simulated-lms.ts';
import { createLoopbackFetch } from '../../../src/demo/loopback-fetch.ts';
import { serveByHost } from '../../../src/demo/servers.ts';
import { createSampleTool, type SampleTool } from '../../../src/demo/tool/sample-tool.ts';

/** The simulated LMS with the sample tool registered directly, on one loopback port. */
export interface DirectDemo {
  lms: SimulatedLms;
  tool: SampleTool;
  port: number;
  close(): Promise<void>;
}

export interface DirectDemoOptions {
  signingKey?: SigningKey;
  /** The time of LMS and tool, Unix milliseconds. */
  now?: () => number;
  /** Whether the tool sets cookies. Default true. */
  setsCookies?: boolean;
  gradebook?: Gradebook;
}

export const clientId = '10000000000042';

/** Starts LMS and tool as lms.localhost and tool.localhost on a free port of 127.0.0.1. */
export async function startDirectDemo(options: DirectDemoOptions = {}): Promise<DirectDemo> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lmsUrl = `http://lms.localhost:${port}`;
  const clock = { now: options.now ?? Date.now };
  const signingKey = options.signingKey ?? (await createSigningKey());
  const lms = await createSimulatedLms({
    issuer: 'https://maple.example',
    baseUrl: lmsUrl,
    clock,
    signingKey,
    fetch: createLoopbackFetch(),
    slowMs: 60,
    pageSize: 2,
    operatorHint: ({ slug }) => `show --tenant ${slug}`,
    ...(options.gradebook === undefined ? {} : { gradebook: options.gradebook }),
  });
  const tool = createSampleTool({
    baseUrl: `http://tool.localhost:${port}`,
    platform: {
      issuer: lms.issuer,
      authorizeUrl: lms.authorizeUrl,
      jwksUrl: lms.jwksUrl,
      tokenUrl: lms.tokenUrl,
      clientId,
    },
    clock,
    fetch: createLoopbackFetch(),
    setsCookies: options.setsCookies ?? true,
  });
  const placement = { loginUrl: tool.loginUrl, targets: { 'sample-tool': tool.targetUrl } };
  lms.registerTool({
    clientId,
    name: 'Sample tool',
    redirectUris: [tool.launchUrl],
    jwksUrl: tool.jwksUrl,
    scopes: Object.values(scopes),
    deployments: [
      { school: 'northside', deploymentId: '1:northside', ...placement },
      { school: 'riverbend', deploymentId: '2:riverbend', ...placement },
    ],
  });
  const hub = (_request: unknown, response: { end(): void }) => response.end();
  server.on('request', serveByHost({ lms: lms.app, tool: tool.app, hub }));
  return { lms, tool, port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
