import { beforeEach, expect, test } from 'vitest';
import { startDirectory } from '../sso/ldap/directory-server.ts';
import { directory, person } from '../sso/ldap/world.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from './support/api-world.ts';
import { personal, tryToSignIn } from './support/sign-in-rows.ts';
import { directoryInput } from './support/sso-services.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const unknownId = '0199c5a4-0000-7000-8000-000000000000';
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const { slug, token, identityId: connectionId } = school;
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, connectionId, ...params } });
});

/** A moment later: ids are in the order of time. */
async function tryLater(given: Parameters<typeof tryToSignIn>[2] = {}) {
  world.clock.time += 1_000;
  return tryToSignIn(world.sso, school, given);
}

async function audited(subject: string) {
  const { rows } = await superuser.query(
    `select e.action, e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where subject = $1 order by sequence`,
    [subject],
  );
  return rows;
}

test('protocols are described with their settings, so that a form can be drawn', async () => {
  const { body } = await call('listIdentityProtocols');
  const ldap = body.protocols.find(({ protocol }: { protocol: string }) => protocol === 'ldap');
  expect(ldap).toMatchObject({ presets: ['generic', 'ad'], secrets: ['servicePassword'] });
  expect(ldap.settings.required).toContain('servers');
});

test('a connection is made, shown without its secrets, changed and switched', async () => {
  const made = await call('connectIdentity', {
    body: {
      ...directoryInput(),
      ...{ preset: 'ad', domains: ['School.example'], matchAttribute: 'employeeNumber', reason: 'Agreed' },
      roleRules: [{ group: 'Teachers', role: 'teacher' }],
    },
  });
  expect(made.status).toBe(201);
  const { identity } = made.body;
  expect(identity).toMatchObject({
    ...{ protocol: 'ldap', preset: 'ad', status: 'active', secrets: ['servicePassword'], allowsNew: false },
    ...{ domains: ['school.example'], settings: { name: 'school.example' }, version: 1 },
  });
  expect(made.text).not.toContain('reader-password');
  const params = { connectionId: identity.connectionId };
  expect((await call('showIdentity', { params })).body.identity).toEqual(identity);
  expect((await call('listIdentities')).body.identities).toHaveLength(3);
  const body = { settings: { timeouts: null, servicePassword: 'another' }, matchAttribute: null };
  const changed = await call('updateIdentity', { params, body });
  expect(changed.body.identity).toMatchObject({
    ...{ matchAttribute: null, domains: ['school.example'], version: 2 },
    settings: { timeouts: { connectMs: 4000 } },
  });
  expect(changed.text).not.toContain('another');
  for (const [name, status] of [
    ['pauseIdentity', 'paused'],
    ['resumeIdentity', 'active'],
    ['disableIdentity', 'disabled'],
  ] as const) {
    expect((await call(name, { params, body: { reason: 'Why not' } })).body.identity.status).toBe(status);
  }
  const actor = `api-token:${school.apiToken.tokenId}`;
  expect(await audited(`connection:${identity.connectionId}`)).toEqual([
    { action: 'identity.connected', actor, reason: 'Agreed' },
    { action: 'identity.updated', actor, reason: null },
    ...[1, 2, 3].map(() => ({ action: 'identity.status_set', actor, reason: 'Why not' })),
  ]);
});

const settings = directoryInput().settings;
const { servicePassword: _secret, ...open } = settings;

test.each([
  ['an unknown protocol', { ...directoryInput(), protocol: 'kerberos' }, 'request_invalid'],
  ['a status', { ...directoryInput(), status: 'active' }, 'request_invalid'],
  ['an unknown role', { ...directoryInput(), roleRules: [{ group: 'a', role: 'king' }] }, 'request_invalid'],
  ['no settings', { protocol: 'ldap', name: 'X' }, 'request_invalid'],
  ['a list', [], 'request_invalid'],
  ['a blank name', { ...directoryInput(), name: ' ' }, 'identity_invalid'],
  ['no domain', { ...directoryInput(), domains: ['@school'] }, 'identity_invalid'],
  ['an unknown preset', { ...directoryInput(), preset: 'novell' }, 'preset_unknown'],
  ['a protocol that is not there', { ...directoryInput(), protocol: 'kerberos' }, 'request_invalid'],
  ['no secret', { ...directoryInput(), settings: open }, 'identity_settings_invalid'],
  [
    'a wrong setting',
    { ...directoryInput(), settings: { ...settings, base: 'people' } },
    'identity_settings_invalid',
  ],
])('connecting with %s is refused, and nothing is kept', async (_what, body, code) => {
  const refused = await call('connectIdentity', { body });
  expect(refused).toMatchObject({ status: 400, body: { code } });
  expect(refused.text).not.toContain('reader-password');
  expect((await call('listIdentities')).body.identities).toHaveLength(2);
});

test('a connection that is not there is told as such by every endpoint', async () => {
  const params = { connectionId: unknownId };
  for (const name of ['showIdentity', 'updateIdentity', 'pauseIdentity', 'checkIdentity'] as const) {
    expect(await call(name, { params })).toMatchObject({ status: 404, body: { code: 'identity_unknown' } });
  }
  const query = { connectionId: unknownId };
  for (const name of ['listSessions', 'listSignIns'] as const) {
    expect(await call(name, { query })).toMatchObject({ status: 404, body: { code: 'identity_unknown' } });
  }
  const malformed = await call('showIdentity', { params: { connectionId: 'directory' } });
  expect(malformed).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
});

test('the other side is asked step by step, and its failure is an answer', async () => {
  const failed = await call('checkIdentity');
  expect(failed.body).toEqual({
    well: false,
    steps: [
      {
        ...{ at: '127.0.0.1:1', step: 'connect', ms: expect.any(Number), reason: 'directory_unreachable' },
        advice: expect.any(String),
      },
    ],
  });
  const server = await startDirectory({ entries: directory(person('ada')) });
  await call('updateIdentity', { body: { settings: directoryInput(server.port).settings } });
  const { body } = await call('checkIdentity');
  expect(body.well).toBe(true);
  expect(body.steps.map(({ step, reason }: Record<string, unknown>) => [step, reason])).toEqual([
    ['connect', null],
    ['bind', null],
    ['base', null],
    ['find', null],
  ]);
});

test('a directory needs to know nothing of ours', async () => {
  expect((await call('showOwnSide')).body).toEqual({ addresses: [], advice: null });
});

test('an address for one test is made, and put on record without it', async () => {
  const { body, status } = await call('makeTestLink', { body: { reason: 'Before the term' } });
  expect(status).toBe(201);
  const path = `/t/${school.slug}/sign-in/${school.identityId}/test/`;
  expect(body.address).toContain(`https://hub.example${path}`);
  expect(Date.parse(body.expiresAt) - world.clock.time).toBe(24 * 3_600_000);
  expect(await audited(`connection:${school.identityId}`)).toContainEqual(
    expect.objectContaining({ action: 'identity.test_link_made', reason: 'Before the term' }),
  );
  await call('disableIdentity');
  expect(await call('makeTestLink')).toMatchObject({ status: 409, body: { code: 'identity_disabled' } });
});

test('who is signed in is listed by ids, page by page, and never by what the other side says', async () => {
  for (const subject of ['a', 'b', 'b', personal.subject]) await tryLater({ subject });
  const { body, text } = await call('listSessions');
  const ids = body.sessions.map(({ sessionId }: { sessionId: string }) => sessionId);
  expect(ids).toHaveLength(4);
  expect(text).not.toMatch(/zyx|subject/i);
  const { personId } = body.sessions[1];
  const pages = async (query: Record<string, string>) =>
    (await call('listSessions', { query })).body.sessions.map(
      (each: { sessionId: string }) => each.sessionId,
    );
  expect(await pages({ personId })).toEqual(ids.slice(1, 3));
  expect(await pages({ limit: '1', before: ids[0] })).toEqual([ids[1]]);
  expect(await pages({ connectionId: school.identityId })).toEqual(ids);
});

test('sessions are ended, and that is put on record', async () => {
  for (const subject of ['a', 'b', 'b', 'c']) await tryLater({ subject });
  const { sessions } = (await call('listSessions')).body;
  const end = async (body: object) => (await call('revokeSessions', { body })).body;
  expect(await end({ sessionId: sessions[0].sessionId })).toEqual({ ended: 1 });
  expect(await end({ personId: sessions[1].personId, reason: 'Device lost' })).toEqual({ ended: 2 });
  expect(await end({ connectionId: school.identityId })).toEqual({ ended: 1 });
  expect((await call('listSessions')).body.sessions).toEqual([]);
  expect(await audited(`person:${sessions[1].personId}`)).toEqual([
    { action: 'session.revoked', actor: `api-token:${school.apiToken.tokenId}`, reason: 'Device lost' },
  ]);
});

test.each([
  [{}, 400, 'request_invalid'],
  [{ personId: unknownId, sessionId: unknownId }, 400, 'request_invalid'],
  [{ personId: 'ada' }, 400, 'request_invalid'],
  [{ everybody: true }, 400, 'request_invalid'],
  [{ sessionId: unknownId }, 404, 'session_unknown'],
  [{ connectionId: unknownId }, 404, 'identity_unknown'],
])('ending %j is refused with %d %s, and nobody is signed out', async (body, status, code) => {
  await tryLater();
  expect(await call('revokeSessions', { body })).toMatchObject({ status, body: { code } });
  expect((await call('listSessions')).body.sessions).toHaveLength(1);
});

test('tries to sign in are listed, and explained by the reference as people type it', async () => {
  await tryLater();
  const { reference } = await tryLater({ refusedFor: 'account_disabled' });
  await tryLater({ isTest: true });
  const { signIns } = (await call('listSignIns')).body;
  expect(
    signIns.map(({ outcome, reason, test: isTest }: Record<string, unknown>) => [outcome, reason, isTest]),
  ).toEqual([
    ['suppressed', null, true],
    ['user_error', 'account_disabled', false],
    ['success', null, false],
  ]);
  const query = { connectionId: school.identityId, before: signIns[1].signInId, limit: '5' };
  expect((await call('listSignIns', { query })).body.signIns).toEqual([signIns[2]]);
  const shown = await call('showSignIn', { params: { reference: reference.toLowerCase() } });
  expect(shown.body.signIns).toMatchObject([
    {
      ...{ reference, trace: [{ rule: 'account_disabled', passed: false }] },
      explanation: { turn: 'school', advice: expect.any(String), helpDesk: expect.any(String) },
    },
  ]);
  expect(shown.text).not.toMatch(/zyx/i);
  const good = await call('showSignIn', { params: { reference: signIns[2].reference } });
  expect(good.body.signIns).toMatchObject([{ explanation: null, personId: expect.any(String) }]);
});

test.each([
  ['K7QF-2M9', 400, 'reference_invalid'],
  ['K7QF-2M9D', 404, 'sign_in_unknown'],
  ['x'.repeat(51), 400, 'request_invalid'],
])('the reference %s is refused with %d %s', async (reference, status, code) => {
  expect(await call('showSignIn', { params: { reference } })).toMatchObject({ status, body: { code } });
});
