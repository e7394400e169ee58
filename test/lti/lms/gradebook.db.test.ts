import { expect, test } from 'vitest';
import { setDeploymentStatus } from '../../../src/connections/deployments.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { createLmsWorld, createScriptedLms, lineItemUrl, lmsUrl, type ScriptedAnswer } from './lms-world.ts';

const testDatabase = await createTestDatabase();
const world = await createLmsWorld(testDatabase);
const course = await world.school('gradebook');
const itemsUrl = `${lmsUrl}/courses/7/items`;

const item = { id: lineItemUrl, label: 'Quiz', scoreMaximum: 10, resourceId: 'r', tag: 'grade' };

/** A gradebook that answers its calls in turn. */
function answering(...answers: ScriptedAnswer[]) {
  const lms = createScriptedLms();
  lms.onCall = () => answers.shift() ?? { status: 500 };
  const { gradebook } = world.copy(lms.fetch);
  const calls = () => lms.requests.filter(({ url }) => !url.endsWith('/token'));
  return { gradebook, calls };
}

const page = (body: unknown, next?: string): ScriptedAnswer => ({
  status: 200,
  body,
  headers: next === undefined ? {} : { link: `<${next}>; rel="next"` },
});

test('every page is read, with the filters and the media type of a container', async () => {
  const { gradebook, calls } = answering(
    page([item], `${itemsUrl}?page=2`),
    page([{ ...item, id: `${itemsUrl}/4` }]),
  );
  const filters = { resourceLinkId: undefined, resourceId: 'r', tag: 'grade' } as never;
  const items = await gradebook.listLineItems(course, itemsUrl, filters);
  expect(items.map(({ id }) => id)).toEqual([lineItemUrl, `${itemsUrl}/4`]);
  expect(calls().map(({ url }) => url)).toEqual([
    `${itemsUrl}?resource_id=r&tag=grade&limit=100`,
    `${itemsUrl}?page=2`,
  ]);
  for (const { headers } of calls()) {
    expect(headers?.accept).toBe('application/vnd.ims.lis.v2.lineitemcontainer+json');
  }
});

test('what the LMS lets through its filters is filtered again', async () => {
  const { gradebook } = answering(page([item, { ...item, id: `${itemsUrl}/4`, tag: 'other' }]));
  const items = await gradebook.listLineItems(course, itemsUrl, { tag: 'grade' });
  expect(items.map(({ id }) => id)).toEqual([lineItemUrl]);
});

test('entries that are no line items are left out, odd ones are read as they are meant', async () => {
  const odd = { id: lineItemUrl, label: null, scoreMaximum: '10.5', tag: null, resourceLinkId: 12, extra: 1 };
  const { gradebook } = answering(
    page(['x', null, { label: 'no id', scoreMaximum: 1 }, { ...item, id: 'x'.repeat(2001) }, odd]),
  );
  expect(await gradebook.listLineItems(course, itemsUrl, {})).toEqual([
    { id: lineItemUrl, label: '', scoreMaximum: 10.5, resourceLinkId: '12', extensions: {} },
  ]);
});

test.each(['items/3', 'javascript:alert(1)', 'ftp://lms.example/3', `${lmsUrl}/\0`, `${lmsUrl}/\ud800`])(
  'an entry whose id is no web address is left out: %j',
  async (id) => {
    const { gradebook } = answering(page([{ ...item, id }, item]));
    const items = await gradebook.listLineItems(course, itemsUrl, {});
    expect(items.map((each) => each.id)).toEqual([lineItemUrl]);
  },
);

test('an extension nested so deep that nobody could write it again is left out', async () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const [deep, flat] = ['https://lms.example/deep', 'https://lms.example/flat'];
  const body = JSON.stringify(item).replace('{', `{"${deep}":${nested(50_000)},"${flat}":${nested(10)},`);
  const { gradebook } = answering({ status: 200, body });
  const { extensions } = await gradebook.readLineItem(course, lineItemUrl);
  expect(Object.keys(extensions)).toEqual([flat]);
});

test('pages that hold more than a copy should are not read to the end', async () => {
  const lms = createScriptedLms();
  let count = 0;
  const comment = 'x'.repeat(3_000_000);
  lms.onCall = () => page([{ userId: `p${count}`, comment }], `${lineItemUrl}/results?page=${++count}`);
  await expect(world.copy(lms.fetch).gradebook.readResults(course, lineItemUrl)).rejects.toMatchObject({
    code: 'lms_answer_invalid',
  });
  expect(count).toBe(12);
});

test.each([
  [`${itemsUrl}?page=2`.replace('https:', 'http:'), `${itemsUrl}?page=2`],
  ['//lms.example/courses/7/items?page=2', `${itemsUrl}?page=2`],
])('the next page %s is asked for over https, as the first was', async (next, asked) => {
  const { gradebook, calls } = answering(page([item], next), page([]));
  expect(await gradebook.listLineItems(course, itemsUrl, {})).toHaveLength(1);
  expect(calls()[1]?.url).toBe(asked);
});

test('a first page over http is not followed to https', async () => {
  const { gradebook, calls } = answering(page([item], `${itemsUrl}?page=2`), page([]));
  await expect(
    gradebook.listLineItems(course, itemsUrl.replace('https:', 'http:'), {}),
  ).rejects.toMatchObject({ code: 'lms_answer_invalid' });
  expect(calls()).toHaveLength(1);
});

test.each([
  ['another origin over http', page([item], 'http://evil.example/items?page=2')],
  [
    'another port over http',
    page([item], `${itemsUrl}?page=2`.replace('https://lms.example', 'http://lms.example:8080')),
  ],
  ['another origin', page([item], 'https://evil.example/items?page=2')],
  ['the same page again', page([item], `${itemsUrl}?limit=100`)],
  ['no list', page({ items: [] })],
  ['no JSON', { status: 200, body: '<h1>Log in</h1>' }],
])('a page that leads to %s is an invalid answer', async (_case, answer) => {
  const { gradebook, calls } = answering(answer, page([]));
  await expect(gradebook.listLineItems(course, itemsUrl, {})).rejects.toMatchObject({
    code: 'lms_answer_invalid',
  });
  expect(calls()).toHaveLength(1);
});

test('endless pages come to an end', async () => {
  const lms = createScriptedLms();
  let count = 0;
  lms.onCall = () => page([], `${itemsUrl}?page=${++count}`);
  const { gradebook } = world.copy(lms.fetch);
  await expect(gradebook.listLineItems(course, itemsUrl, {})).rejects.toMatchObject({
    code: 'lms_answer_invalid',
  });
  expect(count).toBe(1_000);
});

test('no more line items are read than a course can have', async () => {
  const lms = createScriptedLms();
  let count = 0;
  const full = Array.from({ length: 2_000 }, () => item);
  lms.onCall = () => page(full, `${itemsUrl}?page=${++count}`);
  const items = await world.copy(lms.fetch).gradebook.listLineItems(course, itemsUrl, {});
  expect(items).toHaveLength(5_000);
  expect(count).toBe(3);
});

test('a line item is made, read, changed and deleted as AGS says', async () => {
  const extensions = { 'https://canvas.instructure.com/lti/submission_type': { type: 'external_tool' } };
  const { gradebook, calls } = answering(
    { status: 201, body: { ...item, ...extensions, ltiLinkId: 'x' } },
    { status: 200, body: item },
    { status: 200 },
    { status: 204 },
  );
  const { id, ...draft } = item;
  const made = await gradebook.createLineItem(course, itemsUrl, { ...draft, extensions });
  expect(made).toEqual({ ...item, extensions });
  await gradebook.readLineItem(course, id);
  // An answer without a body: as it was sent.
  const renamed = { ...made, label: 'New name' };
  expect(await gradebook.updateLineItem(course, renamed)).toEqual(renamed);
  await gradebook.deleteLineItem(course, id);
  expect(calls().map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST ${itemsUrl}`,
    `GET ${id}`,
    `PUT ${id}`,
    `DELETE ${id}`,
  ]);
  expect(JSON.parse(String(calls()[0]!.body))).toEqual({ ...draft, ...extensions });
  expect(JSON.parse(String(calls()[2]!.body))).toEqual({ ...item, label: 'New name', ...extensions });
  const lineItemType = 'application/vnd.ims.lis.v2.lineitem+json';
  expect(calls()[0]!.headers).toMatchObject({ accept: lineItemType, 'content-type': lineItemType });
  expect(calls()[1]!.headers).toMatchObject({ accept: lineItemType });
});

test('how the LMS opens submissions goes back to it as it came', async () => {
  const submissionReview = { reviewableStatus: ['Completed'], custom: { level: '7' } };
  const { gradebook, calls } = answering(
    { status: 200, body: { ...item, submissionReview } },
    { status: 200 },
  );
  const read = await gradebook.readLineItem(course, item.id);
  await gradebook.updateLineItem(course, { ...read, label: 'New name' });
  expect(JSON.parse(String(calls()[1]!.body))).toEqual({ ...item, label: 'New name', submissionReview });
});

test('results are read before a query string, of one person where one is asked for', async () => {
  const mine = { userId: 'p1', resultScore: '8', resultMaximum: 10, comment: 'Good' };
  const { gradebook, calls } = answering(page([mine, { userId: 'p2', resultScore: null }]));
  const results = await gradebook.readResults(course, `${lineItemUrl}?type_id=7`, 'p1');
  expect(results).toEqual([{ subject: 'p1', resultScore: 8, resultMaximum: 10, comment: 'Good' }]);
  expect(calls()[0]!.url).toBe(`${lineItemUrl}/results?type_id=7&user_id=p1&limit=100`);
  expect(calls()[0]!.headers?.accept).toBe('application/vnd.ims.lis.v2.resultcontainer+json');
});

test.each<[ScriptedAnswer, string, Record<string, unknown>]>([
  [{ status: 404 }, 'lms_line_item_gone', { kind: 'not_found' }],
  [{ status: 410 }, 'lms_line_item_gone', { kind: 'not_found' }],
  [{ status: 400 }, 'lms_refused', { details: { status: 400 } }],
  [{ status: 403 }, 'lms_refused', { details: { status: 403 } }],
  [{ status: 503 }, 'lms_unavailable', { kind: 'upstream' }],
  [{ status: 429, headers: { 'retry-after': '3' } }, 'lms_unavailable', { details: { retryAfterMs: 3_000 } }],
  ['outbound_timeout', 'lms_unavailable', {}],
  ['outbound_answer_invalid', 'lms_answer_invalid', {}],
  ['outbound_address_refused', 'lms_misconfigured', { details: { reason: 'address_refused' } }],
])('a line item call answered %j fails as %s', async (answer, code, more) => {
  const { gradebook } = answering(answer);
  await expect(gradebook.readLineItem(course, lineItemUrl)).rejects.toMatchObject({ code, ...more });
});

test('a course without a gradebook is a refusal, not a line item that is gone', async () => {
  const { gradebook } = answering({ status: 404 });
  await expect(gradebook.listLineItems(course, itemsUrl, {})).rejects.toMatchObject({
    code: 'lms_refused',
    details: { status: 404 },
  });
});

test('what the LMS wrote in a refusal is not told', async () => {
  const { gradebook } = answering({ status: 400, body: 'Jane Doe is not enrolled' });
  const error = await gradebook.readLineItem(course, lineItemUrl).catch((thrown: Error) => thrown);
  expect(JSON.stringify([error, String(error)])).not.toContain('Jane');
});

test('a connection or deployment that is switched off, or another tenant’s, is not called', async () => {
  const off = await world.school('switched-off');
  const { gradebook, calls } = answering();
  const other = { ...course, tenantId: off.tenantId };
  await testDatabase.database.withTenant(off.tenantId, (tx) =>
    setDeploymentStatus(tx, off.connectionId, off.deploymentId, 'disabled', by()),
  );
  for (const closed of [off, other, { ...course, deploymentId: 'unknown' }]) {
    await expect(gradebook.readLineItem(closed, lineItemUrl)).rejects.toMatchObject({
      code: 'lms_misconfigured',
      details: { reason: 'connection_disabled' },
    });
  }
  expect(calls()).toEqual([]);
});
