import { expect, test } from 'vitest';
import { opaqueId } from '../../../src/demo/lms/claims.ts';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { gradeCallsPath } from './grade-calls.ts';
import { openSession, readFacts, type SchoolSlug, type Session } from './launch.ts';
import type { GradeAnswer, GradeCall } from './messages.ts';
import { ltijsLink, startLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { world: worldWithLtijs, grades: true });
await startLtijs(testDatabase, world, { northside: 'names_and_email', riverbend: 'anonymous' });
const { gradebook } = world.lms;

const full = { activityProgress: 'Completed', gradingProgress: 'FullyGraded' };

interface LineItem {
  id: string;
  label: string;
  scoreMaximum: number;
  resourceLinkId?: string;
  tag?: string;
}

/** A page of a list, as ltijs gives it. */
interface Page<Entry> {
  lineItems: Entry[];
  scores: Entry[];
  next?: string;
}

/** Somebody in ltijs, with the one line item of its link. */
interface Visitor {
  session: Session;
  sub: string;
  lineItem: string;
}

async function open(person: string, school: SchoolSlug = 'northside'): Promise<Visitor> {
  const session = await openSession(world, person, school);
  const { sub, lineItem } = await readFacts(session);
  return { session, sub, lineItem: String(lineItem) };
}

async function ask({ session }: Visitor, call: GradeCall): Promise<GradeAnswer> {
  const address = new URL(gradeCallsPath, session.page);
  address.search = new URL(session.page).search;
  const { status, body } = await send(address.href, {
    form: { call: JSON.stringify(call) },
    cookies: session.cookies,
  });
  if (status !== 200) throw new Error(`ltijs answered ${status}: ${body}`);
  return JSON.parse(body) as GradeAnswer;
}

/** @returns what a method of ltijs's Grade service gives; throws where it does */
async function call<T>(visitor: Visitor, method: string, ...given: unknown[]): Promise<T> {
  const answer = await ask(visitor, { method, given });
  if (answer.kind !== 'done') throw new Error(`${method}: ${JSON.stringify(answer)}`);
  return answer.value as T;
}

const refused = (status: number, code: string) => ({
  kind: 'refused',
  status,
  body: expect.stringContaining(`"code":"${code}"`),
});

/** What the LMS's gradebook says of a person at the link of ltijs. */
function shown(person: string, school: SchoolSlug = 'northside') {
  const { course } = worldWithLtijs.schools.find(({ slug }) => slug === school)!;
  const [item] = gradebook.coupledTo(course.id, opaqueId('link', ltijsLink(school)));
  return item && gradebook.findScore(item, person);
}

async function countDeliveries(): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select count(*)::int as count from grade_delivery');
  return rows[0].count;
}

const arrives = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 20 });

test('a score of ltijs arrives in the gradebook, can be read back, and gives way to a newer one', async () => {
  const pupil = await open('ns-nwosu');
  await call(pupil, 'submitScore', pupil.lineItem, { scoreGiven: 12, scoreMaximum: 20, ...full });
  await arrives(() => shown('ns-nwosu')?.scoreGiven).toBe(12);
  const read = () => call<Page<unknown>>(pupil, 'getScores', pupil.lineItem, { userId: pupil.sub });
  const result = { userId: pupil.sub, scoreOf: pupil.lineItem, resultMaximum: 20 };
  expect((await read()).scores).toEqual([expect.objectContaining({ ...result, resultScore: 12 })]);

  const better = { scoreGiven: 17.5, scoreMaximum: 20, comment: 'Well done — ¡bravo!', ...full };
  await call(pupil, 'submitScore', pupil.lineItem, better);
  await arrives(() => shown('ns-nwosu')?.scoreGiven).toBe(17.5);
  expect((await read()).scores).toEqual([
    expect.objectContaining({ ...result, resultScore: 17.5, comment: better.comment }),
  ]);
});

test('a score whose timestamp is older than one before it is refused', async () => {
  const pupil = await open('ns-castillo');
  const submit = (scoreGiven: number, clockBehindMs = 0) => {
    const score = { scoreGiven, scoreMaximum: 20, ...full };
    return ask(pupil, { method: 'submitScore', given: [pupil.lineItem, score], clockBehindMs });
  };
  expect(await submit(9)).toMatchObject({ kind: 'done' });
  expect(await submit(3, 30_000)).toEqual(refused(409, 'score_stale'));
  expect(await submit(10)).toMatchObject({ kind: 'done' });
  await arrives(() => shown('ns-castillo')?.scoreGiven).toBe(10);
});

test('a teacher in ltijs sends scores for others, with the maximum of the line item', async () => {
  const pupils = [await open('ns-park'), await open('ns-fischer')];
  const teacher = await open('ns-okafor');
  for (const [index, { sub }] of pupils.entries()) {
    // ltijs reads the maximum from the line item where it is left out.
    await call(teacher, 'submitScore', teacher.lineItem, { userId: sub, scoreGiven: index, ...full });
  }
  await arrives(() => [shown('ns-park')?.scoreGiven, shown('ns-fischer')?.scoreGiven]).toEqual([0, 1]);
  expect(shown('ns-park')?.scoreMaximum).toBe(20);

  const seen: unknown[] = [];
  let page = await call<Page<{ userId: string }>>(teacher, 'getScores', teacher.lineItem, { limit: 1 });
  for (;;) {
    expect(page.scores).toHaveLength(1);
    seen.push(page.scores[0]!.userId);
    if (page.next === undefined) break;
    page = await call(teacher, 'getScores', teacher.lineItem, { url: page.next });
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(pupils.map(({ sub }) => sub)));
});

test('a score for somebody whom ltijs never met at this school is refused', async () => {
  const teacher = await open('ns-okafor');
  const { sub: elsewhere } = await open('rb-chen', 'riverbend');
  const accepted = await countDeliveries();
  for (const userId of [elsewhere, opaqueId('sub', 'ns-nwosu'), 'nobody']) {
    const score = { userId, scoreGiven: 20, scoreMaximum: 20, ...full };
    const answer = await ask(teacher, { method: 'submitScore', given: [teacher.lineItem, score] });
    expect(answer).toEqual(refused(404, 'user_unknown'));
  }
  expect(await countDeliveries()).toBe(accepted);
});

test('a pupil whom the school’s policy does not name gets the score all the same', async () => {
  const pupil = await open('rb-haddad', 'riverbend');
  await call(pupil, 'submitScore', pupil.lineItem, { scoreGiven: 5, ...full });
  await arrives(() => shown('rb-haddad', 'riverbend')?.scoreGiven).toBe(5);
  const { scores } = await call<Page<unknown>>(pupil, 'getScores', pupil.lineItem);
  expect(scores).toEqual([expect.objectContaining({ userId: pupil.sub, resultScore: 5 })]);
});

test('the calls of older tools made with ltijs, which name no line item, come to that of their link', async () => {
  const pupil = await open('ns-test');
  const published = await call(pupil, 'scorePublish', { scoreGiven: 15, ...full });
  expect(published).toEqual({ success: [{ lineitem: pupil.lineItem }], failure: [] });
  await arrives(() => shown('ns-test')?.scoreGiven).toBe(15);
  expect(await call(pupil, 'result', { userId: pupil.sub })).toEqual([
    { lineitem: pupil.lineItem, results: [expect.objectContaining({ resultScore: 15 })] },
  ]);
});

test('ltijs makes, finds, changes and deletes line items of its own, and sees no others', async () => {
  const teacher = await open('ns-okafor');
  const list = (options: object) => call<Page<LineItem>>(teacher, 'getLineItems', options);
  const made: LineItem[] = [];
  for (const [label, bound] of [
    ['Quiz', true],
    ['Essay', false],
  ] as const) {
    const item = { label, scoreMaximum: 8, tag: 'made', resourceId: label.toLowerCase() };
    made.push(await call<LineItem>(teacher, 'createLineItem', item, { resourceLinkId: bound }));
  }
  const [quiz, essay] = made as [LineItem, LineItem];
  expect(quiz.resourceLinkId).toBeDefined();
  expect(essay.resourceLinkId).toBeUndefined();
  // The sample tool's columns are in the same gradebook, under the same registration of the hub.
  const labels = (await list({})).lineItems.map(({ label }) => label).sort();
  expect(labels).toEqual(['Essay', 'Made with ltijs', 'Quiz']);
  expect((await list({ tag: 'made', resourceId: 'essay' })).lineItems).toEqual([essay]);
  const atLink = (await list({ resourceLinkId: true })).lineItems.map(({ id }) => id);
  expect(atLink.sort()).toEqual([quiz.id, teacher.lineItem].sort());
  const first = await list({ limit: 2 });
  const rest = await list({ url: first.next });
  expect([first.lineItems.length, rest.lineItems.length, rest.next]).toEqual([2, 1, undefined]);

  const changed = { ...essay, label: 'Essay, second draft', scoreMaximum: 10 };
  expect(await call(teacher, 'updateLineItemById', essay.id, changed)).toEqual(changed);
  expect(await call(teacher, 'getLineItemById', essay.id)).toEqual(changed);

  for (const { id } of made) expect(await call(teacher, 'deleteLineItemById', id)).toBe(true);
  expect((await list({})).lineItems.map(({ label }) => label)).toEqual(['Made with ltijs']);
  const gone = refused(404, 'line_item_unknown');
  expect(await ask(teacher, { method: 'getLineItemById', given: [essay.id] })).toEqual(gone);
  const score = { scoreGiven: 1, scoreMaximum: 10, ...full };
  expect(await ask(teacher, { method: 'submitScore', given: [essay.id, score] })).toEqual(gone);
});
