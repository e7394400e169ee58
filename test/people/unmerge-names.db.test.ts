import { expect, test } from 'vitest';
import type { ConnectionId } from '../../contracts/ids.ts';
import { mergePeople, unmergePeople } from '../../src/people/merges.ts';
import { joinReview } from '../../src/people/people.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

async function namesOf({ tenantId }: PeopleWorld): Promise<Record<string, unknown>> {
  const { rows } = await superuser.query(
    'select person_id, name, email from person where tenant_id = $1 and merged_into is null',
    [tenantId],
  );
  return Object.fromEntries(rows.map(({ person_id, name, email }) => [person_id, [name, email]]));
}

const king = { givenName: 'Ada', familyName: 'King', email: 'king@school.example' };
const byron = { givenName: 'Ada', familyName: 'Byron', email: 'byron@school.example' };
const married = { ...king, familyName: 'King-Noel', email: 'noel@school.example', run: 2 };

/** Two users of two rosters. */
async function twoUsers(slug: string) {
  const world = await createPeopleWorld(testDatabase, slug);
  const other: ConnectionId = await world.connect('roster');
  await world.addUser('b', byron);
  await world.addUser('k', king, other);
  await world.link();
  await world.link(undefined, other);
  const [kept, absorbed] = [await world.personOf('b'), await world.personOf('k', other)];
  const merge = () => world.tx((tx) => mergePeople(tx, { keptId: kept, absorbedId: absorbed }, world.by));
  return { world, other, kept, absorbed, merge };
}

test('taken apart after a run, each goes by the name and address of their own roster user, again and again', async () => {
  const { world, other, kept, absorbed, merge } = await twoUsers('apart');
  for (const round of [1, 2]) {
    const { mergeId } = await merge();
    await world.addUser('k', { ...married, run: round + 1 }, other);
    await world.link(round + 1, other);
    expect((await namesOf(world))[kept]).toEqual(['Ada King-Noel', 'noel@school.example']);
    await world.tx((tx) => unmergePeople(tx, mergeId, world.by));
    expect(await namesOf(world)).toEqual({
      [kept]: ['Ada Byron', 'byron@school.example'],
      [absorbed]: ['Ada King-Noel', 'noel@school.example'],
    });
  }
});

test('a user who may have become somebody else names nobody', async () => {
  const { world, other, kept, absorbed, merge } = await twoUsers('somebody-else');
  const { mergeId } = await merge();
  await world.addUser(
    'k',
    { givenName: 'Wim', familyName: 'Jansen', email: 'w@school.example', run: 2 },
    other,
  );
  await world.link(2, other);
  expect(await world.reviews()).toMatchObject([{ personId: kept, otherId: kept }]);
  await world.tx((tx) => unmergePeople(tx, mergeId, world.by));
  expect(await namesOf(world)).toEqual({
    [kept]: ['Ada Byron', 'byron@school.example'],
    [absorbed]: ['Ada King', 'king@school.example'],
  });

  // Decided after that, it is about whom the user belongs to again.
  const [review] = await world.reviews();
  await world.tx((tx) => joinReview(tx, review!.reviewId, {}, world.by));
  expect(await namesOf(world)).toEqual({
    [kept]: ['Ada Byron', 'byron@school.example'],
    [absorbed]: ['Wim Jansen', 'w@school.example'],
  });
});
