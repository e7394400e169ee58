import { beforeEach, expect, test } from 'vitest';
import { newId, type PersonId, type ReviewId } from '../../contracts/ids.ts';
import { listMerges, unmergePeople } from '../../src/people/merges.ts';
import {
  dismissReview,
  findMatchRule,
  getReview,
  type JoinOptions,
  joinReview,
  keepApart,
  listReviews,
  type ReviewQuery,
} from '../../src/people/people.ts';
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
const join = (id: ReviewId, options: JoinOptions = {}) =>
  world.tx((tx) => joinReview(tx, id, options, world.by));
const part = (id: ReviewId) => world.tx((tx) => keepApart(tx, id, world.by));
const dismiss = (id: ReviewId) => world.tx((tx) => dismissReview(tx, id, world.by));
const list = (query: Partial<ReviewQuery> = {}) =>
  world.tx((tx) => listReviews(tx, { limit: 100, ...query }));
const read = () => readPeopleTables(testDatabase, world.tenantId);

/** Two persons with one address: a launch has met one, the roster has the other. */
async function doubtful(): Promise<{ reviewId: ReviewId; launched: PersonId; rostered: PersonId }> {
  const launched = await world.addLaunched('s1', { ...ada, claimedId: '100' });
  await world.addUser('u1', { ...ada, identifier: '100' });
  await world.link(1);
  const [item] = await world.reviews();
  return { reviewId: item!.reviewId, launched, rostered: await world.personOf('u1') };
}

/** A user who came back under another name altogether. */
async function recycled(): Promise<{ reviewId: ReviewId; personId: PersonId }> {
  await world.addUser('u1', ada);
  await world.link(1);
  await world.addUser('u1', { givenName: 'Mary', familyName: 'Somerville', run: 2 });
  await world.link(2);
  const [item] = await world.reviews();
  return { reviewId: item!.reviewId, personId: await world.personOf('u1') };
}

const nameOf = async (personId: PersonId) => {
  const { rows } = await superuser.query('select name from person where tenant_id = $1 and person_id = $2', [
    world.tenantId,
    personId,
  ]);
  return rows[0]?.name;
};

test('whoever decides sees both sides with their links', async () => {
  const { reviewId, launched, rostered } = await doubtful();
  expect(await world.tx((tx) => getReview(tx, reviewId))).toMatchObject({
    state: 'open',
    person: { personId: rostered, name: 'Ada Byron', tools: 0, links: [{ kind: 'roster', subject: 'u1' }] },
    other: { personId: launched, tools: 0, links: [{ kind: 'lms', subject: 's1' }] },
  });
});

test('two who are one are merged, and the item says by whom; undone, it is open again and all is as it was', async () => {
  const { reviewId, launched, rostered } = await doubtful();
  const before = await read();
  expect(await join(reviewId)).toMatchObject({
    state: 'joined',
    decidedBy: 'test',
    mergeId: expect.any(String),
  });
  expect([await world.personOf('u1'), await world.personOf('s1', world.lms)]).toEqual([launched, launched]);
  expect(await list({ state: 'open' })).toEqual([]);
  const [merge] = await world.tx((tx) => listMerges(tx, { limit: 10 }));
  expect(merge).toMatchObject({ keptId: launched, absorbedId: rostered });
  await world.tx((tx) => unmergePeople(tx, merge!.mergeId, world.by));
  expect(await read()).toEqual(before);
});

test('whoever was taken apart is not joined again by the rule', async () => {
  const { reviewId, launched } = await doubtful();
  const { mergeId } = await join(reviewId);
  await world.tx((tx) => unmergePeople(tx, mergeId!, world.by));
  expect(await world.setRule('identifier')).toMatchObject({ joined: 0 });
  expect(await world.personOf('u1')).not.toBe(launched);
});

test('the one that tools know is kept', async () => {
  const { reviewId, launched, rostered } = await doubtful();
  const toolId = newId();
  await superuser.query(
    `insert into tool (tool_id, slug, name, client_id, login_initiation_url, target_link_uri, redirect_uris, presentation,
       supports_storage, status, version, created_at, changed_at)
     values ($1, $2, 'x', $2, 'x', 'x', '{x}', 'redirect', false, 'active', 1, now(), now())`,
    [toolId, `tool-${number}`],
  );
  await superuser.query(
    `insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at) values ($1, $2, $3, 'x', now())`,
    [world.tenantId, toolId, rostered],
  );
  await join(reviewId);
  const sides = [await world.personOf('u1'), await world.personOf('s1', world.lms)];
  expect(sides).toEqual([rostered, rostered]);
  expect(launched).not.toBe(rostered);
});

test('somebody may say which of the two is kept, and no third', async () => {
  const { reviewId, launched, rostered } = await doubtful();
  await expect(join(reviewId, { keptId: newId<PersonId>() })).rejects.toMatchObject({
    kind: 'input',
    code: 'kept_person_invalid',
  });
  expect(await list()).toMatchObject([{ state: 'open' }]);
  await join(reviewId, { keptId: rostered });
  expect(await world.personOf('s1', world.lms)).toBe(rostered);
  expect(launched).not.toBe(rostered);
});

test('two who were kept apart stay so, whatever rule comes later', async () => {
  const { reviewId, launched } = await doubtful();
  expect(await part(reviewId)).toMatchObject({ state: 'kept_apart', decidedBy: 'test', mergeId: null });
  expect(await world.setRule('identifier')).toEqual({ joined: 0, reviews: 0 });
  expect(await world.personOf('u1')).not.toBe(launched);
  expect(await list({ state: 'open' })).toEqual([]);
});

test('what was dismissed changes nothing and is not asked again, but the rule may still join the two', async () => {
  const { reviewId, launched } = await doubtful();
  const { person_review: _items, ...before } = await read();
  expect(await dismiss(reviewId)).toMatchObject({ state: 'dismissed' });
  const { person_review: _now, ...after } = await read();
  expect(after).toEqual(before);
  expect((await world.link()).reviews).toBe(0);
  expect(await world.setRule('identifier')).toMatchObject({ joined: 1 });
  expect(await world.personOf('u1')).toBe(launched);
});

test('the same person under a new name takes the name of the roster', async () => {
  const { reviewId, personId } = await recycled();
  expect(await join(reviewId)).toMatchObject({
    state: 'joined',
    reason: 'recycled_sourced_id',
    mergeId: null,
  });
  expect(await world.personOf('u1')).toBe(personId);
  expect(await nameOf(personId)).toBe('Mary Somerville');
});

test('a user who is somebody else now gets a person of their own, and the one before keeps what they had', async () => {
  const { reviewId, personId } = await recycled();
  expect(await part(reviewId)).toMatchObject({ state: 'kept_apart' });
  const fresh = await world.personOf('u1');
  expect(fresh).not.toBe(personId);
  expect([await nameOf(fresh), await nameOf(personId)]).toEqual(['Mary Somerville', 'Ada Byron']);
  await world.link();
  expect(await world.personOf('u1')).toBe(fresh);
});

test('an item that things have overtaken can be dismissed only', async () => {
  const { reviewId } = await recycled();
  await superuser.query('delete from person_link where tenant_id = $1', [world.tenantId]);
  const before = await read();
  await expect(part(reviewId)).rejects.toMatchObject({ kind: 'conflict', code: 'review_overtaken' });
  expect(await read()).toEqual(before);
  expect(await dismiss(reviewId)).toMatchObject({ state: 'dismissed' });
});

test('an item is decided once, also by two at the same time, and has to be known', async () => {
  const { reviewId } = await doubtful();
  const both = await Promise.allSettled([join(reviewId), part(reviewId)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { kind: 'conflict', code: 'review_decided' },
  });
  for (const decide of [join, part, dismiss]) {
    await expect(decide(reviewId)).rejects.toMatchObject({ code: 'review_decided' });
    await expect(decide(newId<ReviewId>())).rejects.toMatchObject({
      kind: 'not_found',
      code: 'review_unknown',
    });
  }
});

test('items are listed by state, reason and connection, page by page', async () => {
  await world.setRule('identifier');
  const users = ['u1', 'u2', 'u3'];
  for (const user of users) await world.addUser(user, { identifier: '100', givenName: 'Ada' });
  await world.link(1);
  const all = await list();
  expect(all.length).toBeGreaterThan(1);
  const pages = [];
  for (let after: ReviewId | undefined; ; ) {
    const [item] = await list({ limit: 1, after });
    if (item === undefined) break;
    pages.push(item);
    after = item.reviewId;
  }
  expect(pages).toEqual(all);
  await dismiss(all[0]!.reviewId);
  expect(await list({ state: 'open' })).toEqual(all.slice(1));
  expect(await list({ state: 'dismissed' })).toMatchObject([{ reviewId: all[0]!.reviewId }]);
  expect(await list({ reason: all[0]!.reason })).toHaveLength(all.length);
  expect(await list({ reason: 'email_only' })).toEqual([]);
  expect(await list({ connectionId: world.lms })).toEqual([]);
});

test('decisions are on record, without what the persons are called', async () => {
  const { reviewId, launched, rostered } = await doubtful();
  await part(reviewId);
  const { rows } = await superuser.query(
    `select e.action, e.subject, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and action like 'person_review.%'`,
    [world.tenantId],
  );
  expect(rows).toEqual([
    {
      action: 'person_review.kept_apart',
      subject: `person_review:${reviewId}`,
      after: { personId: rostered, otherId: launched, reviewReason: 'email_only' },
    },
  ]);
});

test('a school’s items and rule are out of another’s reach', async () => {
  const { reviewId } = await doubtful();
  await world.setRule('username');
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  await other.tx(async (tx) => {
    expect(await listReviews(tx, { limit: 10 })).toEqual([]);
    expect(await findMatchRule(tx)).toBeUndefined();
  });
  const before = await read();
  for (const decide of [getReview, dismissReview, keepApart]) {
    await expect(other.tx((tx) => decide(tx, reviewId, other.by))).rejects.toMatchObject({
      code: 'review_unknown',
    });
  }
  await expect(other.tx((tx) => joinReview(tx, reviewId, {}, other.by))).rejects.toMatchObject({
    code: 'review_unknown',
  });
  await other.setRule('identifier');
  expect(await read()).toEqual(before);
  expect(await world.tx((tx) => findMatchRule(tx))).toEqual({
    rosterColumn: 'username',
    linkField: 'lisPersonSourcedId',
  });
});

test('linking leaves the working rows of another school alone', async () => {
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  const someone = newId();
  await superuser.query(
    `insert into person_newcomer (tenant_id, connection_id, sourced_id, person_id) values ($1, $2, 'x', $3)`,
    [other.tenantId, other.sis, someone],
  );
  await superuser.query(
    `insert into person_linked_roster (tenant_id, connection_id, linked_run, wanted_run) values ($1, $2, 0, 1)`,
    [other.tenantId, other.sis],
  );
  const own = async () => {
    const { rows } = await superuser.query(
      `select to_jsonb(n) || to_jsonb(r) as row from person_newcomer n, person_linked_roster r
       where n.tenant_id = $1 and r.tenant_id = $1`,
      [other.tenantId],
    );
    return rows;
  };
  const before = await own();
  await world.addUser('u1', ada);
  expect(await world.link(1)).toMatchObject({ seen: 1, created: 1 });
  expect(await own()).toEqual(before);
  expect(before).toHaveLength(1);
});
