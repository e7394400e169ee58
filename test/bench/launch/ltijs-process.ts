import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ltijs from 'ltijs';
import Database from 'ltijs-sequelize';
import { answerParent } from '../process/child.ts';
import { clientId, issuer } from './population.ts';

export interface LtijsSettings {
  databaseUrl: string;
  connections: number;
  /** Shared by both processes: it signs cookies and ltiks. */
  encryptionKey: string;
  jwksUrl: string;
  authorizeUrl: string;
  tokenMaxAge: number;
  /** Whether this process registers the platform; the other finds it in the database. */
  registers: boolean;
}

const { Provider } = ltijs;
let server: Server | undefined;

/** A tool made with ltijs as its documentation shows: it greets the person whom the token names. */
async function open(settings: LtijsSettings): Promise<{ port: number }> {
  const url = new URL(settings.databaseUrl);
  const plugin = new Database(url.pathname.slice(1), url.username, url.password, {
    host: url.searchParams.get('host') ?? url.hostname,
    port: Number(url.port),
    dialect: 'postgres',
    logging: false,
    pool: { max: settings.connections, min: 0 },
  });
  Provider.setup(
    settings.encryptionKey,
    { plugin },
    {
      appRoute: '/',
      loginRoute: '/login',
      cookies: { secure: true, sameSite: 'None' },
      devMode: false,
      tokenMaxAge: settings.tokenMaxAge,
    },
  );
  Provider.onConnect(({ user, deploymentId, userInfo }, _request, response) =>
    response.send(`<p>Hello ${userInfo.name} <span>${user}</span> <span>${deploymentId}</span></p>`),
  );
  await Provider.deploy({ serverless: true, silent: true });
  if (settings.registers) {
    await Provider.registerPlatform({
      url: issuer,
      name: 'Canvas',
      clientId,
      authenticationEndpoint: settings.authorizeUrl,
      accesstokenEndpoint: `${settings.authorizeUrl}/token`,
      authConfig: { method: 'JWK_SET', key: settings.jwksUrl },
    });
  }
  const listening = createServer(Provider.app);
  // As the hub's server: otherwise connections would end between two rounds.
  listening.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  server = listening;
  return { port: (listening.address() as AddressInfo).port };
}

answerParent({
  open,
  close: async () => {
    server?.close();
    server?.closeAllConnections();
  },
});
