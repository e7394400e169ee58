import { beforeEach, expect, test } from 'vitest';
import { mergePeople } from '../../src/people/merges.ts';
import { dismissReview, keepApart } from '../../src/people/people.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
let number = 0;
let world: PeopleWorld;

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
});

const ada = { givenName: 'Ada', familyName: 'Byron' };
const mary = { givenName: 'Mary', familyName: 'Somerville' };

/** Found by the identifier, under another name altogether. */
async function doubtful() {
  await world.setRule('identifier');
  const launched = await world.addLaunched('s1', { claimedId: '100', ...mary });
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.link(1);
  const [item] = await world.reviews();
  expect(item).toMatchObject({ reason: 'recycled_identifier', otherId: launched });
  return { launched, reviewId: item!.reviewId };
}

/** From now on nothing speaks against the two but what was decided. */
const nameAlike = (givenName: string, familyName: string) =>
  superuser.query('update person set given_name = $2, family_name = $3 where tenant_id = $1', [
    world.tenantId,
    givenName,
    familyName,
  ]);

test('without a decision, two whose names come to agree are joined by the rule', async () => {
  const { launched } = await doubtful();
  await nameAlike('Ada', 'Byron');
  expect(await world.link()).toMatchObject({ joined: 1 });
  expect(await world.personOf('u1')).toBe(launched);
});

test.each([
  ['dismissed', dismissReview],
  ['kept apart', keepApart],
])(
  'two whom the field led to each other and somebody %s are not joined by it later',
  async (_what, decide) => {
    const { launched, reviewId } = await doubtful();
    await world.tx((tx) => decide(tx, reviewId, world.by));
    await nameAlike('Ada', 'Byron');
    expect(await world.link()).toMatchObject({ joined: 0, reviews: 0 });
    expect(await world.personOf('u1')).not.toBe(launched);
  },
);

test.each([
  ['dismissed', dismissReview],
  ['kept apart', keepApart],
])('that holds too when one of the two %s was merged with somebody since', async (_what, decide) => {
  const { launched, reviewId } = await doubtful();
  await world.tx((tx) => decide(tx, reviewId, world.by));
  const other = await world.addLaunched('t1', {}, await world.connect('lms'));
  await world.tx((tx) => mergePeople(tx, { keptId: other, absorbedId: launched }, world.by));
  await nameAlike('Ada', 'Byron');
  expect(await world.link()).toMatchObject({ joined: 0, reviews: 0 });
  expect(await world.personOf('u1')).not.toBe(other);
});

test('for another reason somebody is asked again', async () => {
  const { reviewId } = await doubtful();
  await world.tx((tx) => dismissReview(tx, reviewId, world.by));
  await nameAlike('Ada', 'Byron');
  await world.addLaunched('s2', { claimedId: '100', ...ada }, await world.connect('lms'));
  expect(await world.link()).toMatchObject({ joined: 0, reviews: 2 });
});
