import { expect, test } from 'vitest';
import { authorize } from '../../../connectors/oneroster-rest/oauth1.ts';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import type { OneRosterServerOptions } from '../../../src/demo/sis/oneroster-server.ts';
import { createSmallRoster } from '../../support/small-roster.ts';
import { consumer, startSis } from './support/running-sis.ts';

type Body = Record<string, never> & { users: { sourcedId: string }[]; orgs: { sourcedId: string }[] };

async function start(options: Partial<OneRosterServerOptions> = {}, version: '1.1' | '1.2' = '1.2') {
  const sis = await startSis({ source: rowsOf(createSmallRoster()), ...options });
  const scopes = ['roster-core.readonly', 'roster.readonly', 'gradebook.readonly'];
  const base = `https://purl.imsglobal.org/spec/or/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/`;
  const token = sis.tokens.issue(
    scopes.map((name) => base + name),
    Date.now(),
  );
  const place = version === '1.1' ? '/ims/oneroster/v1p1' : '/ims/oneroster/rostering/v1p2';
  async function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
    const response = await fetch(sis.baseUrl + place + path, { headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }
  const ids = async (path: string) => (await get(path)).body.users.map(({ sourcedId }) => sourcedId);
  return { sis, get, ids, url: (path: string) => sis.baseUrl + place + path };
}

test('lists have 100 rows by default, their total, and links to the pages around', async () => {
  const { get } = await start({ source: rowsOf(createSmallRoster(250)) });
  const first = await get('/users');
  expect(first.body.users).toHaveLength(100);
  expect(first.headers.get('x-total-count')).toBe('250');
  const link = (await get('/users?limit=100&offset=100&sort=sourcedId')).headers.get('link') ?? '';
  for (const [rel, offset] of [
    ['first', 0],
    ['prev', 0],
    ['next', 200],
    ['last', 200],
  ] as const) {
    expect(link).toMatch(new RegExp(`offset=${offset}[^>]*>; rel="${rel}"`));
  }
  expect((await get('/users?offset=200')).headers.get('link')).not.toContain('rel="next"');
  expect((await get('/users?offset=300')).body.users).toEqual([]);
});

test('filters compare words and moments, two of them by AND or OR', async () => {
  const { ids, get } = await start();
  const filter = (text: string) => `/users?filter=${encodeURIComponent(text)}`;
  expect(await ids(filter("sourcedId='user-007'"))).toEqual(['user-007']);
  expect(await ids(filter("sourcedId='user-007' OR username='zyx.login.009'"))).toEqual([
    'user-007',
    'user-009',
  ]);
  expect(await ids(filter("givenName~'GIVEN00' AND sourcedId>'user-008'"))).toEqual(['user-009']);
  expect(await ids(filter("primaryOrg.sourcedId='school-9'"))).toEqual([]);
  expect(await ids(filter("dateLastModified>='2025-08-01T02:00:00+02:00'"))).toHaveLength(60);
  expect(await ids(filter("dateLastModified>'2025-08-01T00:00:00.000Z'"))).toEqual([]);
  expect((await get(filter('sourcedId=user'))).status).toBe(400);
  expect((await get(filter("noSuchMember='x'"))).status).toBe(400);
});

test('fields choose members; unknown ones give all; none is refused', async () => {
  const { get } = await start();
  const of = async (fields: string) =>
    Object.keys((await get(`/users?limit=1&fields=${fields}`)).body.users[0] ?? {});
  expect(await of('sourcedId,roles')).toEqual(['sourcedId', 'roles']);
  expect(await of('noSuchMember')).toContain('username');
  const refused = await get('/users?fields=');
  expect([refused.status, refused.body]).toMatchObject([
    400,
    {
      imsx_CodeMinor: {
        imsx_codeMinorField: [{ imsx_codeMinorFieldValue: 'invalid_blank_selection_field' }],
      },
    },
  ]);
});

test('lists are sorted as asked; an unknown member leaves the order', async () => {
  const { ids } = await start();
  expect((await ids('/users?sort=username&orderBy=desc')).at(0)).toBe('user-060');
  expect((await ids('/users?sort=sourcedId')).at(0)).toBe('user-001');
  expect((await ids('/users?sort=noSuchMember')).at(0)).toBe('user-001');
});

test('single rows, derived lists and lists below a row', async () => {
  const { get, ids } = await start();
  expect((await get('/orgs/school-1')).body).toMatchObject({
    org: { sourcedId: 'school-1', parent: { sourcedId: 'district', type: 'org' } },
  });
  expect((await get('/schools')).body.orgs.map(({ sourcedId }) => sourcedId)).toEqual([
    'school-1',
    'school-2',
  ]);
  expect(await ids('/teachers')).toEqual([
    'user-001',
    'user-011',
    'user-021',
    'user-031',
    'user-041',
    'user-051',
  ]);
  expect(await ids('/schools/school-1/teachers')).toEqual(await ids('/teachers'));
  expect(await ids('/classes/class-001/teachers')).toEqual(['user-001', 'user-041']);
  expect((await get('/orgs/nobody')).status).toBe(404);
  expect((await get('/schools/district')).status).toBe(404);
});

test('1.1 has one role and orgs, 1.2 roles and a primary org; both words for booleans', async () => {
  const old = await start({}, '1.1');
  expect((await old.get('/users?limit=1')).body.users[0]).toMatchObject({
    enabledUser: 'true',
    role: 'teacher',
    orgs: [{ sourcedId: 'school-1', type: 'org' }],
  });
  const { get } = await start();
  expect((await get('/users?limit=1')).body.users[0]).toMatchObject({
    enabledUser: 'true',
    roles: [{ roleType: 'primary', role: 'teacher', org: { sourcedId: 'school-1' } }],
    primaryOrg: { sourcedId: 'school-1' },
  });
});

test('calls without a token, with a wrong one, or beyond its scope are refused', async () => {
  const { get } = await start();
  expect((await get('/users', {})).status).toBe(401);
  expect((await get('/users', { authorization: 'Bearer nonsense' })).status).toBe(401);
  const refused = await get('/demographics');
  expect([refused.status, refused.body]).toMatchObject([
    403,
    { imsx_codeMajor: 'failure', imsx_severity: 'error' },
  ]);
});

test('signed calls count once, for a few minutes, for 1.1 alone', async () => {
  const { get, url } = await start({}, '1.1');
  const credentials = {
    key: consumer.clientId,
    secret: consumer.clientSecret,
    method: 'HMAC-SHA256',
  } as const;
  const path = "/users?limit=3&filter=username%3D'zyx.login.001'%20OR%20username%3D'a%2Bb'";
  const sign = (now: number, of = path) => authorize({ method: 'GET', url: url(of) }, credentials, now);
  const authorization = sign(Date.now());
  expect((await get(path, { authorization })).body.users).toHaveLength(1);
  expect((await get(path, { authorization })).status).toBe(401);
  expect((await get(path, { authorization: sign(Date.now() - 10 * 60_000) })).status).toBe(401);
  expect((await get('/orgs', { authorization: sign(Date.now()) })).status).toBe(401);
  const newer = await start();
  const signed = authorize({ method: 'GET', url: newer.url('/orgs') }, credentials, Date.now());
  expect((await newer.get('/orgs', { authorization: signed })).status).toBe(401);
});

test('the token endpoint takes credentials by header and by form, and refuses what is not granted', async () => {
  const { sis } = await start({ scopes: ['roster-core.readonly'] });
  const core = 'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly';
  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: core, ...form });
    const response = await fetch(sis.tokenUrl, { method: 'POST', body, headers });
    return { status: response.status, ...((await response.json()) as object) };
  };
  const form = { client_id: consumer.clientId, client_secret: consumer.clientSecret };
  expect(await ask(form)).toMatchObject({ status: 200, token_type: 'bearer', scope: core });
  const pair = `${encodeURIComponent(consumer.clientId)}:${encodeURIComponent(consumer.clientSecret)}`;
  expect(await ask({}, { authorization: `Basic ${btoa(pair)}` })).toMatchObject({ status: 200 });
  expect(await ask({ ...form, client_secret: 'x' })).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(await ask({ ...form, scope: `${core} more` })).toMatchObject({
    status: 400,
    error: 'invalid_scope',
  });
  expect(await ask({ ...form, grant_type: 'password' })).toMatchObject({
    status: 400,
    error: 'unsupported_grant_type',
  });
});

test('faults strike when they are told to, and then no more', async () => {
  const { sis, get } = await start();
  sis.faults.add({ kind: 'busy', retryAfter: 9 }, { list: 'users', after: 1, times: 2 });
  const statuses = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await get('/users?limit=1')).status);
  expect(statuses).toEqual([200, 429, 429, 200]);
  sis.faults.add({ kind: 'repeat' });
  expect((await get('/users?limit=1&offset=5')).body.users[0]?.sourcedId).toBe('user-001');
  sis.faults.add({ kind: 'slow', ms: 20 });
  expect((await get('/users?limit=1')).status).toBe(200);
  sis.faults.add({ kind: 'broken' });
  sis.faults.clear();
  expect((await get('/users?limit=1')).status).toBe(200);
});
