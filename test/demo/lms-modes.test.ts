import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { opaqueId } from '../../src/demo/lms/claims.ts';
import { isMode, modes } from '../../src/demo/lms/grades/modes.ts';
import {
  askToken,
  callService,
  endpointOf,
  type LmsAlone,
  postScore,
  readResults,
  startLmsAlone,
} from './support/lms-alone.ts';
import { send } from './support/user-agent.ts';

let alone: LmsAlone;
let token: string;
let lineItem: string;
let now = Date.now();

beforeAll(async () => {
  alone = await startLmsAlone({ now: () => now });
  token = (await askToken(alone)).body.access_token;
  lineItem = endpointOf(alone, 'ns-cell-lab').lineitem!;
});
afterEach(() => alone.lms.modes.set('northside', 'normal'));
afterAll(() => alone.close());

let sent = 0;
function post() {
  sent += 1;
  const timestamp = new Date(Date.UTC(2026, 2, 1) + sent).toISOString();
  return postScore(token, lineItem, { userId: opaqueId('sub', 'ns-nwosu'), scoreGiven: sent, timestamp });
}
const lastScore = async () => (await readResults(token, lineItem)).body[0]?.resultScore;

test('slow: the answer comes late, and the score is there', async () => {
  alone.lms.modes.set('northside', 'slow');
  const before = performance.now();
  expect((await post()).status).toBe(204);
  expect(performance.now() - before).toBeGreaterThan(50);
  expect(await lastScore()).toBe(sent);
});

test('down: nothing is answered but 503, at that school only', async () => {
  alone.lms.modes.set('northside', 'down');
  expect((await post()).status).toBe(503);
  expect((await callService(token, lineItem)).status).toBe(503);
  const { lineitems } = endpointOf(alone, 'rb-probability-quiz', 'rb-larsen');
  expect((await callService(token, lineitems)).status).toBe(200);
});

test('throttling: one score in ten seconds, the others are told when to come again', async () => {
  alone.lms.modes.set('northside', 'throttling');
  expect((await post()).status).toBe(204);
  now += 4_000;
  const early = await post();
  expect([early.status, early.headers.get('retry-after')]).toEqual([429, '6']);
  expect((await callService(token, lineItem)).status).toBe(200);
  now += 6_000;
  expect((await post()).status).toBe(204);
});

test.each([
  ['refusing', 422],
  ['forbidding', 403],
  ['switched_off', 401],
] as const)('%s: a score is answered by %i and not stored', async (mode, status) => {
  const before = await lastScore();
  alone.lms.modes.set('northside', mode);
  expect((await post()).status).toBe(status);
  alone.lms.modes.set('northside', 'normal');
  expect(await lastScore()).toBe(before);
});

test('storing_fails: the answer is 500, the score is there, and the same one again is a conflict', async () => {
  alone.lms.modes.set('northside', 'storing_fails');
  expect((await post()).status).toBe(500);
  expect(await lastScore()).toBe(sent);
  sent -= 1;
  expect((await post()).status).toBe(409);
});

test.each(['constructor', '', undefined, 'DOWN'])('there is no mode %o', (text) => {
  expect(isMode(text)).toBe(false);
});

async function actAs(person: string): Promise<string[]> {
  const course = `${alone.lms.baseUrl}/schools/northside`;
  const { setCookies } = await send(course);
  await send(`${course}/act-as`, { form: { person }, cookies: setCookies });
  return setCookies;
}

test('a teacher chooses the mode on the gradebook page, and is told the command', async () => {
  const cookies = await actAs('ns-okafor');
  const url = `${alone.lms.baseUrl}/schools/northside/gradebook`;
  const page = (await send(url, { cookies })).body;
  const offered = [...page.matchAll(/name="mode" value="([^"]*)"/g)].map((input) => input[1]);
  expect(offered).toEqual(Object.keys(modes));
  expect(page).toContain('show --tenant northside');
  const answer = await send(`${url}/mode`, { form: { mode: 'down' }, cookies });
  expect(answer.location).toBe('/schools/northside/gradebook');
  expect(alone.lms.modes.of('northside')).toBe('down');
  expect((await send(url, { cookies })).body).toContain(modes.down.lms);
});

test.each([
  ['a pupil', 'ns-nwosu', { mode: 'down' }, {}],
  ['an assistant', 'ns-whitfield', { mode: 'down' }, {}],
  ['a form on another site', 'ns-okafor', { mode: 'down' }, { 'sec-fetch-site': 'cross-site' }],
  ['a mode that is not there', 'ns-okafor', { mode: 'constructor' }, {}],
])('the mode stays as it is for %s', async (_name, person, form, headers) => {
  const url = `${alone.lms.baseUrl}/schools/northside/gradebook`;
  const cookies = await actAs(person);
  expect((await send(`${url}/mode`, { form: form as Record<string, string>, cookies, headers })).status).toBe(
    403,
  );
  expect(alone.lms.modes.of('northside')).toBe('normal');
});

test('only a teacher is shown the choice', async () => {
  const cookies = await actAs('ns-nwosu');
  const page = await send(`${alone.lms.baseUrl}/schools/northside/gradebook`, { cookies });
  expect(page.body).not.toContain('name="mode"');
});
