import type { ClientMetadata } from 'oidc-provider';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Identity } from '../../../src/sso/identities/identity.ts';
import { selectSignIns } from '../../../src/sso/sign-in-store.ts';
import { openHost, reasonOn } from '../../sso/oidc/support/host.ts';
import { makeKey } from '../../sso/oidc/support/keys.ts';
import type { SettingsInput } from '../../sso/oidc/support/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type Browser, openBrowser, type Page } from './browser.ts';
import { openPeer } from './peer.ts';

const { database: db } = await createTestDatabase();
const hubKey = await makeKey('hub');
const signingKey = async () => ({ kid: 'hub', key: hubKey.privateKey });
const host = await openHost({ db, clock: systemClock, signingKey });
const tenant = await host.tenant('school');
const portal = `${host.baseUrl}/t/${tenant.slug}/portal`;
const secret = 'a secret that the provider gave: 40 letters';

/** Ways in which client and provider may be set up, each a client and a connection of its own. */
const ways: Record<string, { client: Partial<ClientMetadata>; settings: SettingsInput }> = {
  basic: { client: {}, settings: {} },
  post: {
    client: { token_endpoint_auth_method: 'client_secret_post' },
    settings: { clientAuthentication: 'client_secret_post', userInfo: true },
  },
  key: {
    client: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [hubKey.jwk as never] } },
    settings: { clientAuthentication: 'private_key_jwt' },
  },
  elliptic: {
    client: { id_token_signed_response_alg: 'ES256' },
    settings: { algorithms: ['RS256', 'ES256'] },
  },
  'shared-secret': { client: { id_token_signed_response_alg: 'HS256' }, settings: { algorithms: ['HS256'] } },
  password: { client: { require_auth_time: true }, settings: { prompt: 'login', maxAgeSeconds: 0 } },
  wrong: { client: {}, settings: { clientSecret: 'the secret of another client' } },
};

const peer = await openPeer();
const connections = new Map<string, Identity>();
const clients: ClientMetadata[] = [];
for (const [name, { client, settings }] of Object.entries(ways)) {
  const given = { issuer: peer.issuer, clientId: name, clientSecret: secret, ...settings };
  const identity = await host.connect(tenant, given);
  connections.set(name, identity);
  const { redirectUri, backChannelLogoutUri, signedOutUri } = host.addresses(tenant, identity);
  clients.push({
    client_id: name,
    client_secret: secret,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [signedOutUri],
    backchannel_logout_uri: backChannelLogoutUri,
    backchannel_logout_session_required: true,
    ...client,
  });
}
await peer.serve(clients);

function connectionOf(name: string): Identity {
  const identity = connections.get(name);
  if (identity === undefined) throw new Error(`no connection ${name}`);
  return identity;
}

/** From the hub to the provider, its sign-in page, and back; where it ends. */
async function signIn(browser: Browser, name: string): Promise<Page> {
  const { location, cookie } = await host.begin(tenant, connectionOf(name));
  browser.keep(host.baseUrl, cookie);
  return browser.follow(location, portal);
}

const isSignedIn = (browser: Browser) => host.isSignedIn(tenant, browser.cookies(host.baseUrl));

/** How the last try was written down. */
async function lastRecord() {
  const [record] = await selectSignIns(db.tenant(tenant.tenantId), { limit: 1 });
  return record;
}

test.each(['basic', 'post', 'key', 'elliptic', 'shared-secret', 'password'])(
  'somebody signs in where client and tokens are proven as in "%s"',
  async (name) => {
    const browser = openBrowser();
    const page = await signIn(browser, name);
    expect(page.location, page.text).toBe(portal);
    expect(await isSignedIn(browser)).toBe(true);
    const record = await lastRecord();
    expect(record).toMatchObject({ outcome: 'success', reason: null });
    const rules = record?.trace.map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['issuer_parameter', 'signature', 'nonce']));
    expect(rules?.includes('auth_time')).toBe(name === 'password');
    expect(rules?.includes('user_info_subject')).toBe(name === 'post');
  },
);

test('somebody signed in there is not asked again, unless the connection wants the password each time', async () => {
  const browser = openBrowser();
  const before = peer.prompts;
  await signIn(browser, 'basic');
  await signIn(browser, 'post');
  expect(peer.prompts - before).toBe(1);
  expect((await signIn(browser, 'password')).location).toBe(portal);
  expect(peer.prompts - before).toBe(2);
});

test('somebody who cancels, and a wrong secret, are told apart', async () => {
  peer.person = undefined;
  const cancelled = await signIn(openBrowser(), 'basic').finally(() => {
    peer.person = 'ada';
  });
  expect([cancelled.status, reasonOn(cancelled.text)]).toEqual([400, 'declined']);
  const browser = openBrowser();
  expect(reasonOn((await signIn(browser, 'wrong')).text)).toBe('client_refused');
  expect(await isSignedIn(browser)).toBe(false);
});

test('a code that was used is refused by the provider as well', async () => {
  const browser = openBrowser();
  const { location, cookie } = await host.begin(tenant, connectionOf('basic'));
  browser.keep(host.baseUrl, cookie);
  const answer = new URL((await browser.follow(location, host.baseUrl)).location ?? '');
  expect((await browser.open(answer.href)).status).toBe(303);
  const again = await host.begin(tenant, connectionOf('basic'));
  browser.keep(host.baseUrl, again.cookie);
  answer.searchParams.set('state', new URL(again.location).searchParams.get('state') ?? '');
  const replayed = await browser.open(answer.href);
  expect([replayed.status, reasonOn(replayed.text)]).toEqual([400, 'code_refused']);
});

test('signing out there, from here, ends every session of that browser by back-channel logout, and no other', async () => {
  const [browser, elsewhere] = [openBrowser(), openBrowser()];
  await signIn(browser, 'basic');
  const first = browser.cookies(host.baseUrl);
  await signIn(browser, 'elliptic');
  const second = browser.cookies(host.baseUrl);
  await signIn(elsewhere, 'basic');
  const out = `${host.baseUrl}/t/${tenant.slug}/sign-out`;
  const { location: address = '' } = await browser.open(out, {});
  expect(address).toContain('id_token_hint=');

  const question = await browser.follow(address, host.baseUrl);
  const [, action = ''] = /action="([^"]+)"/.exec(question.text) ?? [];
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(question.text) ?? [];
  const end = await browser.follow(action, host.baseUrl, { xsrf, logout: 'yes' });
  expect(end.location, end.text).toBe(`${host.baseUrl}/t/${tenant.slug}/signed-out`);
  expect(peer.logoutFailures).toEqual([]);
  expect(await host.isSignedIn(tenant, first)).toBe(false);
  expect(await host.isSignedIn(tenant, second)).toBe(false);
  expect(await isSignedIn(elsewhere)).toBe(true);
});
