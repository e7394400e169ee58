import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import ltijs from 'ltijs';
import Database from 'ltijs-sequelize';
import { z } from 'zod';
import { serveAdvantageCalls } from './advantage-calls.ts';
import { serveGradeCalls } from './grade-calls.ts';
import type { LaunchFacts, PeerMessage, PeerSettings, PlatformMessage } from './messages.ts';

/**
 * A tool made with ltijs, as its manual says for production: a program of its own with its own express and its own
 * database, state and session in cookies without Partitioned, no storage by postMessage.
 */
const { databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as PeerSettings;

resolveLocalhostNames();
const { hostname, port, pathname, username, password } = new URL(databaseUrl);
const database = new Database(pathname.slice(1), decodeURIComponent(username), decodeURIComponent(password), {
  host: hostname,
  port: Number(port || 5432),
  dialect: 'postgres',
  logging: false,
  pool: { max: 4, min: 0 },
});
// Where it listens is part of what it says of itself when it registers by dynamic registration.
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const listeningPort = (server.address() as AddressInfo).port;
const tool = ltijs.Provider.setup(
  randomBytes(32).toString('hex'),
  { plugin: database },
  {
    appRoute: '/',
    loginRoute: '/login',
    cookies: { secure: true, sameSite: 'None' },
    devMode: false,
    tokenMaxAge: 10,
    dynReg: {
      url: `http://ltijs.localhost:${listeningPort}`,
      name: 'Made with ltijs',
      description: 'A tool by another maker.',
      autoActivate: true,
    },
  },
);
tool.onConnect((token, _request, response) => response.send(page(factsOf(token))));
serveGradeCalls(tool);
serveAdvantageCalls(tool);
await tool.deploy({ serverless: true, silent: true });

server.on('request', tool.app);
tell({ kind: 'listening', port: listeningPort });

process.on('message', async ({ issuer, clientId, authorizeUrl, jwksUrl }: PlatformMessage) => {
  await tool.registerPlatform({
    url: issuer,
    name: 'Gatehouse',
    clientId,
    authenticationEndpoint: authorizeUrl,
    accesstokenEndpoint: `${issuer}/platform/token`,
    authConfig: { method: 'JWK_SET', key: jwksUrl },
  });
  tell({ kind: 'registered' });
});
// The test run is gone, and so must be this process.
process.on('disconnect', () => process.exit());

function tell(message: PeerMessage): void {
  process.send?.(message);
}

/** RFC 6761 §6.3: localhost names are this machine. Browsers know that; the resolver of many systems does not. */
function resolveLocalhostNames(): void {
  const lookup = dns.lookup;
  dns.lookup = ((host: string, ...rest: unknown[]) =>
    Reflect.apply(lookup, dns, [
      host.endsWith('.localhost') ? '127.0.0.1' : host,
      ...rest,
    ])) as typeof dns.lookup;
}

/** What ltijs makes of an id_token. */
const launchToken = z.object({
  user: z.string(),
  deploymentId: z.string(),
  userInfo: z.object({ name: z.string().optional(), email: z.string().optional() }),
  platformContext: z.object({
    roles: z.array(z.string()),
    context: z.object({ title: z.string().optional() }).nullish(),
    endpoint: z.object({ lineitem: z.string().optional() }).nullish(),
  }),
});

function factsOf(token: unknown): LaunchFacts {
  const { user, deploymentId, userInfo, platformContext } = launchToken.parse(token);
  return {
    name: userInfo.name,
    email: userInfo.email,
    roles: platformContext.roles,
    course: platformContext.context?.title,
    deploymentId,
    sub: user,
    lineItem: platformContext.endpoint?.lineitem,
  };
}

function page(facts: LaunchFacts): string {
  const text = JSON.stringify(facts).replaceAll('<', '\\u003c');
  return `<!doctype html><html lang="en"><title>ltijs</title><main><h1>Opened in ltijs</h1><pre>${text}</pre></main></html>`;
}
