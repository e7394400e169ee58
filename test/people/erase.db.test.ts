import { beforeEach, expect, test } from 'vitest';
import { newId, type PersonId } from '../../contracts/ids.ts';
import { eraseIdentity } from '../../src/people/erase.ts';
import { mergePeople } from '../../src/people/merges.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld, readPeopleTables } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
let number = 0;
let world: PeopleWorld;

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
});

const ada = { givenName: 'Ada', familyName: 'Byron', email: 'ada@school.example' };
const erase = (personId: PersonId) => world.tx((tx) => eraseIdentity(tx, personId, new Date(world.by.now)));

/** Ada by a launch at two LMSs, who are one, and by the roster, which is doubtful; and somebody else. */
async function arrange() {
  const launched = await world.addLaunched('s1', ada);
  const second = await world.connect('lms');
  const again = await world.addLaunched('t1', { ...ada, email: 'ada@home.example' }, second);
  await world.addUser('u1', ada);
  await world.link(1);
  const { mergeId } = await world.tx((tx) =>
    mergePeople(tx, { keptId: launched, absorbedId: again }, world.by),
  );
  const bystander = await world.addLaunched('s9', { givenName: 'Mary', email: 'mary@school.example' });
  return { launched, again, second, mergeId, bystander };
}

async function countOf(table: string): Promise<number> {
  const { rows } = await superuser.query(
    `select count(*)::integer as count from ${table} where tenant_id = $1`,
    [world.tenantId],
  );
  return rows[0].count;
}

test.each(['launched', 'again'] as const)('all of a person goes, asked for by either id: %s', async (who) => {
  const given = await arrange();
  const { launched, again, second, bystander } = given;
  expect([await countOf('person_review'), await countOf('person_merge')]).toEqual([1, 1]);
  const erased = await erase(given[who]);
  expect(erased.personIds.sort()).toEqual([launched, again].sort());
  expect(erased).toMatchObject({ reviews: 1, merges: 1 });
  expect(
    new Set(erased.links.map(({ connectionId, subject, kind }) => `${kind} ${connectionId} ${subject}`)),
  ).toEqual(new Set([`lms ${world.lms} s1`, `lms ${second} t1`]));
  expect([await countOf('person_review'), await countOf('person_merge')]).toEqual([0, 0]);
  const { rows } = await superuser.query(
    `select person_id, name, given_name, family_name, email, email_key, locale from person
     where tenant_id = $1 and person_id = any ($2)`,
    [world.tenantId, [launched, again]],
  );
  for (const row of rows) {
    expect(Object.values(row).filter((value) => value !== null)).toEqual([row.person_id]);
  }
  expect(await world.personOf('s9', world.lms)).toBe(bystander);
  expect(await world.personOf('u1')).not.toBe(launched);
});

test('their accounts in rosters and class lists are known again, without what they were called', async () => {
  await world.addUser('u7', { givenName: 'Zoe', familyName: 'Unseen' });
  await world.link(1);
  await erase(await world.personOf('u7'));
  const stones = async (sourcedId: string, connectionId = world.sis) => {
    const { rows } = await superuser.query(
      `select key_hash = tombstone_key($2, $3) as fits, t::text as row from person_tombstone t where tenant_id = $1`,
      [world.tenantId, connectionId, sourcedId],
    );
    return rows;
  };
  expect(await stones('u7')).toMatchObject([{ fits: true }]);
  expect(await stones('u8')).toMatchObject([{ fits: false }]);
  expect((await stones('u7'))[0].row).not.toContain('u7');
  const { launched } = await arrange();
  await erase(launched);
  const ofLms = (await stones('s1', world.lms)).filter(({ fits }) => fits);
  expect(ofLms).toHaveLength(1);
  // It keeps nobody from coming themselves: whoever launches again is somebody new.
  expect(await world.addLaunched('s1', ada)).not.toBe(launched);
});

test('somebody unknown, and a person of another school, is not erased', async () => {
  const { launched } = await arrange();
  const before = await readPeopleTables(testDatabase, world.tenantId);
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  for (const personId of [newId<PersonId>(), launched]) {
    await expect(other.tx((tx) => eraseIdentity(tx, personId, new Date(other.by.now)))).rejects.toMatchObject(
      {
        kind: 'not_found',
        code: 'person_unknown',
      },
    );
  }
  expect(await readPeopleTables(testDatabase, world.tenantId)).toEqual(before);
});
