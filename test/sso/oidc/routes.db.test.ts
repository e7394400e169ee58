import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { setIdentityStatus, updateIdentity } from '../../../src/sso/identities/identities.ts';
import type { Identity } from '../../../src/sso/identities/identity.ts';
import { selectSignIns } from '../../../src/sso/sign-in-store.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openHost, reasonOn } from './support/host.ts';
import { makeKey } from './support/keys.ts';
import { type Provider, sign, startProvider } from './support/provider.ts';

const { database: db } = await createTestDatabase();
const clock = { now: () => Date.parse('2026-11-21T08:00:00Z') };
const host = await openHost({ db, clock });
const key = await makeKey('key-1');
const clientSecret = 'a client secret';
let count = 0;

/** A school with one connection to a provider of its own. */
async function openSchool(): Promise<{ provider: Provider; tenant: Tenant; identity: Identity }> {
  const provider = await startProvider({ now: clock.now, key, clientSecret });
  const tenant = await host.tenant(`school-${++count}`);
  const identity = await host.connect(tenant, {
    issuer: provider.issuer,
    clientId: 'client-1',
    clientSecret,
  });
  return { provider, tenant, identity };
}

type School = Awaited<ReturnType<typeof openSchool>>;

/** What a browser that comes back from the provider is answered. */
async function comeBack(
  { tenant, identity }: Pick<School, 'tenant' | 'identity'>,
  query: Record<string, unknown> | URLSearchParams,
  cookie: string,
  origin = host.baseUrl,
) {
  const parameters = new URLSearchParams(query as Record<string, string>);
  const { pathname } = new URL(host.addresses(tenant, identity).redirectUri);
  const response = await fetch(`${origin}${pathname}?${parameters}`, {
    redirect: 'manual',
    headers: { cookie },
  });
  const cookies = response.headers.getSetCookie();
  const session = cookies.find((each) => each.startsWith('__Host-ghs-'))?.split(';')[0];
  const text = await response.text();
  const code = response.status === 303 ? 'signed in' : (reasonOn(text) ?? text);
  return { code, session, cookies, location: response.headers.get('location') };
}

async function signIn(school: School) {
  const { location, cookie } = await host.begin(school.tenant, school.identity);
  return comeBack(school, school.provider.authorize(location), cookie);
}

test('the whole way ends with a session, and its binding cookie is taken out', async () => {
  const school = await openSchool();
  const { code, session = '', cookies, location } = await signIn(school);
  expect([code, location]).toEqual(['signed in', `/t/${school.tenant.slug}/portal`]);
  expect(cookies.some((cookie) => /^__Host-gh-[\w-]{8}=;.*Max-Age=0/.test(cookie))).toBe(true);
  expect(await host.isSignedIn(school.tenant, session)).toBe(true);
});

test('an answer is taken once: in sequence and when forty copies of it arrive at once', async () => {
  const school = await openSchool();
  const { location, cookie } = await host.begin(school.tenant, school.identity);
  const query = school.provider.authorize(location);
  const answers = await Promise.all(Array.from({ length: 40 }, () => comeBack(school, query, cookie)));
  const ends = answers.map(({ code }) => code);
  expect(ends.filter((end) => end === 'signed in')).toHaveLength(1);
  expect(ends.filter((end) => end === 'request_unknown')).toHaveLength(39);
  expect((await comeBack(school, query, cookie)).code).toBe('request_unknown');
  expect(school.provider.tokenRequests).toHaveLength(1);
});

test('of an answer and of a logout token that reach two copies at once, again and again, one is taken; a copy started later takes none', async () => {
  const origins = [host.baseUrl, await host.addCopy()];
  const everywhere = [...origins, ...origins, ...origins, ...origins, ...origins];
  const school = await openSchool();
  const { location, cookie } = await host.begin(school.tenant, school.identity);
  const query = school.provider.authorize(location);
  const answers = await Promise.all(everywhere.map((origin) => comeBack(school, query, cookie, origin)));
  expect(answers.filter(({ code }) => code === 'signed in')).toHaveLength(1);
  const form = tokenForm(await school.provider.logoutToken());
  const told = await Promise.all(everywhere.map((origin) => tellLogout(school, form, origin)));
  expect(told.filter(({ status }) => status === 200)).toHaveLength(1);
  const later = await host.addCopy();
  expect((await comeBack(school, query, cookie, later)).code).toBe('request_unknown');
  expect(await tellLogout(school, form, later)).toMatchObject({ status: 400, reason: 'replay' });
});

test('a provider may end sessions at a connection that is paused', async () => {
  const school = await openSchool();
  const { session = '' } = await signIn(school);
  const { tenantId } = school.tenant;
  const by = { actor: 'test', now: clock.now() };
  await setIdentityStatus(host.services, tenantId, school.identity.connectionId, 'paused', by);
  expect(await host.isSignedIn(school.tenant, session)).toBe(true);
  expect(await tellLogout(school, tokenForm(await school.provider.logoutToken()))).toMatchObject({
    status: 200,
  });
  expect(await host.isSignedIn(school.tenant, session)).toBe(false);
});

test('an answer without the cookie of its browser is refused and used up (login CSRF)', async () => {
  const school = await openSchool();
  const { location, cookie } = await host.begin(school.tenant, school.identity);
  const other = await host.begin(school.tenant, school.identity);
  const query = school.provider.authorize(location);
  expect((await comeBack(school, query, other.cookie)).code).toBe('browser_changed');
  expect((await comeBack(school, query, cookie)).code).toBe('request_unknown');
  expect(school.provider.tokenRequests).toEqual([]);
});

test('a state of another tenant, of another connection, or of nobody is refused, and no code goes anywhere', async () => {
  const [mine, theirs] = [await openSchool(), await openSchool()];
  const identity = await host.connect(mine.tenant, {
    issuer: theirs.provider.issuer,
    clientId: 'client-1',
    clientSecret,
  });
  const { location, cookie } = await host.begin(mine.tenant, mine.identity);
  const query = mine.provider.authorize(location);
  expect((await comeBack(theirs, query, cookie)).code).toBe('request_unknown');
  // Mix-up: begun at one provider, answered at the address of another one of the same school.
  expect((await comeBack({ tenant: mine.tenant, identity }, query, cookie)).code).toBe('request_unknown');
  for (const state of ['', 'x', 'A'.repeat(32), [query.state, query.state]]) {
    const parameters = new URLSearchParams({ code: 'x' });
    for (const each of [state].flat()) parameters.append('state', String(each));
    expect((await comeBack(mine, parameters, cookie)).code).toBe('request_unknown');
  }
  expect(theirs.provider.tokenRequests).toEqual([]);
});

test('a sign-in under way ends when the connection is changed or paused', async () => {
  const school = await openSchool();
  const by = { actor: 'test', now: clock.now() };
  const { tenantId } = school.tenant;
  const begun = await host.begin(school.tenant, school.identity);
  await updateIdentity(
    host.services,
    tenantId,
    school.identity.connectionId,
    { settings: { userInfo: true } },
    by,
  );
  expect((await comeBack(school, school.provider.authorize(begun.location), begun.cookie)).code).toBe(
    'request_unknown',
  );
  const again = await host.begin(school.tenant, school.identity);
  await setIdentityStatus(host.services, tenantId, school.identity.connectionId, 'paused', by);
  expect((await comeBack(school, school.provider.authorize(again.location), again.cookie)).code).toBe(
    'connection_closed',
  );
  expect(school.provider.tokenRequests).toEqual([]);
});

test('a sign-in that ends after its connection was disabled leaves nothing that comes alive with it again', async () => {
  const { tenant, identity, ...school } = await openSchool();
  const set = (status: 'disabled' | 'active') =>
    setIdentityStatus(host.services, tenant.tenantId, identity.connectionId, status, {
      actor: 'test',
      now: clock.now(),
    });
  school.provider.lies = {
    sign: async (_header, claims) => {
      await set('disabled');
      return sign(key, {}, claims);
    },
  };
  const { session = '' } = await signIn({ tenant, identity, ...school });
  expect(await host.isSignedIn(tenant, session)).toBe(false);
  await set('active');
  expect(await host.isSignedIn(tenant, session)).toBe(false);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a name that cannot be stored', { name: 'Ada\0', given_name: '\ud800' }, 'signed in'],
  [
    'an address longer than any',
    { email: `${randomBytes(2_900).toString('base64')}@x.example` },
    'signed in',
  ],
  ['a key that cannot be stored', { sub: 'ada\0' }, 'subject'],
  ['half a character in its key', { sub: 'ada\ud800' }, 'subject'],
])('somebody with %s is no fault of the hub', async (_oddity, person, code) => {
  const school = await openSchool();
  school.provider.person = { ...school.provider.person, ...person };
  expect((await signIn(school)).code).toBe(code);
  expect(await selectSignIns(db.tenant(school.tenant.tenantId), { limit: 9 })).toHaveLength(1);
});

test('a refusal is written down with its reason and rules, and without what was found', async () => {
  const school = await openSchool();
  school.provider.lies = { claims: (claims) => ({ ...claims, aud: 'ada@school.example' }) };
  expect((await signIn(school)).code).toBe('audience');
  const [row] = await selectSignIns(db.tenant(school.tenant.tenantId), { limit: 1 });
  expect(row).toMatchObject({
    reason: 'audience',
    outcome: 'failed_config',
    protocol: 'oidc',
    personId: null,
  });
  expect(row?.trace).toContainEqual({ rule: 'audience', passed: false });
  expect(JSON.stringify(row)).not.toContain('ada@');
});

/** What a provider that tells of a sign-out is answered. */
async function tellLogout(
  { tenant, identity }: School,
  body: string | URLSearchParams,
  origin = host.baseUrl,
) {
  const { pathname } = new URL(host.addresses(tenant, identity).backChannelLogoutUri);
  const response = await fetch(`${origin}${pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    cache: response.headers.get('cache-control'),
    ...(text !== '' && (JSON.parse(text) as { error: string; reason: string })),
  };
}

const tokenForm = (token: string) => new URLSearchParams({ logout_token: token });

test('a logout token ends the sessions it names, once, and those of nobody else', async () => {
  const [school, other] = [await openSchool(), await openSchool()];
  const signInAs = async (at: School, sub: string, sid: string) => {
    at.provider.person = { sub, sid };
    return (await signIn(at)).session ?? '';
  };
  const sessions = {
    named: await signInAs(school, 'subject-1', 'session-1'),
    elsewhere: await signInAs(school, 'subject-1', 'session-2'),
    somebody: await signInAs(school, 'subject-2', 'session-3'),
  };
  const stranger = await signInAs(other, 'subject-1', 'session-1');
  const alive = async () => {
    const states = Object.entries(sessions).map(async ([name, cookie]) =>
      (await host.isSignedIn(school.tenant, cookie)) ? [name] : [],
    );
    return (await Promise.all(states)).flat();
  };
  const token = await school.provider.logoutToken();
  expect(await tellLogout(school, tokenForm(token))).toEqual({ status: 200, cache: 'no-store' });
  expect(await alive()).toEqual(['elsewhere', 'somebody']);
  expect(await tellLogout(school, tokenForm(token))).toMatchObject({ status: 400, reason: 'replay' });
  const bySession = await school.provider.logoutToken(({ sub: _sub, ...claims }) => ({
    ...claims,
    sid: 'session-3',
  }));
  expect(await tellLogout(school, tokenForm(bySession))).toMatchObject({ status: 200 });
  expect(await alive()).toEqual(['elsewhere']);
  const byPerson = await school.provider.logoutToken(({ sid: _sid, ...claims }) => claims);
  expect(await tellLogout(school, tokenForm(byPerson))).toMatchObject({ status: 200 });
  expect(await alive()).toEqual([]);
  expect(await host.isSignedIn(other.tenant, stranger)).toBe(true);
});

test('of twenty copies of a logout token one is taken', async () => {
  const school = await openSchool();
  const token = await school.provider.logoutToken();
  const answers = await Promise.all(Array.from({ length: 20 }, () => tellLogout(school, tokenForm(token))));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
});

test('a logout token that does not hold ends nothing', async () => {
  const [school, other] = [await openSchool(), await openSchool()];
  const { session = '' } = await signIn(school);
  const refused = { status: 400, cache: 'no-store', error: 'invalid_request' };
  const forged = await school.provider.logoutToken((claims) => ({ ...claims, aud: 'client-2' }));
  expect(await tellLogout(school, tokenForm(forged))).toMatchObject({ ...refused, reason: 'audience' });
  const theirs = await other.provider.logoutToken();
  expect(await tellLogout(school, tokenForm(theirs))).toMatchObject({ ...refused, reason: 'issuer' });
  expect(await tellLogout(school, 'logout_token=a&logout_token=b')).toMatchObject(refused);
  expect(await tellLogout(school, '')).toMatchObject({ ...refused, reason: 'token_malformed' });
  expect(await host.isSignedIn(school.tenant, session)).toBe(true);
});

test('no log line holds a code, a token, a secret or a name', async () => {
  const school = await openSchool();
  await signIn(school);
  school.provider.lies = { claims: (claims) => ({ ...claims, nonce: 'x' }) };
  await signIn(school);
  await tellLogout(
    school,
    tokenForm(await school.provider.logoutToken((claims) => ({ ...claims, nonce: 'x' }))),
  );
  const log = host.log.join('');
  expect(log).toContain('backchannel-logout');
  expect(log).not.toMatch(/code-\d|eyJ|client secret|Ada|ada@|subject-1/);
});
