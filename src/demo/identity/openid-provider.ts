import { randomBytes } from 'node:crypto';
import express, { type Express } from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWK, Provider } from 'oidc-provider';
import type { Clock } from '../../platform/clock.ts';
import { sendPage } from '../page.ts';
import type { DemoAccounts, DirectoryEntry } from './accounts.ts';
import { loadLibrary } from './library.ts';
import { openIdPage } from './openid-page.ts';
import { createOpenIdStore } from './openid-store.ts';

/** The hub as this provider knows it. */
export interface OpenIdClient {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  signedOutUri: string;
  backChannelLogoutUri: string;
}

/** In seconds. */
const day = 86_400;
const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'`;

/**
 * An OpenID provider for the accounts of a school: code flow with PKCE, UserInfo, sign-out with back-channel logout.
 *
 * @param options.fetch reaches the hub on this machine
 * @returns undefined where the library, which is one of the development packages, is not there
 */
export async function createOpenIdProvider(options: {
  issuer: string;
  client: OpenIdClient;
  accounts: Pick<DemoAccounts, 'entries' | 'password'>;
  clock: Clock;
  fetch: typeof fetch;
}): Promise<Express | undefined> {
  const library = await loadLibrary(() => import('oidc-provider'));
  if (library === undefined) return undefined;
  const { issuer, client, accounts, clock } = options;
  const people = accounts.entries.filter(({ attributes }) => attributes.uid !== undefined);
  const bySubject = new Map(people.map((entry) => [entry.attributes.entryUUID, entry]));
  const provider: Provider = new library.Provider(issuer, {
    adapter: createOpenIdStore(() => clock.now()),
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [client.signedOutUri],
        backchannel_logout_uri: client.backChannelLogoutUri,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [await newKey()] },
    cookies: { keys: [randomBytes(24).toString('hex')] },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'employee_number', 'groups'],
      email: ['email', 'email_verified'],
    },
    findAccount: (_context, subject) => {
      const entry = bySubject.get(subject);
      return entry && { accountId: subject, claims: () => claimsOf(subject, entry) };
    },
    // The school has agreed for everybody.
    loadExistingGrant: async ({ oidc: { client: known, session } }) => {
      const grant = new provider.Grant({
        clientId: known?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, { uid }) => `/sign-in/${uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // A page with one button; the library's form asks.
        logoutSource: (context, form) => {
          context.body = `<!doctype html><html lang="en"><title>Sign out</title><main><h1>Sign out of the school account too?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button> <button form="op.logoutForm">Stay signed in</button></main></html>`;
        },
      },
    },
    pkce: { required: () => true },
    // Its own guard refuses this machine, where the hub of a demo stands.
    fetch: (url, request) => options.fetch(url, request),
    ttl: {
      Session: day,
      Grant: day,
      Interaction: 3600,
      IdToken: 300,
      AccessToken: 300,
      AuthorizationCode: 60,
    },
  });
  return createApp(provider, people, accounts.password);
}

function createApp(provider: Provider, people: readonly DirectoryEntry[], password: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/sign-in/:uid', (_request, response) => {
    sendPage(response, openIdPage({ refused: undefined, username: '' }), policy);
  });
  app.post('/sign-in/:uid', express.urlencoded({ limit: '16kb' }), async (request, response) => {
    const { username, password: given, cancel } = request.body as Record<string, unknown>;
    const name = typeof username === 'string' ? username : '';
    const entry = people.find(({ attributes: { uid, mail } }) => [uid, mail].includes(name.toLowerCase()));
    const refused =
      entry === undefined || given !== password
        ? 'The user name or the password is not right.'
        : entry.attributes.pwdAccountLockedTime !== undefined && 'This account is closed.';
    if (cancel === undefined && refused) {
      response.status(401);
      return sendPage(response, openIdPage({ refused, username: name }), policy);
    }
    const accountId = entry?.attributes.entryUUID;
    await provider.interactionFinished(
      request,
      response,
      cancel === undefined && accountId !== undefined ? { login: { accountId } } : { error: 'access_denied' },
    );
  });
  const serve = provider.callback();
  app.use((request, response) => void serve(request, response));
  return app;
}

function claimsOf(sub: string, { attributes }: DirectoryEntry) {
  const { displayName, givenName, sn, mail, employeeNumber, eduPersonAffiliation } = attributes;
  return {
    sub,
    name: displayName,
    given_name: givenName,
    family_name: sn,
    email: mail,
    email_verified: true,
    employee_number: employeeNumber,
    groups: [eduPersonAffiliation],
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'demo', alg: 'RS256', use: 'sig' } as JWK;
}
