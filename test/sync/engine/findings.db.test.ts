import { expect, test } from 'vitest';
import type { Entity } from '../../../contracts/roster.ts';
import type { EngineRun } from '../../../src/sync/engine.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, type Roster, smallRoster } from './world.ts';

const database = await createTestDatabase();
let schools = 0;

/** What a small roster with such rows besides leads to: the findings, and what of the entity has come in. */
async function bring(entity: Entity, rows: Given[], changes: Partial<EngineRun> & { roster?: Roster } = {}) {
  const { roster = {}, ...run } = changes;
  const school = await createSchool(database, `findings-${++schools}`);
  const small: Roster = { ...smallRoster(), ...roster };
  const given = { ...small, [entity]: [...(small[entity] ?? []), ...rows] };
  const { findings } = await school.sync(given, run);
  const [own, kept] = [findings.filter((each) => each.entity === entity), await school.rows(entity)];
  const said = own.map(({ code, severity, column, sourcedId }) => [code, severity, column, sourcedId]);
  return { said, kept: (id: string) => kept.find((row) => row.sourced_id === id), school, own };
}

const user = (sourcedId: string, more: Given = {}): Given => ({
  sourcedId,
  enabledUser: 'true',
  username: sourcedId,
  givenName: 'Cleo',
  familyName: 'Diaz',
  ...more,
});
const enrollment = (sourcedId: string, more: Given = {}): Given => ({
  sourcedId,
  classSourcedId: 'k1',
  schoolSourcedId: 's1',
  userSourcedId: 'u2',
  role: 'student',
  ...more,
});

test('values that can be understood are mended and told', async () => {
  const { said, kept } = await bring('enrollments', [
    enrollment('e3', { role: 'Student', primary: 'FALSE', beginDate: '9/13/2026' }),
  ]);
  expect(said).toEqual([
    ['word_spelling', 'repaired', 'role', 'e3'],
    ['boolean_format', 'repaired', 'primary', 'e3'],
    ['date_format', 'repaired', 'beginDate', 'e3'],
  ]);
  expect(kept('e3')).toMatchObject({ role: 'student', primary: false });
});

test('values that cannot be understood are emptied, or take their row along where it means nothing without', async () => {
  const { said, kept } = await bring('enrollments', [
    enrollment('e3', { beginDate: '1/05/2023' }),
    enrollment('e4', { role: 'visitor' }),
    enrollment('e5', { role: undefined }),
  ]);
  expect(said).toEqual([
    ['word_unknown', 'error', 'role', 'e4'],
    ['date_ambiguous', 'warning', 'beginDate', 'e3'],
    ['value_missing', 'error', 'role', 'e5'],
  ]);
  expect(kept('e3')).toMatchObject({ begin_date: null });
  expect([kept('e4'), kept('e5')]).toEqual([undefined, undefined]);
});

test('the strict profile rejects what the binding forbids', async () => {
  const { said, kept } = await bring(
    'users',
    [
      user('u3', { enabledUser: 'TRUE' }),
      user('u4', { givenName: ' Cleo' }),
      user('u5', { familyName: undefined }),
    ],
    { profile: 'strict' },
  );
  expect(said).toEqual([
    ['text_trimmed', 'error', 'givenName', 'u4'],
    ['boolean_format', 'error', 'enabledUser', 'u3'],
    ['value_missing', 'error', 'familyName', 'u5'],
  ]);
  expect([kept('u3'), kept('u4'), kept('u5')]).toEqual([undefined, undefined, undefined]);
});

test('white space, control characters, long texts, single-digit grades and semicolons are mended', async () => {
  const { said, kept } = await bring('users', [
    user(' u3 ', {
      givenName: ' Cleo\t',
      familyName: 'Di\u0007az',
      grades: '9, 10',
      middleName: 'x'.repeat(1_200),
    }),
    user('u4', { agentSourcedIds: 'u1;u2', username: 'other' }),
  ]);
  expect(said.map(([code, , column]) => [code, column])).toEqual([
    ['text_trimmed', 'sourcedId'],
    ['text_trimmed', 'username'],
    ['control_characters', 'givenName'],
    ['control_characters', 'familyName'],
    ['text_too_long', 'middleName'],
    ['list_semicolons', 'agentSourcedIds'],
    ['grade_digit', 'grades'],
  ]);
  expect(kept('u3')).toMatchObject({ given_name: 'Cleo', family_name: 'Di az', grades: ['09', '10'] });
  expect(String(kept('u3')?.middle_name)).toHaveLength(1_000);
  expect(kept('u4')).toMatchObject({ agent_sourced_ids: ['u1', 'u2'] });
});
test('sourcedIds: none, too long, rounded by a spreadsheet, with letters that are not allowed', async () => {
  const { said, kept } = await bring('users', [
    user('', { username: 'a' }),
    user('1.2E+05', { username: 'b' }),
    user('2,02612E+11', { username: 'e' }),
    user('x'.repeat(256), { username: 'c' }),
    user('u 3', { username: 'd' }),
  ]);
  expect(said).toEqual([
    ['sourced_id_missing', 'error', 'sourcedId', null],
    ['sourced_id_too_long', 'error', 'sourcedId', null],
    ['sourced_id_scientific', 'error', 'sourcedId', null],
    ['sourced_id_scientific', 'error', 'sourcedId', null],
    ['sourced_id_letters', 'warning', 'sourcedId', null],
  ]);
  expect(kept('u 3')).toBeDefined();
});

test('of rows with one sourcedId the one modified last counts, else the last', async () => {
  const { own, kept } = await bring('users', [
    user('u3', { givenName: 'First' }),
    user('u3', { givenName: 'Second' }),
    user('u4', { givenName: 'New', dateLastModified: '2026-05-02T00:00:00Z' }),
    user('u4', { givenName: 'Old', dateLastModified: '2026-05-01T00:00:00Z' }),
    user('u5'),
    user('u5'),
  ]);
  expect(own.map(({ code, line }) => [code, line])).toEqual([
    ['row_twice', 8],
    ['sourced_id_twice', 4],
    ['sourced_id_twice', 7],
  ]);
  expect([kept('u3')?.given_name, kept('u4')?.given_name]).toEqual(['Second', 'New']);
});

test('ids that differ in capitals only, and usernames and addresses that are shared, are told', async () => {
  const { said } = await bring('users', [user('U1', { username: 'ADA', email: 'ben@example.org' })]);
  expect(said.map(([code, severity]) => [code, severity])).toEqual([
    ['username_shared', 'warning'],
    ['username_shared', 'warning'],
    ['email_shared', 'warning'],
    ['email_shared', 'warning'],
    ['sourced_id_capitals', 'warning'],
    ['sourced_id_capitals', 'warning'],
  ]);
});

test('a row that needs what is not there is left out, another loses the reference', async () => {
  const { said, kept } = await bring('enrollments', [enrollment('e3', { userSourcedId: 'nobody' })]);
  expect(said).toEqual([['reference_missing', 'error', 'userSourcedId', 'e3']]);
  expect(kept('e3')).toBeUndefined();
  const users = await bring('users', [
    user('u3', { primaryOrgSourcedId: 's9', agentSourcedIds: 'u1,nobody' }),
  ]);
  expect(users.said).toEqual([
    ['reference_emptied', 'warning', 'agentSourcedIds', 'u3'],
    ['reference_emptied', 'warning', 'primaryOrgSourcedId', 'u3'],
  ]);
  expect(users.kept('u3')).toMatchObject({ primary_org_sourced_id: null, agent_sourced_ids: ['u1'] });
});

test('a rejected row takes along what refers to it', async () => {
  const school = await createSchool(database, 'takes-along');
  const roster = smallRoster();
  roster.classes[0]!.courseSourcedId = 'none';
  await school.sync(roster);
  expect([await school.ids('classes'), await school.ids('enrollments'), await school.ids('results')]).toEqual(
    [[], [], []],
  );
});

test('an id that lost its zeros or capitals in a reference is found where one can be meant', async () => {
  const roster = { users: [...smallRoster().users, user('00042'), user('Ab'), user('77'), user('077')] };
  const { said, kept } = await bring(
    'enrollments',
    [
      enrollment('e3', { userSourcedId: '42' }),
      enrollment('e4', { userSourcedId: 'aB' }),
      enrollment('e5', { userSourcedId: '0077' }),
    ],
    { roster },
  );
  expect(said).toEqual([
    ['reference_spelling', 'repaired', 'userSourcedId', 'e3'],
    ['reference_spelling', 'repaired', 'userSourcedId', 'e4'],
    ['reference_missing', 'error', 'userSourcedId', 'e5'],
  ]);
  expect([kept('e3')?.user_sourced_id, kept('e4')?.user_sourced_id]).toEqual(['00042', 'Ab']);
});

test('an org above itself is cut loose', async () => {
  const org = (sourcedId: string, parentSourcedId: string) => ({
    sourcedId,
    name: 'x',
    type: 'school',
    parentSourcedId,
  });
  const { said, kept } = await bring('orgs', [org('a', 'b'), org('b', 'a'), org('c', 'a')]);
  expect(said).toEqual([
    ['reference_cycle', 'warning', 'parentSourcedId', 'a'],
    ['reference_cycle', 'warning', 'parentSourcedId', 'b'],
  ]);
  expect(kept('c')).toMatchObject({ parent_sourced_id: 'a' });
});

test('rules between rows and columns warn', async () => {
  const enrolled = await bring('enrollments', [
    enrollment('e3', { schoolSourcedId: 's2' }),
    enrollment('e4', { beginDate: '2026-10-02', endDate: '2026-10-01' }),
    enrollment('e5', { beginDate: '2027-03-01', endDate: '2027-06-01' }),
  ]);
  expect(enrolled.said).toEqual([
    ['end_before_begin', 'warning', 'endDate', 'e4'],
    ['class_of_other_school', 'warning', 'schoolSourcedId', 'e3'],
    ['enrollment_outside_term', 'warning', null, 'e5'],
  ]);
  const role = { userSourcedId: 'u2', orgSourcedId: 's1', roleType: 'primary' };
  const { said } = await bring('roles', [{ sourcedId: 'r3', role: 'teacher', ...role }]);
  expect(said).toEqual([
    ['two_primary_roles', 'warning', 'roleType', 'r2'],
    ['two_primary_roles', 'warning', 'roleType', 'r3'],
  ]);
});

test('a student on the staff, a class without teacher, results out of range or of nobody enrolled are told', async () => {
  const both = await bring('users', [], {
    roster: {
      roles: [
        ...smallRoster().roles,
        { sourcedId: 'r3', userSourcedId: 'u2', roleType: 'secondary', role: 'teacher', orgSourcedId: 's2' },
      ],
    },
  });
  expect(both.said).toEqual([['student_and_staff', 'warning', null, 'u2']]);
  const alone = await bring('classes', [{ ...smallRoster().classes[0], sourcedId: 'k2' }]);
  expect(alone.said).toEqual([['class_without_teacher', 'warning', null, 'k2']]);
  const result = { ...smallRoster().results[0], sourcedId: 'm2' };
  const results = await bring(
    'results',
    [
      { ...result, score: '10.5' },
      { ...result, sourcedId: 'm3', studentSourcedId: 'u3' },
    ],
    {
      roster: { users: [...smallRoster().users, user('u3')] },
    },
  );
  expect(results.said).toEqual([
    ['result_of_nobody_enrolled', 'warning', 'studentSourcedId', 'm3'],
    ['score_outside_range', 'warning', 'score', 'm2'],
  ]);
});

test('demographics of nobody are left out', async () => {
  const { said, kept } = await bring('demographics', [{ sourcedId: 'u9', sex: 'female' }]);
  expect(said).toEqual([['reference_missing', 'error', 'sourcedId', 'u9']]);
  expect(kept('u9')).toBeUndefined();
});

test('an id that has become another person’s, and a person under another id, are told', async () => {
  const school = await createSchool(database, 'other-persons');
  await school.sync(smallRoster());
  const roster = smallRoster();
  roster.users = [
    { ...roster.users[0], username: 'zed', givenName: 'Zed', familyName: 'Woo', email: 'zed@example.org' },
    { ...roster.users[1], sourcedId: 'u7' },
  ];
  const { findings } = await school.sync(roster);
  expect(
    findings.filter(({ entity }) => entity === 'users').map(({ code, sourcedId }) => [code, sourcedId]),
  ).toEqual([
    ['sourced_id_recycled', 'u1'],
    ['sourced_id_replaced', 'u7'],
  ]);
});

test('an empty entity is told, and of one kind a thousand are listed and the rest counted', async () => {
  const rows = Array.from({ length: 1_010 }, (_, i) => user(`x${i}`, { enabledUser: 'yes' }));
  const { own } = await bring('users', rows);
  expect(own).toHaveLength(1_001);
  expect(own.at(-1)).toMatchObject({ code: 'boolean_format', line: null, sourcedId: null, count: 10 });
  const { said } = await bring('categories', [], { roster: { categories: [] } });
  expect(said).toEqual([['entity_empty', 'warning', null, null]]);
});
