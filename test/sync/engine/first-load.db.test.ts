import { expect, test } from 'vitest';
import { columnName, type Entity, entities, models } from '../../../contracts/roster.ts';
import { createTestDatabase } from '../../support/database.ts';
import {
  createSchool,
  type Given,
  hooks,
  type Roster,
  type School,
  smallRoster,
  sourceOf,
  untilDone,
} from './world.ts';

const database = await createTestDatabase();

/** Some of all that can be wrong with rows, none of which the small roster has. */
const faulty: Roster = {
  orgs: [
    { sourcedId: 's3', name: '  East ', type: 'School', parentSourcedId: 'd1' },
    { sourcedId: 's4', name: 'Loop', type: 'school', parentSourcedId: 's5' },
    { sourcedId: 's5', name: 'Back', type: 'school', parentSourcedId: 's4' },
  ],
  classes: [
    {
      sourcedId: 'k2',
      title: 'Gym\u0007',
      courseSourcedId: 'c1',
      classType: 'scheduled',
      schoolSourcedId: 's1',
      termSourcedIds: 't1,t9',
      grades: '9;10',
    },
  ],
  users: [
    { sourcedId: '00042', enabledUser: 'TRUE', username: 'ida', givenName: 'Ida', familyName: 'Two' },
    { sourcedId: 'u7', enabledUser: 'true', username: 'IDA', givenName: 'Ida', familyName: 'Three' },
    { sourcedId: ' u4 ', enabledUser: 'true', username: 'dee', givenName: 'Dee', familyName: undefined },
    { sourcedId: '1.2E+05', enabledUser: 'true', username: 'eve', givenName: 'Eve', familyName: 'Sci' },
    { sourcedId: 'u5', enabledUser: 'true', username: 'fay', givenName: 'Fay', familyName: 'One' },
    { sourcedId: 'u5', enabledUser: 'true', username: 'fay', givenName: 'Fay', familyName: 'Two' },
    { sourcedId: 'u6', enabledUser: 'true', username: 'gus', givenName: 'Gus', familyName: 'Twin' },
    { sourcedId: 'u6', enabledUser: 'true', username: 'gus', givenName: 'Gus', familyName: 'Twin' },
  ],
  enrollments: [
    enrollment('e3', { role: 'Student', beginDate: '9/13/2026' }),
    enrollment('e4', { userSourcedId: 'nobody' }),
    enrollment('e5', { userSourcedId: '42' }),
    enrollment('e6', { role: 'visitor' }),
    enrollment('e7', { schoolSourcedId: 's2', beginDate: '2026-11-01', endDate: '2026-10-01' }),
    enrollment('e8'),
  ],
  demographics: [{ sourcedId: 'nobody', sex: 'female' }],
};

function enrollment(sourcedId: string, more: Given = {}): Given {
  const whole = { classSourcedId: 'k1', schoolSourcedId: 's1', userSourcedId: 'u2', role: 'student' };
  return { sourcedId, ...whole, ...more };
}

function together(...rosters: Roster[]): Roster {
  return Object.fromEntries(
    entities.map((entity) => [entity, rosters.flatMap((roster) => roster[entity] ?? [])]),
  );
}

/** What stands in the roster, without when and where it was read. */
async function contents(school: School) {
  const all: [Entity, Record<string, unknown>[]][] = [];
  for (const entity of entities) {
    const names = [
      'sourced_id',
      'content_hash',
      ...models[entity].columns.map(({ name }) => columnName(name)),
    ];
    const rows = await school.rows(entity);
    all.push([entity, rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))]);
  }
  return all;
}

test('a first load finds and brings what a later one does, and one that says of rows that they are gone', async () => {
  const given = together(smallRoster(), faulty);
  const first = await createSchool(database, 'first-of-all');
  const one = await first.sync(given);
  expect(one.findings.length).toBeGreaterThan(15);

  const later = await createSchool(database, 'first-and-later');
  await later.sync(smallRoster());
  const two = await later.sync(given);
  expect(two.findings).toEqual(one.findings);
  expect(await contents(later)).toEqual(await contents(first));

  const leaving = Object.fromEntries(
    entities.map((entity) => [entity, [{ sourcedId: 'x', status: 'tobedeleted' }]]),
  );
  const told = await createSchool(database, 'first-and-leaving');
  const three = await told.sync(together(given, leaving));
  expect(three.findings).toEqual(one.findings);
  expect(await contents(told)).toEqual(await contents(first));

  const again = await first.sync(given);
  expect(again.applied).toEqual({ created: 0, changed: 0, removed: 0, restored: 0 });
});

test('what is set by hand before the first load stands above it', async () => {
  const school = await createSchool(database, 'first-by-hand');
  await database.superuser.query(
    `insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
     values ($1, $2, 'users', 'u1', 'givenName', 'Adele', 'test', now())`,
    [school.tenantId, school.connectionId],
  );
  await school.sync(smallRoster());
  expect(await school.rows('users')).toMatchObject([{ given_name: 'Adele' }, { given_name: 'Ben' }]);
});

test('the very same page taken in twice, as after a crash, is there once and is no finding', async () => {
  const school = await createSchool(database, 'same-page-twice');
  const roster = smallRoster();
  const run = await school.request();
  await school.engine.begin(run);
  await school.engine.load(run, 'users', sourceOf('users', roster.users), hooks());
  const seals = await school.loadAll(run, roster);
  await school.engine.validate(run, seals, untilDone());
  await school.engine.plan(run, seals, untilDone());
  await school.engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
  expect(await school.ids('users')).toEqual(['u1', 'u2']);
  expect(await school.listFindings(run)).toEqual([]);
});
