import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { decideKnown } from '../../../src/lti/ags/results.ts';
import type { LmsResult } from '../../../src/lti/lms/gradebook.ts';
import { setPolicy } from '../../../src/privacy/policies.ts';
import type { PolicyRules } from '../../../src/privacy/policy.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { startAgsWorld } from './support/ags-world.ts';

const testDatabase = await createTestDatabase();
const world = await startAgsWorld(testDatabase);
const { addItem, addPerson, call, gradebook, pathOf, issuer } = world;
const { course } = await world.addSchool('north');

const result = (subject: string, changes: Partial<LmsResult> = {}): LmsResult => ({
  subject,
  resultScore: 5,
  resultMaximum: 10,
  comment: undefined,
  scoringUserId: undefined,
  ...changes,
});

let items = 0;
/** A line item with results at the LMS. */
async function itemWith(results: LmsResult[]) {
  const url = `https://lms.example/items/${++items}`;
  gradebook.results.set(url, results);
  const path = pathOf(course, `/${await addItem(course, url)}`);
  return { results: `${path}/results`, id: `${issuer}${path}` };
}

test('results are read live, under the tool’s names for people', async () => {
  const teacher = await addPerson(course, 'teacher');
  const ada = await addPerson(course, 'ada');
  const item = await itemWith([
    result('ada', { resultScore: 0, comment: 'Again', scoringUserId: 'teacher' }),
  ]);
  const { status, json, headers } = await call(item.results);
  expect([status, headers.get('content-type')]).toEqual([200, mediaType.resultContainer]);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(json).toEqual([
    {
      id: `${item.id}/results/${ada}`,
      scoreOf: item.id,
      userId: ada,
      resultScore: 0,
      resultMaximum: 10,
      comment: 'Again',
      scoringUserId: teacher,
    },
  ]);
});

test('persons the tool has not met are left out, and so is who scored if the tool does not know them', async () => {
  const ben = await addPerson(course, 'ben');
  await addPerson(course, 'cy', null);
  await addPerson(course, 'dee', world.otherTool.toolId);
  const item = await itemWith([
    result('ben', { scoringUserId: 'cy' }),
    result('cy'),
    result('dee'),
    result('unheard of'),
    result('x\u0000'),
  ]);
  const { json, text } = await call(item.results);
  expect(json.map(({ userId }: { userId: string }) => userId)).toEqual([ben]);
  expect(json[0]).not.toHaveProperty('scoringUserId');
  expect(text).not.toMatch(/"(ben|cy|dee)"|unheard/);
});

test.each<[string, PolicyRules, string, string | undefined]>([
  ['without names', templates.anonymous, 'anonymous', undefined],
  ['stored before there was such a field', { grades: {} }, 'older', undefined],
  ['that allows it for launches', { launch: { 'result.comment': 'allow' } }, 'other', undefined],
  [
    'that hashes it',
    { grades: { 'result.comment': 'hash' } },
    'hashed',
    expect.stringMatching(/^[\w-]{43}$/),
  ],
  ['with names', templates.names, 'names', 'Well done, Ada'],
])('under a policy %s a comment is released accordingly', async (_policy, rules, slug, expected) => {
  const { course: school } = await world.addSchool(slug);
  await testDatabase.database.withTenant(school.tenantId, (tx) =>
    setPolicy(tx, world.tool.toolId, rules, by()),
  );
  await addPerson(school, 'ada');
  const url = `https://lms.example/items/${slug}`;
  gradebook.results.set(url, [result('ada', { comment: 'Well done, Ada' })]);
  const { status, json } = await call(`${pathOf(school, `/${await addItem(school, url)}`)}/results`);
  expect([status, json[0]!.resultScore, json[0]!.comment]).toEqual([200, 5, expected]);
});

test('a result without a score has none', async () => {
  const eve = await addPerson(course, 'eve');
  const item = await itemWith([result('eve', { resultScore: undefined, resultMaximum: undefined })]);
  expect((await call(item.results)).json).toEqual([
    { id: `${item.id}/results/${eve}`, scoreOf: item.id, userId: eve },
  ]);
});

test('user_id asks for one person, also at an LMS that ignores it', async () => {
  const [fay] = [await addPerson(course, 'fay'), await addPerson(course, 'gus')];
  const item = await itemWith([result('gus'), result('fay')]);
  const { json } = await call(`${item.results}?user_id=${fay}`);
  expect(json.map(({ userId }: { userId: string }) => userId)).toEqual([fay]);
  expect(gradebook.calls.at(-1)?.given[1]).toBe('fay');
});

test('user_id of nobody the tool knows is an empty list, and the LMS is not asked', async () => {
  const item = await itemWith([result('fay')]);
  const theirs = await addPerson(course, 'hal', world.otherTool.toolId);
  const before = gradebook.calls.length;
  for (const userId of ['fay', theirs, 'nobody', '%00']) {
    const { status, json } = await call(`${item.results}?user_id=${userId}`);
    expect([status, json]).toEqual([200, []]);
  }
  expect(gradebook.calls.length).toBe(before);
});

test('pages hang together by Link headers, each person once', async () => {
  const names = ['p1', 'p2', 'p3', 'p4', 'p5'];
  const subs = [];
  for (const name of names) subs.push(await addPerson(course, name));
  const item = await itemWith(names.map((name) => result(name)));
  const seen: string[] = [];
  const sizes: number[] = [];
  let path: string | undefined = `${item.results}?limit=2`;
  while (path !== undefined) {
    const { json, headers } = await call(path);
    sizes.push(json.length);
    seen.push(...json.map(({ userId }: { userId: string }) => userId));
    path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]?.slice(issuer.length);
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(seen.sort()).toEqual(subs.sort());
});

test('of several results of one person, one with a score is shown', () => {
  const subs = new Map([
    ['a', 'one'],
    ['b', 'one'],
    ['c', 'one'],
  ]);
  const known = decideKnown(
    [
      result('a', { resultScore: undefined }),
      result('b', { resultScore: 3 }),
      result('c', { resultScore: 4 }),
    ],
    subs,
  );
  expect(known.map(({ sub, result: { resultScore } }) => [sub, resultScore])).toEqual([['one', 3]]);
});

test('only the scope for results lets them be read', async () => {
  const item = await itemWith([]);
  for (const scope of [agsScope.lineItem, agsScope.score]) {
    const { status, json } = await call(item.results, { scopes: [scope] });
    expect([status, json.code]).toEqual([403, 'insufficient_scope']);
  }
  expect((await call(item.results, { scopes: [agsScope.resultReadonly] })).status).toBe(200);
});
