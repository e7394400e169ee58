import { generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import type { HubRole } from '../../contracts/http/roles.ts';
import { HUB_TENANT } from '../../contracts/ids.ts';
import {
  type CompanySettings,
  callbackPath,
  createCompanySignIn,
} from '../../src/operators/company/company.ts';
import { decideConsolePath } from '../../src/operators/company/return-to.ts';
import { createCompanyRouter } from '../../src/operators/company/routes.ts';
import { invite } from '../../src/operators/links/links.ts';
import { findSession } from '../../src/operators/sessions/operator-sessions.ts';
import { serve } from '../platform/http/support/serve.ts';
import { openOutbound } from '../platform/outbound/loopback-server.ts';
import { makeKey } from '../sso/oidc/support/keys.ts';
import { startProvider } from '../sso/oidc/support/provider.ts';
import { createTestDatabase } from '../support/database.ts';

const { database: db, superuser } = await createTestDatabase();
const clock = { time: Date.parse('2026-11-21T08:00:00Z'), now: () => clock.time };
const baseUrl = 'https://hub.example';
const clientSecret = 'a secret of forty characters, no less than';
const [own, key] = await Promise.all([generateKeyPair('RS256'), makeKey('key-1')]);
const by = () => ({ actor: 'test', now: clock.now() });
const person = { sub: 'subject-1', name: 'Ada', email: 'ada@company.example', email_verified: true };

/** The hub with a company's provider, and browsers. */
async function open(settings: Partial<CompanySettings> = {}) {
  const provider = await startProvider({ now: clock.now, key, clientSecret });
  provider.person = person;
  const company = createCompanySignIn(
    {
      ...{ db, clock, baseUrl, allowLoopback: true, fetch: openOutbound() },
      signer: { signingKey: async () => ({ kid: 'hub', key: own.privateKey }) },
    },
    {
      ...{ name: 'Company', issuer: provider.issuer, clientId: 'client-1', clientSecret },
      ...{ claim: 'groups', roles: { admins: 'owner', staff: 'viewer' } satisfies Record<string, HubRole> },
      ...settings,
    },
  );
  const { origin } = await serve((router) => router.use(createCompanyRouter(company, clock)));
  const go = async (path: string, cookie = '') => {
    const response = await fetch(`${origin}${path}`, { headers: { Cookie: cookie }, redirect: 'manual' });
    const cookies = response.headers.getSetCookie().map((each) => each.split(';', 1)[0]!);
    return {
      ...{ status: response.status, location: response.headers.get('location') ?? '', cookies },
      code: /<h1>(\w+)</.exec(await response.text())?.[1],
    };
  };
  const start = (returnTo = '') => go(`/console/oidc/start${returnTo}`);
  const answer = ({ location }: { location: string }, change: Record<string, unknown> = {}) =>
    `${callbackPath}?${new URLSearchParams({ ...provider.authorize(location), ...change } as Record<string, string>)}`;
  /** There, the person signs in, and back in the same browser. */
  const signIn = async (returnTo?: string) => {
    const started = await start(returnTo);
    return go(answer(started), started.cookies[0]);
  };
  /** The provider tells of a sign-out. */
  const tell = async (token: string) => {
    const form = { method: 'POST', body: new URLSearchParams({ logout_token: token }) };
    const response = await fetch(`${origin}/console/oidc/backchannel-logout`, form);
    return { status: response.status, cache: response.headers.get('cache-control') };
  };
  return { provider, go, start, answer, signIn, tell };
}

const whose = async ({ cookies }: { cookies: string[] }) =>
  (
    await findSession(
      { db, clock },
      cookies.find((each) => each.startsWith('__Host-gho=')),
    )
  )?.operator;

test('groups decide what somebody may do, at each sign-in anew', async () => {
  const { provider, signIn } = await open();
  provider.person = { ...person, groups: ['admins'] };
  const first = await signIn('?returnTo=/console/hub/jobs');
  expect(first).toMatchObject({ status: 303, location: '/console/hub/jobs' });
  expect(await whose(first)).toMatchObject({ email: person.email, roles: ['owner'], name: 'Ada' });
  provider.person = { ...person, groups: ['staff'] };
  expect((await whose(await signIn()))?.roles).toEqual(['viewer']);
  provider.person = { ...person, groups: ['guests'] };
  expect(await signIn()).toMatchObject({ status: 401, code: 'company_no_role' });
});

test('an answer counts in the browser that asked, once, and for its own request', async () => {
  const { provider, go, start, answer } = await open();
  provider.person = { ...person, email: 'once@company.example', groups: ['staff'] };
  const [ours, theirs] = [await start(), await start()];
  const address = answer(ours);
  for (const cookie of ['', theirs.cookies[0]]) {
    expect(await go(address, cookie)).toMatchObject({ status: 401, code: 'company_answer_unknown' });
  }
  expect((await go(address, ours.cookies[0])).status).toBe(303);
  expect((await go(address, ours.cookies[0])).code).toBe('company_answer_unknown');
  const late = await start();
  clock.time += 11 * 60_000;
  expect((await go(answer(late), late.cookies[0])).code).toBe('company_answer_unknown');
});

test('an answer of another provider, for another request or of nobody is refused', async () => {
  const { provider, go, start, answer } = await open();
  provider.person = { ...person, groups: ['staff'] };
  const mixedUp = await start();
  const foreign = answer(mixedUp, { iss: 'https://other.example' });
  expect((await go(foreign, mixedUp.cookies[0])).code).toBe('company_refused');
  provider.lies = { claims: (claims) => ({ ...claims, nonce: 'of another request' }) };
  const replayed = await start();
  expect((await go(answer(replayed), replayed.cookies[0])).code).toBe('company_refused');
});

test('the provider ends the sessions of staff who signed out there, once by each token, and nobody else’s', async () => {
  const { provider, signIn, tell } = await open();
  const come = (sub: string, sid: string) => {
    provider.person = { ...person, sub, sid, email: `${sub}@company.example`, groups: ['staff'] };
    return signIn();
  };
  const work = await come('mia', 'work');
  const home = await come('mia', 'home');
  const other = await come('noa', 'noa');
  const token = (claims: Record<string, unknown>) =>
    provider.logoutToken((truth) => ({ ...truth, sid: undefined, ...claims }));
  const signedIn = () =>
    Promise.all([work, home, other].map(async (each) => (await whose(each)) !== undefined));
  const stranger = await open();
  const forged = await stranger.provider.logoutToken((claims) => ({ ...claims, sub: 'mia' }));
  for (const bad of [forged, 'no token', await token({ sub: 'mia', nonce: 'an ID Token' })]) {
    expect(await tell(bad)).toMatchObject({ status: 400, cache: 'no-store' });
  }
  expect(await signedIn()).toEqual([true, true, true]);
  expect((await tell(await token({ sub: 'mia', sid: 'work' }))).status).toBe(200);
  expect(await signedIn()).toEqual([false, true, true]);
  const all = await token({ sub: 'mia' });
  expect((await tell(all)).status).toBe(200);
  expect(await signedIn()).toEqual([false, false, true]);
  const again = await come('mia', 'again');
  expect((await tell(all)).status).toBe(400);
  expect(await whose(again)).toBeDefined();
});

test('an address that the provider has not proved takes neither an account nor an invitation', async () => {
  const { provider, signIn } = await open({ roles: {} });
  const guest = { name: 'Eve', email: 'eve@company.example', roles: ['owner'], days: 1 } as const;
  await invite({ db, baseUrl }, HUB_TENANT, guest, by());
  const eve = { ...person, sub: 'eve', email: guest.email };
  for (const email_verified of [false, undefined, 'yes']) {
    provider.person = { ...eve, email_verified };
    expect((await signIn()).code).toBe('company_unknown');
  }
  provider.person = eve;
  expect((await whose(await signIn()))?.roles).toEqual(['owner']);
  provider.person = { ...eve, sub: 'somebody else' };
  expect((await signIn()).code).toBe('company_unknown');
});

test('the same subject at another provider is another person', async () => {
  const [before, after] = [await open(), await open()];
  for (const { provider } of [before, after]) provider.person = { ...person, sub: 'one', groups: ['staff'] };
  before.provider.person.email = 'before@company.example';
  after.provider.person.email = 'after@company.example';
  const [first, second] = [await whose(await before.signIn()), await whose(await after.signIn())];
  expect(first?.email).toBe('before@company.example');
  expect(second?.email).toBe('after@company.example');
});

test('a name or an address of any length breaks nothing', async () => {
  const { provider, signIn } = await open();
  const long = { ...person, sub: 'long', name: 'Ä'.repeat(300), groups: ['staff'] };
  provider.person = { ...long, email: 'long@company.example' };
  expect((await whose(await signIn()))?.name).toHaveLength(200);
  provider.person = { ...long, sub: 'longer', email: `${'a'.repeat(300)}@company.example` };
  expect((await signIn()).code).toBe('company_unknown');
});

test('nothing of a sign-in under way can be read in the database', async () => {
  const { start } = await open();
  const { location, cookies } = await start();
  const { rows } = await superuser.query('select * from operator_oidc_request');
  const kept = JSON.stringify(rows);
  const state = new URL(location).searchParams.get('state')!;
  for (const secret of [state, cookies[0]!.split('=')[1]!, clientSecret]) expect(kept).not.toContain(secret);
});

test.each([
  'https://evil.example/',
  '//evil.example',
  '/console//evil.example',
  '/console/../t/school',
  '/console\\evil',
  '/consolevil',
  '/console/x\r\nSet-Cookie: a=b',
  ['/console/a', '/console/b'],
  undefined,
])('nobody is sent to %j after signing in', (asked) => {
  expect(decideConsolePath(asked)).toBe('/console');
});
