import { expect, test } from 'vitest';
import { listRegistrations, updateRegistration } from '../../../src/connections/registrations.ts';
import { deleteSealedToken, findSealedToken } from '../../../src/lti/lms/access-token-store.ts';
import type { LmsCourse } from '../../../src/lti/lms/gradebook.ts';
import type { LmsServices } from '../../../src/lti/lms/lms.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { createLmsWorld, createScriptedLms, lineItemUrl, tokenUrl } from './lms-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await createLmsWorld(testDatabase);

const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const deploymentClaim = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';

function read(hub: LmsServices, course: LmsCourse) {
  return hub.gradebook.readResults(course, lineItemUrl);
}

function createLms() {
  const lms = createScriptedLms();
  lms.onCall = () => ({ status: 200, body: [] });
  return lms;
}

async function storedTokens({ connectionId }: LmsCourse) {
  const { rows } = await superuser.query<{ sealed_token: Buffer; expires_at: Date; scopes: string }>(
    'select * from lms_access_token where connection_id = $1',
    [connectionId],
  );
  return rows;
}

test('the assertion is signed by the hub and says what platforms check', async () => {
  const lms = createLms();
  const course = await world.school('assertion');
  await read(world.copy(lms.fetch), course);
  const [form] = lms.tokenRequests();
  expect(Object.fromEntries(form!)).toMatchObject({
    grant_type: 'client_credentials',
    client_id: 'hub-1',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    scope: `${ags}/lineitem ${ags}/lineitem.readonly ${ags}/result.readonly ${ags}/score`,
  });
  const claims = await world.readAssertion(form!.get('client_assertion')!);
  const now = Math.floor(world.clock.now() / 1000);
  expect(claims).toEqual({
    iss: 'hub-1',
    sub: 'hub-1',
    aud: tokenUrl,
    jti: expect.stringMatching(/^.{16,}$/),
    // Canvas and Moodle refuse one that lies ahead of their own clock by a second.
    iat: expect.closeTo(now - 30, -1),
    exp: claims.iat! + 300,
    [deploymentClaim]: 'deployment-1',
  });
});

test('an audience of the registration’s own takes the place of the token address, as a string', async () => {
  const lms = createLms();
  const audience = new URL('/its-own-name', tokenUrl).href;
  const course = await world.school('audience', { tokenAudience: audience });
  await read(world.copy(lms.fetch), course);
  const claims = await world.readAssertion(lms.tokenRequests()[0]!.get('client_assertion')!);
  expect(claims.aud).toBe(audience);
});

test('every request has an assertion of its own', async () => {
  const lms = createLms();
  const courses = [await world.school('jti-1'), await world.school('jti-2')];
  for (const course of courses) await read(world.copy(lms.fetch), course);
  const assertions = lms.tokenRequests().map((form) => form.get('client_assertion')!);
  const claims = await Promise.all(assertions.map(world.readAssertion));
  expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2);
});

test('calls at the same time share one token request, and later ones its token', async () => {
  const lms = createLms();
  const course = await world.school('single-flight');
  const hub = world.copy(lms.fetch);
  await Promise.all(Array.from({ length: 8 }, () => read(hub, course)));
  await read(hub, course);
  expect(lms.tokenRequests()).toHaveLength(1);
});

test('another copy of the hub uses the token that one has got', async () => {
  const lms = createLms();
  const course = await world.school('two-copies');
  await read(world.copy(lms.fetch), course);
  await read(world.copy(lms.fetch), course);
  expect(lms.tokenRequests()).toHaveLength(1);
  const calls = lms.requests.filter(({ url }) => url !== tokenUrl);
  expect(new Set(calls.map(({ headers }) => headers?.authorization)).size).toBe(1);
});

test('a stored token is sealed', async () => {
  const lms = createLms();
  lms.onToken = () => ({
    status: 200,
    body: { access_token: 'a-very-secret-token', token_type: 'Bearer', expires_in: 3600 },
  });
  const course = await world.school('sealed');
  await read(world.copy(lms.fetch), course);
  const [stored] = await storedTokens(course);
  expect(stored!.sealed_token.includes('a-very-secret-token')).toBe(false);
});

test('a token is renewed a minute before its end', async () => {
  const lms = createLms();
  const course = await world.school('renewed');
  const hub = world.copy(lms.fetch);
  await read(hub, course);
  world.clock.advance(3600_000 - 61_000);
  await read(hub, course);
  expect(lms.tokenRequests()).toHaveLength(1);
  world.clock.advance(2_000);
  await read(hub, course);
  expect(lms.tokenRequests()).toHaveLength(2);
});

test('a token whose life is not said is not kept for long', async () => {
  const lms = createLms();
  lms.onToken = () => ({ status: 200, body: { access_token: 'unsaid', token_type: 'bearer' } });
  const course = await world.school('unsaid');
  const hub = world.copy(lms.fetch);
  await read(hub, course);
  world.clock.advance(300_000);
  await read(hub, course);
  expect(lms.tokenRequests()).toHaveLength(2);
});

test('a token is for one deployment of one tenant: another tenant asks for its own', async () => {
  const lms = createLms();
  const hub = world.copy(lms.fetch);
  const first = await world.school('tenant-a');
  const second = await world.school('tenant-b');
  await read(hub, first);
  await read(hub, second);
  expect(lms.tokenRequests()).toHaveLength(2);
  const [stored] = await storedTokens(first);
  const key = { ...first, scopes: stored!.scopes };
  const past = new Date(0);
  const find = ({ tenantId }: LmsCourse) =>
    database.withTenant(tenantId, (tx) => findSealedToken(tx, key, past));
  expect(await find(first)).toMatchObject({ sealed: stored!.sealed_token });
  expect(await find(second)).toBeUndefined();
  await database.withTenant(second.tenantId, (tx) => deleteSealedToken(tx, key, stored!.sealed_token));
  expect(await storedTokens(first)).toHaveLength(1);
});

test('a token moved to another tenant’s row does not open there', async () => {
  const lms = createLms();
  const first = await world.school('moved-from');
  const second = await world.school('moved-to');
  await read(world.copy(lms.fetch), first);
  const [stored] = await storedTokens(first);
  await superuser.query('insert into lms_access_token values ($1, $2, $3, $4, $5, $6)', [
    second.tenantId,
    second.connectionId,
    second.deploymentId,
    stored!.scopes,
    stored!.sealed_token,
    stored!.expires_at,
  ]);
  await read(world.copy(lms.fetch), second);
  const authorizations = lms.requests
    .filter(({ url }) => url !== tokenUrl)
    .map(({ headers }) => headers?.authorization);
  expect(authorizations).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test('a call refused with 401 is made once more with a fresh token, and no more', async () => {
  const lms = createLms();
  const course = await world.school('stale');
  const hub = world.copy(lms.fetch);
  lms.onCall = ({ headers }) => ({
    status: headers?.authorization === 'Bearer token-1' ? 401 : 200,
    body: [],
  });
  await expect(read(hub, course)).resolves.toEqual([]);
  expect(lms.tokenRequests()).toHaveLength(2);
  // The fresh one is what other copies find.
  await read(world.copy(lms.fetch), course);
  expect(lms.tokenRequests()).toHaveLength(2);

  lms.onCall = () => ({ status: 401 });
  await expect(read(hub, course)).rejects.toMatchObject({
    code: 'lms_misconfigured',
    details: { reason: 'access_denied' },
  });
  expect(lms.tokenRequests()).toHaveLength(3);
});

test('a token that another copy has renewed meanwhile is not thrown away', async () => {
  const lms = createLms();
  const course = await world.school('renewed-elsewhere');
  const [first, second] = [world.copy(lms.fetch), world.copy(lms.fetch)];
  await read(first, course);
  await read(second, course);
  lms.onCall = ({ headers }) => ({
    status: headers?.authorization === 'Bearer token-1' ? 401 : 200,
    body: [],
  });
  await read(first, course);
  await read(second, course);
  expect(lms.tokenRequests()).toHaveLength(2);
});

test('a changed registration gets a token of its own', async () => {
  const lms = createLms();
  const course = await world.school('changed');
  const hub = world.copy(lms.fetch);
  await read(hub, course);
  await database.withTenant(course.tenantId, async (tx) => {
    const [registration] = await listRegistrations(tx);
    const changes = { clientId: 'hub-2' };
    await updateRegistration(tx, registration!.connectionId, changes, { allowLoopback: false }, by());
  });
  hub.forget(`tenant:${course.tenantId}`);
  await read(hub, course);
  expect(lms.tokenRequests().map((form) => form.get('client_id'))).toEqual(['hub-1', 'hub-2']);
});

test('an LMS that refuses the whole set of scopes is asked for those its launches listed', async () => {
  const lms = createLms();
  const onToken = lms.onToken;
  lms.onToken = (form) =>
    form.get('scope')!.includes('lineitem ')
      ? { status: 400, body: { error: 'invalid_scope' } }
      : onToken(form);
  const course = await world.school('scopes');
  await expect(read(world.copy(lms.fetch), course)).rejects.toMatchObject({
    code: 'lms_misconfigured',
    details: { reason: 'scope_missing' },
  });
  await superuser.query(
    `insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, type,
       created_at, changed_at, ags_scopes)
     values ($1, gen_random_uuid(), $2, $3, 'c', '{}', now(), now(), $4)`,
    [
      course.tenantId,
      course.connectionId,
      course.deploymentId,
      [`${ags}/score`, `${ags}/result.readonly`, 'x'],
    ],
  );
  await read(world.copy(lms.fetch), course);
  expect(lms.tokenRequests().at(-1)!.get('scope')).toBe(`${ags}/result.readonly ${ags}/score`);
});

test('a failed request is not remembered', async () => {
  const lms = createLms();
  const course = await world.school('failed');
  const hub = world.copy(lms.fetch);
  const onToken = lms.onToken;
  lms.onToken = () => ({ status: 503, headers: { 'retry-after': '7' } });
  await expect(read(hub, course)).rejects.toMatchObject({
    code: 'lms_unavailable',
    details: { retryAfterMs: 7_000 },
  });
  lms.onToken = onToken;
  await expect(read(hub, course)).resolves.toEqual([]);
});

test.each([
  ['gives no token', { status: 200, body: { token_type: 'Bearer' } }, 'lms_misconfigured'],
  [
    'gives another kind of token',
    { status: 200, body: { access_token: 'x', token_type: 'mac' } },
    'lms_misconfigured',
  ],
  ['gives no JSON', { status: 200, body: '<h1>Sign in</h1>' }, 'lms_misconfigured'],
  ['gives nothing', { status: 204 }, 'lms_misconfigured'],
  ['gives no answer', 'outbound_timeout', 'lms_unavailable'],
])('an endpoint that %s counts as what it is', async (name, answer, code) => {
  const lms = createLms();
  lms.onToken = () => answer;
  const course = await world.school(`odd-${name.replaceAll(' ', '-').toLowerCase()}`);
  await expect(read(world.copy(lms.fetch), course)).rejects.toMatchObject({ code });
});

test.each([
  [
    'null members that nobody needs',
    200,
    { refresh_token: null, id_token: null, scope: null, expires_in: null },
  ],
  ['status 201', 201, {}],
  ['no token type', 200, { token_type: undefined }],
])('an LMS whose token answer has %s is read', async (name, status, changes) => {
  const lms = createLms();
  lms.onToken = () => ({ status, body: { access_token: 'token-1', token_type: 'Bearer', ...changes } });
  await read(world.copy(lms.fetch), await world.school(`answer-${name.replaceAll(' ', '-')}`));
  expect(lms.requests.at(-1)?.headers?.authorization).toBe('Bearer token-1');
});
