import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { type Cells, createPackageWorld, packageOf, type Tables } from './package-world.ts';

const database = await createTestDatabase();

let schools = 0;
const world = () => createPackageWorld(database, `rows-${++schools}`, { thresholds: allowsAll });
const allowsAll = { removedPercent: 100, schoolRemovedPercent: 100, grownPercent: 10_000 };

/** The small roster with such rows besides. */
function besides(more: Tables): Tables {
  const roster: Tables = smallRoster();
  const added = Object.entries(more).map(([entity, rows]) => [
    entity,
    [...(roster[entity as keyof Tables] ?? []), ...rows],
  ]);
  return { ...roster, ...Object.fromEntries(added) };
}

/** What is found where a roster in order becomes another one. */
async function foundAfter(next: Tables, first: Tables = smallRoster()) {
  const { bring } = await world();
  await bring(packageOf(first));
  return bring(packageOf(next));
}

/** Whatever their order. */
const expectSaid = (said: string[], expected: string[]) =>
  expect(said.toSorted()).toEqual(expected.toSorted());
const found = async (tables: Tables) => (await (await world()).bring(packageOf(tables))).said;
const user = (sourcedId: string, more: Cells = {}): Cells => ({
  ...{ sourcedId, enabledUser: 'true', username: `n${sourcedId}`, givenName: 'Cleo', familyName: 'Diaz' },
  ...more,
});
const enrollment = (sourcedId: string, more: Cells = {}): Cells => ({
  ...{ sourcedId, classSourcedId: 'k1', schoolSourcedId: 's1', userSourcedId: 'u2', role: 'student' },
  ...more,
});
const klass = (sourcedId: string, more: Cells = {}): Cells => ({
  ...smallRoster().classes[0],
  sourcedId,
  ...more,
});

test('values: ids of strange letters or lengths, rounded numbers, dates, words, grades, quotes, white space', async () => {
  const said = await found(
    besides({
      users: [
        user('u 3', { grades: '9' }),
        user('x'.repeat(256)),
        user('1.2E+05'),
        user('u6', { username: '1.23E+08', identifier: '1E+05', phone: '4,5E+11', sms: '1+2' }),
        user('u7', { givenName: '“Cleo”', familyName: 'Diaz”', middleName: 'the “Cat” Ann' }),
        user('u8', { grades: '9', givenName: 'Cleo ' }),
        user('sourcedId', { enabledUser: 'enabledUser', username: 'username' }),
        user('\ufeffsourcedId', { enabledUser: 'enabledUser', username: 'username' }),
      ],
      enrollments: [
        enrollment('e3', { beginDate: '2026-09-01T00:00:00', endDate: '1/05/2027' }),
        enrollment('e4', { role: 'visitor' }),
        enrollment('e5', { beginDate: '2026-10-02', endDate: '2026-10-01' }),
        enrollment('e6', { userSourcedId: '1.2E+05' }),
      ],
    }),
  );
  expectSaid(said, [
    'sourced_id_too_long error users.csv:5#sourcedId',
    'sourced_id_scientific error users.csv:6#sourcedId',
    'sourced_id_letters warning users.csv:4#sourcedId',
    'text_trimmed repaired users.csv:9#givenName u8',
    'grade_digit repaired users.csv:4#grades',
    'grade_digit repaired users.csv:9#grades u8',
    'header_repeated error users.csv:10#sourcedId sourcedId',
    'header_repeated error users.csv:11#sourcedId',
    'sourced_id_letters warning users.csv:11#sourcedId',
    'value_scientific warning users.csv:7#username u6',
    'value_scientific warning users.csv:7#identifier u6',
    'value_scientific warning users.csv:7#phone u6',
    'smart_quotes warning users.csv:8#givenName u7',
    'smart_quotes warning users.csv:8#familyName u7',
    'value_missing warning users.csv:7#username u6',
    'word_unknown error enrollments.csv:5#role e4',
    'date_ambiguous warning enrollments.csv:4#endDate e3',
    'date_format repaired enrollments.csv:4#beginDate e3',
    'reference_missing error enrollments.csv:7#userSourcedId e6',
    'end_before_begin warning enrollments.csv:6#endDate e5',
  ]);
});

test('statuses that are none, and moments without a zone or that are none', async () => {
  const row = (sourcedId: string, status: string, dateLastModified: string) =>
    user(sourcedId, { status, dateLastModified });
  const { bring } = await world();
  await bring(packageOf(smallRoster()));
  const rows = [
    row('u3', 'deleted', '2026-11-20T10:00:00.000Z'),
    row('u4', 'active', '2026-11-20T10:00:00'),
    row('u5', 'Active', '20.11.2026'),
    row('u6', 'ToBeDeleted', '2026-11-20T10:00:00+01:00'),
  ];
  const { said } = await bring(packageOf({ users: rows }, 'delta'), 'delta');
  expectSaid(said, [
    'status_unknown warning users.csv:2#status u3',
    'moment_without_zone warning users.csv:3#dateLastModified u4',
    'moment_unreadable warning users.csv:4#dateLastModified u5',
  ]);
});

test('identity: the same id twice or in other capitals, shared names and addresses, a student on the staff', async () => {
  const said = await found(
    besides({
      users: [
        user('u3'),
        user('u3', { givenName: 'Zoe' }),
        user('U2', { username: 'bob' }),
        user('u5', { username: 'ADA', email: 'ben@example.org' }),
        user('u6'),
        user('u6'),
      ],
      roles: [
        { sourcedId: 'r3', userSourcedId: 'u2', roleType: 'primary', role: 'teacher', orgSourcedId: 's2' },
      ],
    }),
  );
  expectSaid(said, [
    'row_twice repaired users.csv:8#sourcedId u6',
    'sourced_id_twice error users.csv:4#sourcedId u3',
    'username_shared warning users.csv:2#username u1',
    'username_shared warning users.csv:7#username u5',
    'email_shared warning users.csv:3#email u2',
    'email_shared warning users.csv:7#email u5',
    'student_and_staff warning users.csv:3 u2',
    'sourced_id_capitals warning users.csv:3#sourcedId u2',
    'sourced_id_capitals warning users.csv:6#sourcedId U2',
  ]);
});

test('identity over time: recycled ids, another id for the same person, zeros that were lost', async () => {
  const roster = smallRoster();
  const first = besides({ users: [user('007', { username: 'bond' })] });
  roster.users = [
    { ...roster.users[0], username: 'zed', givenName: 'Zed', familyName: 'Woo', email: 'zed@example.org' },
    { ...roster.users[1], sourcedId: 'u9' },
    { ...user('7'), username: 'bond', familyName: 'Other' },
  ];
  const { said } = await foundAfter(roster, first);
  expect(said).toEqual(
    expect.arrayContaining([
      'sourced_id_recycled warning users.csv:2#sourcedId u1',
      'sourced_id_replaced warning users.csv:3#sourcedId u9',
      'sourced_id_zeros warning users.csv:4#sourcedId 7',
    ]),
  );
});

test('references: orphans, ids respelled by a spreadsheet, cycles, other schools, two primary roles, scores', async () => {
  const org = (sourcedId: string, parentSourcedId: string) => ({
    ...{ sourcedId, name: 'x', type: 'school', parentSourcedId },
  });
  const result = (sourcedId: string, more: Cells) => ({ ...smallRoster().results[0], sourcedId, ...more });
  const said = await found(
    besides({
      orgs: [org('a', 'b'), org('b', 'a')],
      users: [user('00042'), user('u5', { primaryOrgSourcedId: 'nowhere' })],
      roles: [
        { sourcedId: 'r3', userSourcedId: 'u2', roleType: 'primary', role: 'student', orgSourcedId: 's1' },
      ],
      enrollments: [
        enrollment('e3', { userSourcedId: 'nobody' }),
        enrollment('e4', { userSourcedId: '42' }),
        enrollment('e5', { schoolSourcedId: 's2' }),
      ],
      results: [result('m2', { studentSourcedId: 'u5' }), result('m3', { score: '11' })],
    }),
  );
  expectSaid(said, [
    'reference_cycle warning orgs.csv:5#parentSourcedId a',
    'reference_cycle warning orgs.csv:6#parentSourcedId b',
    'reference_emptied warning users.csv:5#primaryOrgSourcedId u5',
    'reference_missing error enrollments.csv:4#userSourcedId e3',
    'reference_spelling repaired enrollments.csv:5#userSourcedId e4',
    'two_primary_roles warning roles.csv:3#roleType r2',
    'two_primary_roles warning roles.csv:4#roleType r3',
    'class_of_other_school warning enrollments.csv:6#schoolSourcedId e5',
    'result_of_nobody_enrolled warning results.csv:3#studentSourcedId m2',
    'score_outside_range warning results.csv:4#score m3',
  ]);
});

test('sets: an entity without rows, a class without teacher, an enrollment outside its term, sessions of last year', async () => {
  const last = (day: string) => day.replace('2026', '2024').replace('2027', '2025');
  const academicSessions = smallRoster().academicSessions.map((session) => ({
    ...session,
    startDate: last(String(session.startDate)),
    endDate: last(String(session.endDate)),
  }));
  const said = await found({ ...besides({ classes: [klass('k2')] }), academicSessions, categories: [] });
  expectSaid(said, [
    'entity_empty warning',
    'reference_emptied warning lineItems.csv:2#categorySourcedId l1',
    'sessions_over warning',
    'class_without_teacher warning classes.csv:3 k2',
    'enrollment_outside_term warning enrollments.csv:3 e2',
  ]);
});

test('a class that loses its last teacher is told though the class itself stays as it was', async () => {
  const twoTeachers = besides({
    classes: [klass('k2'), klass('k3'), klass('k4'), klass('k5')],
    enrollments: [
      enrollment('e3', { classSourcedId: 'k2', userSourcedId: 'u1', role: 'teacher' }),
      enrollment('e4', { classSourcedId: 'k3', userSourcedId: 'u1', role: 'teacher' }),
      enrollment('e5', { classSourcedId: 'k4', userSourcedId: 'u1', role: 'teacher' }),
      enrollment('e6', { classSourcedId: 'k5', userSourcedId: 'u1', role: 'teacher' }),
      enrollment('e7', { classSourcedId: 'k5', userSourcedId: 'u2', role: 'teacher' }),
    ],
  });
  // k1: its teacher is gone; k2: is a student now; k3: another has come; k4: is gone with its teacher; k5: one is left.
  const next = { ...twoTeachers };
  next.classes = (twoTeachers.classes ?? []).filter(({ sourcedId }) => sourcedId !== 'k4');
  next.enrollments = [
    ...(twoTeachers.enrollments ?? []).filter(({ sourcedId }) => sourcedId === 'e2' || sourcedId === 'e7'),
    enrollment('e3', { classSourcedId: 'k2', userSourcedId: 'u1', role: 'student' }),
    enrollment('e8', { classSourcedId: 'k3', userSourcedId: 'u2', role: 'teacher' }),
  ];
  const { said } = await foundAfter(next, twoTeachers);
  expectSaid(said, ['class_without_teacher warning k1', 'class_without_teacher warning k2']);
});

test('a student who becomes staff by a new role, and enrollments their class leaves behind, are told', async () => {
  const next = besides({
    roles: [
      { sourcedId: 'r3', userSourcedId: 'u2', roleType: 'secondary', role: 'teacher', orgSourcedId: 's2' },
      { sourcedId: 'r4', userSourcedId: 'u1', roleType: 'secondary', role: 'aide', orgSourcedId: 's2' },
    ],
  });
  next.classes = [klass('k1', { schoolSourcedId: 's2' })];
  const { said } = await foundAfter(next);
  expectSaid(said, [
    'student_and_staff warning u2',
    'class_of_other_school warning #schoolSourcedId e1',
    'class_of_other_school warning #schoolSourcedId e2',
  ]);
});

test('a student who becomes staff in one change of roles is told of no more', async () => {
  const next = smallRoster();
  next.roles[1] = { ...next.roles[1], role: 'teacher' };
  expectSaid((await foundAfter(next)).said, []);
});

test('rows that stay while what they belong to goes are told', async () => {
  const next: Tables = besides({ users: [user('u3')] });
  next.users = (next.users ?? []).filter(({ sourcedId }) => sourcedId !== 'u2');
  const { said } = await foundAfter(next);
  expect(said).toEqual(
    expect.arrayContaining([
      'reference_lost warning #userSourcedId r2',
      'reference_lost warning #userSourcedId e2',
    ]),
  );
});

test('everybody under another id at once waits for somebody, however wide the allowance is', async () => {
  const people = Array.from({ length: 20 }, (_, i) => user(`p${i}`));
  const { run } = await foundAfter(
    besides({ users: people.map((row) => ({ ...row, sourcedId: `new-${row.sourcedId}` })) }),
    besides({ users: people }),
  );
  expect(run).toMatchObject({ state: 'held', reason: 'ids_changed' });
});

test('a school that shrinks or grows much at once waits for somebody', async () => {
  const people = (count: number) =>
    besides({ users: Array.from({ length: count }, (_, i) => user(`p${i}`)) });
  const { bring } = await createPackageWorld(database, `rows-${++schools}`, {
    thresholds: { removedFloor: 5, grownFloor: 20 },
  });
  await bring(packageOf(people(50)));
  expect((await bring(packageOf(people(40)))).run).toMatchObject({ state: 'held', reason: 'removals' });
  expect((await bring(packageOf(people(100)))).run).toMatchObject({ state: 'held', reason: 'growth' });
  expect((await bring(packageOf(people(60)))).run).toMatchObject({ state: 'applied' });
});
