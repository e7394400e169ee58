import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from './support/api-world.ts';
import { personal, tryToSignIn } from './support/sign-in-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
let school: Awaited<ReturnType<typeof world.addSchool>>;
let personId: string;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const { finished } = await tryToSignIn(world.sso, school);
  if (finished.kind !== 'signed_in') throw new Error('Nobody has signed in');
  ({ personId } = finished);
  const opened = await world.open();
  const { slug, token, connectionId } = school;
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, connectionId, personId, ...params } });
});

const counts = { links: 1, sessions: 1, signIns: 1, scores: 0, rosterRows: 0, launches: 0 };
const reason = 'Asked for by the parents';

test('what would go is shown by numbers, and nothing goes', async () => {
  const { body, text } = await call('previewErasure');
  expect(body.erasure).toMatchObject({ personIds: [personId], tools: [], counts });
  expect(text).not.toMatch(/zyx/i);
  expect((await call('listSessions')).body.sessions).toHaveLength(1);
});

test('a person is erased, signed out, and somebody new when they sign in again', async () => {
  const { body } = await call('erasePerson', { body: { reason } });
  expect(body.erasure).toMatchObject({ personIds: [personId], counts });
  expect((await call('listSessions')).body.sessions).toEqual([]);
  expect((await call('listSignIns')).body.signIns).toMatchObject([{ outcome: 'success', personId: null }]);
  const { rows } = await superuser.query('select p::text as row from person p where tenant_id = $1', [
    school.tenantId,
  ]);
  expect(rows).toHaveLength(1);
  expect(rows[0].row).not.toContain(personal.name);
  const { finished } = await tryToSignIn(world.sso, school);
  expect(finished).toMatchObject({ kind: 'signed_in' });
  expect(finished).not.toMatchObject({ personId });
});

test.each([
  [{}, {}, 400, 'request_invalid'],
  [{}, { reason: ' ' }, 400, 'request_invalid'],
  [{ personId: '0199c5a4-0000-7000-8000-000000000000' }, { reason }, 404, 'person_unknown'],
])('erasing %o with %o is refused with %i %s', async (params, body, status, code) => {
  expect(await call('erasePerson', { params, body })).toMatchObject({ status, body: { code } });
  expect((await call('listSessions')).body.sessions).toHaveLength(1);
});

test('a person of another school is not there', async () => {
  const other = await world.addSchool();
  const { call: elsewhere } = await world.open();
  const params = { slug: other.slug, personId };
  for (const name of ['previewErasure', 'erasePerson'] as const) {
    const sent = name === 'erasePerson' ? { body: { reason } } : {};
    const refused = await elsewhere(name, { token: other.token, params, ...sent });
    expect(refused).toMatchObject({ status: 404, body: { code: 'person_unknown' } });
  }
  expect((await call('listSessions')).body.sessions).toHaveLength(1);
});

test('somebody who was erased is let in again by their sourcedId', async () => {
  const readmit = (sourcedId: string) =>
    call('readmitPerson', { body: { sourcedId, reason: 'Enrolled again' } });
  expect(await readmit('4711')).toMatchObject({ status: 404, body: { code: 'person_not_erased' } });
  const stone = [school.tenantId, school.connectionId, '4711'];
  await superuser.query(
    'insert into person_tombstone select $1, $2::uuid, tombstone_key($2::uuid, $3), now()',
    stone,
  );
  expect(await readmit('4711')).toMatchObject({ status: 200, body: { sourcedId: '4711' } });
  expect(await readmit('4711')).toMatchObject({ status: 404 });
});
