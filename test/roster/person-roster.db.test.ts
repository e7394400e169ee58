import { beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../../contracts/ids.ts';
import { mergePeople } from '../../src/people/merges.ts';
import { readPersonRoster } from '../../src/roster/person-roster.ts';
import { createPeopleWorld, type PeopleWorld } from '../people/world.ts';
import { createTestDatabase } from '../support/database.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const today = '2026-11-21';
let number = 0;
let world: PeopleWorld;
let person: PersonId;

const put = (table: string, row: Record<string, unknown>) => {
  const whole = {
    ...{ tenant_id: world.tenantId, connection_id: world.sis },
    ...{ content_hash: 0, created_run: 1, changed_run: 1, part: 0, line: 0, changed_at: new Date() },
    ...row,
  };
  const places = Object.keys(whole).map((_, i) => `$${i + 1}`);
  return superuser.query(
    `insert into ${table} (${Object.keys(whole)
      .map((name) => `"${name}"`)
      .join(', ')}) values (${places.join(', ')})`,
    Object.values(whole),
  );
};
const read = (who = person) => world.tx((tx) => readPersonRoster(tx, who, today));

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
  await put('roster_org', { sourced_id: 'o1', name: 'North' });
  await put('roster_class', { sourced_id: 'c1', title: 'Maths', class_code: 'M1', school_sourced_id: 'o1' });
  await world.addUser('u1', { givenName: 'Ada', familyName: 'Byron', email: 'ada@school.example' });
  await put('roster_role', {
    ...{ sourced_id: 'r1', user_sourced_id: 'u1', role: 'student', role_type: 'primary' },
    org_sourced_id: 'o1',
  });
  await put('roster_enrollment', {
    ...{ sourced_id: 'e1', user_sourced_id: 'u1', class_sourced_id: 'c1', role: 'student', primary: true },
    ...{ begin_date: '2026-08-01', end_date: today },
  });
  await world.link(1);
  person = await world.personOf('u1');
});

test('a person’s names, roles and classes are as the roster has them', async () => {
  expect(await read()).toEqual({
    users: [
      {
        ...{ connectionId: world.sis, sourcedId: 'u1', isEnabled: true },
        ...{ givenName: 'Ada', familyName: 'Byron', email: 'ada@school.example' },
        roles: [{ role: 'student', schoolId: 'o1', schoolName: 'North' }],
      },
    ],
    classes: [
      {
        ...{ connectionId: world.sis, classId: 'c1', title: 'Maths', classCode: 'M1' },
        ...{ schoolId: 'o1', schoolName: 'North', role: 'student', isPrimary: true },
      },
    ],
  });
});

test.each([
  ['that has ended', { begin_date: '2026-01-01', end_date: '2026-11-20' }],
  ['that has not begun', { begin_date: '2026-11-22' }],
  ['that was removed', { removed_at: new Date() }],
  ['of a class that is not there', { class_sourced_id: 'nowhere' }],
])('an enrollment %s is none', async (_what, changes) => {
  await put('roster_class', { sourced_id: 'c2', title: 'Physics', school_sourced_id: 'o1' });
  await put('roster_enrollment', {
    ...{ sourced_id: 'e2', user_sourced_id: 'u1', class_sourced_id: 'c2', role: 'student' },
    ...changes,
  });
  expect((await read()).classes.map(({ classId }) => classId)).toEqual(['c1']);
});

test('the preferred name is the name, and a class and role said twice is one', async () => {
  await superuser.query(
    `update roster_user set preferred_given_name = 'Countess', enabled_user = false where tenant_id = $1`,
    [world.tenantId],
  );
  await put('roster_enrollment', {
    ...{ sourced_id: 'e2', user_sourced_id: 'u1', class_sourced_id: 'c1', role: 'student', primary: false },
  });
  const { users, classes } = await read();
  expect(users).toMatchObject([{ givenName: 'Countess', familyName: 'Byron', isEnabled: false }]);
  expect(classes).toMatchObject([{ classId: 'c1', isPrimary: true }]);
});

test('a user who is gone, and a person whom no roster knows, have nothing', async () => {
  expect(await read(await world.addLaunched('s1'))).toEqual({ users: [], classes: [] });
  await superuser.query('update roster_user set removed_at = now() where tenant_id = $1', [world.tenantId]);
  expect(await read()).toEqual({ users: [], classes: [] });
});

test('whoever was merged into another is found as the one that is kept', async () => {
  const kept = await world.addLaunched('s1');
  await world.tx((tx) => mergePeople(tx, { keptId: kept, absorbedId: person }, world.by));
  const [one, other] = [await read(person), await read(kept)];
  expect(one).toEqual(other);
  expect(one.classes).toHaveLength(1);
});

test('a person of another school is nobody', async () => {
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  expect(await other.tx((tx) => readPersonRoster(tx, person, today))).toEqual({ users: [], classes: [] });
});
