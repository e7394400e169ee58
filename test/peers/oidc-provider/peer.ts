import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK } from 'jose';
import { type ClientMetadata, type JWK, Provider } from 'oidc-provider';
import { afterAll } from 'vitest';
import { makeKey } from '../../sso/oidc/support/keys.ts';

/** oidc-provider, in this process. */
export interface Peer {
  issuer: string;
  /** Who sits at its sign-in page; undefined: somebody who cancels. */
  person: string | undefined;
  /** How often its sign-in page was shown. */
  prompts: number;
  /** What it met when it told clients of sign-outs. */
  logoutFailures: string[];
  /** Begins to serve, to these clients. */
  serve(clients: ClientMetadata[]): Promise<void>;
}

/** Takes an address for a test file; clients are registered once theirs are known. */
export async function openPeer(): Promise<Peer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const peer: Peer = {
    issuer,
    person: 'ada',
    prompts: 0,
    logoutFailures: [],
    async serve(clients) {
      server.on('request', await createListener(peer, clients));
    },
  };
  return peer;
}

async function makeKeys(): Promise<JWK[]> {
  const made = ['RS256', 'ES256'].map(async (alg) => {
    const { privateKey } = await makeKey(alg, alg);
    return { ...(await exportJWK(privateKey)), kid: `peer-${alg}`, alg, use: 'sig' } as JWK;
  });
  return Promise.all(made);
}

async function createListener(peer: Peer, clients: ClientMetadata[]): Promise<RequestListener> {
  const provider: Provider = new Provider(peer.issuer, {
    clients,
    jwks: { keys: await makeKeys() },
    cookies: { keys: ['a key for the cookies of this test'] },
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = form;
        },
      },
    },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'locale', 'groups'],
      email: ['email', 'email_verified'],
    },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        name: 'Ada Lovelace',
        given_name: 'Ada',
        family_name: 'Lovelace',
        locale: 'de',
        groups: ['teachers', 'staff'],
        email: 'ada@school.example',
        email_verified: true,
      }),
    }),
    // Consent was given by the school for everybody.
    loadExistingGrant: async ({ oidc: { client, session } }) => {
      const { clientId = '' } = client ?? {};
      const grant = new provider.Grant({ clientId, accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    // Its own guard refuses this machine, where the hub of the test stands.
    fetch: (url, options) => {
      const { dispatcher: _guard, ...rest } = options as RequestInit & { dispatcher?: unknown };
      return fetch(url, rest);
    },
    ttl: {
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
      IdToken: 300,
      AccessToken: 300,
      AuthorizationCode: 60,
    },
  });
  provider.on('backchannel.error', (_context, error) => void peer.logoutFailures.push(error.message));
  const serve = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void serve(request, response);
    peer.prompts += 1;
    const { person } = peer;
    const result = person === undefined ? { error: 'access_denied' } : { login: { accountId: person } };
    provider.interactionFinished(request, response, result).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  };
}
