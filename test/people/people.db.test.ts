import { beforeEach, expect, test } from 'vitest';
import { newId, type ReviewId, type ToolId } from '../../contracts/ids.ts';
import { unmergePeople } from '../../src/people/merges.ts';
import {
  dismissReview,
  findMatchRule,
  getReview,
  joinReview,
  keepApart,
  listReviews,
} from '../../src/people/people.ts';
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
const onlyItem = async () => (await world.reviews())[0]!.reviewId;
const join = (reviewId: ReviewId, options = {}) =>
  world.tx((tx) => joinReview(tx, reviewId, options, world.by));

test('a user that has become somebody else is given a person of their own', async () => {
  await world.addUser('u1', ada);
  await world.link(1);
  const before = await world.personOf('u1');
  await world.addUser('u1', { ...mary, run: 2 });
  await world.link(2);
  await world.tx(async (tx) => keepApart(tx, await onlyItem(), world.by));
  const after = await world.personOf('u1');
  expect(after).not.toBe(before);
  const { rows } = await superuser.query('select person_id, name from person where tenant_id = $1', [
    world.tenantId,
  ]);
  expect(new Map(rows.map((row) => [row.person_id, row.name]))).toEqual(
    new Map([
      [before, 'Ada Byron'],
      [after, 'Mary Somerville'],
    ]),
  );
  expect((await world.link()).reviews).toBe(0);
});

test('a user who has only changed names is the same person, and may do so again', async () => {
  await world.addUser('u1', ada);
  await world.link(1);
  const person = await world.personOf('u1');
  await world.addUser('u1', { ...mary, run: 2 });
  await world.link(2);
  await join(await onlyItem());
  expect(await world.personOf('u1')).toBe(person);
  const { rows } = await superuser.query('select name from person where tenant_id = $1', [world.tenantId]);
  expect(rows).toEqual([{ name: 'Mary Somerville' }]);
  expect((await world.link()).reviews).toBe(0);
  await world.addUser('u1', { givenName: 'Emmy', familyName: 'Noether', run: 3 });
  expect((await world.link(3)).reviews).toBe(1);
});

test('a user that is gone cannot be given a person of their own', async () => {
  await world.addUser('u1', ada);
  await world.link(1);
  await world.addUser('u1', { ...mary, run: 2 });
  await world.link(2);
  await superuser.query('delete from roster_user where tenant_id = $1', [world.tenantId]);
  await expect(world.tx(async (tx) => keepApart(tx, await onlyItem(), world.by))).rejects.toMatchObject({
    code: 'review_overtaken',
  });
});

test('the person whom tools know is kept', async () => {
  const launched = await world.addLaunched('s1', { email: 'ada@school.example' });
  await world.addUser('u1', { email: 'ada@school.example' });
  await world.link(1);
  const tool = newId<ToolId>();
  await superuser.query(
    `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at) values ($1, $2, $3, 'x', now())`,
    [world.tenantId, tool, launched],
  );
  expect(await join(await onlyItem())).toMatchObject({ state: 'joined' });
  expect(await world.personOf('u1')).toBe(launched);
});

test('items between two who are one meanwhile are settled with them', async () => {
  await world.setRule('identifier');
  for (const id of ['u1', 'u2', 'u3']) await world.addUser(id, { identifier: '100' });
  await world.link(1);
  const items = await world.reviews();
  expect(items.map(({ reason }) => reason)).toEqual(['several_hits', 'several_hits', 'several_hits']);
  await join(items[0]!.reviewId);
  await join(items[1]!.reviewId);
  expect((await world.reviews()).map(({ state }) => state)).toEqual(['joined', 'joined', 'joined']);
  expect(new Set(await world.personsOf('u1', 'u2', 'u3')).size).toBe(1);
});

test('who was taken apart again is not joined by the next linking', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100' });
  await world.link(1);
  const launched = await world.addLaunched('s1', { claimedId: '100' });
  await world.link(2);
  expect(await world.personOf('u1')).toBe(launched);
  const { rows } = await superuser.query('select merge_id from person_merge where tenant_id = $1', [
    world.tenantId,
  ]);
  await world.tx((tx) => unmergePeople(tx, rows[0].merge_id, world.by));
  expect(await world.personOf('u1')).not.toBe(launched);
  expect(await world.link()).toMatchObject({ joined: 0, reviews: 0 });
});

test('every decision is on record, by ids and codes', async () => {
  await world.addLaunched('s1', { email: 'ada@school.example', ...ada });
  await world.addUser('u1', { email: 'ada@school.example', ...ada });
  await world.link(1);
  const reviewId = await onlyItem();
  await world.tx((tx) => dismissReview(tx, reviewId, world.by));
  const { rows } = await superuser.query(
    `select e.action, e.subject, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and (action like 'person%' or action like 'people%') order by sequence`,
    [world.tenantId],
  );
  expect(rows.map(({ action }) => action)).toEqual(['people.linked', 'person_review.dismissed']);
  expect(rows[0].after).toEqual({ seen: 1, created: 1, joined: 0, reviews: 1 });
  expect(rows[1].subject).toBe(`person_review:${reviewId}`);
  expect(JSON.stringify(rows)).not.toMatch(/Ada|ada@/);
});

test('another tenant’s items and rule are out of reach', async () => {
  await world.setRule('identifier');
  await world.addLaunched('s1', { email: 'ada@school.example' });
  await world.addUser('u1', { email: 'ada@school.example' });
  await world.link(1);
  const reviewId = await onlyItem();
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  await other.tx(async (tx) => {
    expect(await listReviews(tx, { limit: 10 })).toEqual([]);
    expect(await findMatchRule(tx)).toBeUndefined();
    for (const decide of [getReview(tx, reviewId), dismissReview(tx, reviewId, world.by)]) {
      await expect(decide).rejects.toMatchObject({ kind: 'not_found', code: 'review_unknown' });
    }
  });
  expect((await world.reviews())[0]).toMatchObject({ state: 'open' });
});
