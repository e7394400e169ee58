import { beforeEach, expect, test } from 'vitest';
import { createPeopleWorld, type PeopleWorld } from '../../people/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
let number = 0;
let slug: string;
let people: PeopleWorld;
let reviewId: string;
let launched: string;
let rostered: string;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

const ada = { givenName: 'Ada', familyName: 'Byron', email: 'ada@school.example' };

/** Two persons with one address: a launch has met one, the roster has the other. */
beforeEach(async () => {
  slug = `people-${++number}`;
  people = await createPeopleWorld(testDatabase, slug);
  launched = await people.addLaunched('s1', { ...ada, claimedId: '100' });
  await people.addUser('u1', { ...ada, identifier: '100' });
  await people.link(1);
  rostered = await people.personOf('u1');
  const [item] = await people.reviews();
  reviewId = item!.reviewId;
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, reviewId, ...params } });
});

const actions = async () =>
  (await call('listAudit')).body.events.map(({ action }: { action: string }) => action);

test('the queue says why, by ids and names of fields; nobody’s name and no identifier is in it', async () => {
  const list = await call('listReviews');
  expect(list.body).toMatchObject({
    reviews: [{ reviewId, reason: 'email_only', state: 'open', personId: expect.any(String) }],
    next: null,
  });
  const one = await call('showReview');
  expect([one.body.review.person.personId, one.body.review.other.personId].sort()).toEqual(
    [launched, rostered].sort(),
  );
  for (const { text } of [list, one]) expect(text).not.toMatch(/ada|byron|"u1"|"s1"/i);
  expect(await actions()).not.toContain('people.shown');
});

test('names are shown to whoever asks for them, and that they did is on record', async () => {
  const names = await call('discloseReview', { body: { show: ['names'], reason: 'Ticket 4711' } });
  expect(names.text).toContain('Ada Byron');
  expect(names.text).not.toMatch(/"u1"|"s1"/);
  const identifiers = await call('discloseReview', { body: { show: ['identifiers'] } });
  expect(identifiers.body.review.sourcedId).toBe('u1');
  expect(identifiers.text).not.toContain('Ada Byron');
  const { body } = await call('listAudit', { query: { action: 'people.shown' } });
  expect(body.events[1]).toMatchObject({
    values: { reason: 'Ticket 4711', after: { shown: ['names'], of: [`person_review:${reviewId}`] } },
  });
});

test('two are joined, and undoing the merge opens the item again', async () => {
  const joined = await call('joinReview', { body: { keep: rostered, reason: 'The same' } });
  expect(joined.body.review).toMatchObject({ state: 'joined', mergeId: expect.any(String) });
  const { merges } = (await call('listMerges')).body;
  expect(merges).toMatchObject([
    { keptId: rostered, absorbedId: launched, undoneAt: null, moved: { links: 1 } },
  ]);
  const params = { mergeId: merges[0].mergeId };
  const undone = await call('unmergePeople', { params, body: { reason: 'Twins' } });
  expect(undone.body.merge).toMatchObject({ undoneAt: expect.any(String) });
  expect((await call('unmergePeople', { params })).body.code).toBe('merge_undone');
  expect(await actions()).toEqual(expect.arrayContaining(['person.merged', 'person.unmerged']));
});

test.each([
  ['keepReviewApart', 'kept_apart'],
  ['dismissReview', 'dismissed'],
] as const)('%s closes the item as %s, once', async (name, state) => {
  expect((await call(name, { body: { reason: 'Asked them' } })).body.review).toMatchObject({ state });
  expect(await call(name)).toMatchObject({ status: 409, body: { code: 'review_decided' } });
  expect((await call('listReviews')).body.reviews).toEqual([]);
  expect((await call('listReviews', { query: { state } })).body.reviews).toHaveLength(1);
});

test('two persons are merged by their ids', async () => {
  const merged = await call('mergePeople', { body: { keep: rostered, absorb: launched } });
  expect(merged).toMatchObject({ status: 201, body: { merge: { keptId: rostered } } });
  const capitals = { keep: rostered.toUpperCase(), absorb: launched.toUpperCase() };
  const again = await call('mergePeople', { body: capitals });
  expect(again).toMatchObject({ status: 409, body: { code: 'person_merged' } });
  const of = await call('listMerges', { query: { personId: launched } });
  expect(of.body.merges).toHaveLength(1);
});

test('the field by which people are the same is chosen and taken back', async () => {
  const rule = { rosterColumn: 'identifier', linkField: 'lisPersonSourcedId' };
  const chosen = await call('setMatchRule', { body: { rule, reason: 'As in August' } });
  expect(chosen.body).toMatchObject({ rule, joined: expect.any(Number) });
  expect((await call('showMatchRule')).body).toEqual({ rule });
  await call('setMatchRule', { body: { rule: null } });
  expect((await call('showMatchRule')).body).toEqual({ rule: null });
});

const unknown = '0199c5a4-0000-7000-8000-000000000000';
test.each([
  ['showReview', { params: { reviewId: unknown } }, 404, 'review_unknown'],
  ['discloseReview', { body: { show: [] } }, 400, 'request_invalid'],
  ['discloseReview', { body: { show: ['birthdays'] } }, 400, 'request_invalid'],
  ['joinReview', { body: { keep: unknown } }, 400, 'kept_person_invalid'],
  ['mergePeople', { body: { keep: unknown, absorb: unknown } }, 409, 'same_person'],
  ['mergePeople', { body: { keep: unknown, absorb: unknown.toUpperCase() } }, 409, 'same_person'],
  ['unmergePeople', { params: { mergeId: unknown } }, 404, 'merge_unknown'],
  [
    'setMatchRule',
    { body: { rule: { rosterColumn: 'shoe size', linkField: 'subject' } } },
    400,
    'match_rule_invalid',
  ],
] as const)('%s of %o is refused with %i %s', async (name, sent, status, code) => {
  expect(await call(name, sent as unknown as Sent)).toMatchObject({ status, body: { code } });
});

test('an item of another school is none here', async () => {
  const other = await createPeopleWorld(testDatabase, `${slug}-other`);
  expect(other.tenantId).not.toBe(people.tenantId);
  for (const name of ['showReview', 'joinReview', 'keepReviewApart', 'dismissReview'] as const) {
    const foreign = await call(name, { params: { slug: `${slug}-other` } });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'review_unknown' } });
  }
});
