import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';
import { lmsItem } from './support/fake-gradebook.ts';

const testDatabase = await createTestDatabase();
const world = await startAgsWorld(testDatabase);
const { addItem, addLink, call, gradebook, pathOf, issuer } = world;
const { course } = await world.addSchool('north');
const link = crypto.randomUUID();
const resourceLinkId = await addLink(course, link);

/** A line item of the tool, with one at the LMS behind it. */
async function startItem(changes: Parameters<typeof lmsItem>[1] = {}) {
  const url = `https://lms.example/items/${crypto.randomUUID()}`;
  const items = gradebook.containers.get(course.lineItemsUrl!) ?? [];
  gradebook.containers.set(course.lineItemsUrl!, [...items, lmsItem(url, changes)]);
  const path = pathOf(course, `/${await addItem(course, url)}`);
  const atLms = () => gradebook.containers.get(course.lineItemsUrl!)!.find(({ id }) => id === url);
  return { path, id: `${issuer}${path}`, url, atLms };
}

const put = (path: string, body: unknown, type: string = mediaType.lineItem) =>
  call(path, { method: 'PUT', body, type });

test('a line item is read live, under the hub’s ids', async () => {
  const { path, id } = await startItem({ resourceLinkId: link, tag: 'grade', label: 'Now' });
  const { status, json, headers } = await call(path);
  expect([status, headers.get('content-type')]).toEqual([200, mediaType.lineItem]);
  expect(json).toEqual({ id, label: 'Now', scoreMaximum: 10, tag: 'grade', resourceLinkId });
});

test.each(['somebody’s', 'x\0', '\ud800'])(
  'a link that is not the tool’s own is not shown: %j',
  async (name) => {
    const { path } = await startItem({ resourceLinkId: name });
    const { status, json } = await call(path);
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('resourceLinkId');
  },
);

test('label, maximum and dates change; what is left out stays as it is', async () => {
  const { path, id, atLms } = await startItem({
    resourceLinkId: link,
    resourceId: 'r',
    tag: 't',
    endDateTime: '2026-04-06T22:05:03Z',
  });
  const { status, json } = await put(path, { label: 'New', scoreMaximum: 20 });
  expect(status).toBe(200);
  const expected = {
    label: 'New',
    scoreMaximum: 20,
    resourceId: 'r',
    tag: 't',
    endDateTime: '2026-04-06T22:05:03Z',
  };
  expect(json).toEqual({ ...expected, id, resourceLinkId });
  expect(atLms()).toMatchObject({ ...expected, resourceLinkId: link });
});

test.each([
  ['label', { label: 'New' }, { label: 'New', scoreMaximum: 10 }],
  ['scoreMaximum', { scoreMaximum: 20 }, { label: 'Quiz', scoreMaximum: 20 }],
  ['tag', { tag: 't' }, { label: 'Quiz', scoreMaximum: 10, tag: 't' }],
])('a part with only %s changes that alone', async (_part, body, expected) => {
  const { path, id, atLms } = await startItem();
  const { status, json } = await put(path, body);
  expect([status, json]).toEqual([200, { id, ...expected }]);
  expect(atLms()).toMatchObject(expected);
});

test('what the LMS says of its own stays', async () => {
  const kept = {
    submissionReview: { reviewableStatus: ['Completed'], label: 'Review' },
    startDateTime: '2026-03-06T20:05:02Z',
    gradesReleased: true,
    extensions: { 'https://lms.example/kept': 1 },
  };
  const { path, atLms } = await startItem(kept);
  const { status, json } = await put(path, { label: 'New', scoreMaximum: 20 });
  expect([status, json.label]).toEqual([200, 'New']);
  expect(json).toMatchObject({ submissionReview: kept.submissionReview });
  expect(atLms()).toMatchObject({ ...kept, label: 'New', scoreMaximum: 20 });
});

test('the tool’s own resourceId and tag change as told, and null takes them away', async () => {
  const { path, atLms } = await startItem({ resourceId: 'r', tag: 't' });
  await put(path, { label: 'x', scoreMaximum: 1, resourceId: ' R2 ', tag: null });
  expect(atLms()).toMatchObject({ resourceId: ' R2 ', tag: undefined });
});

test('the item as it was read may be sent back', async () => {
  const { path } = await startItem({ resourceLinkId: link });
  const { json } = await call(path);
  expect((await put(path, { ...json, label: 'Back' })).json).toEqual({ ...json, label: 'Back' });
});

test.each([
  ['another id', { id: 'https://hub.example/other' }, 'id'],
  ['another link', { resourceLinkId: crypto.randomUUID() }, 'resourceLinkId'],
  ['no link where there is one', { resourceLinkId: null }, 'resourceLinkId'],
  ['a blank label', { label: '' }, 'label'],
  ['no label at all', { label: null }, 'label'],
  ['a maximum of 0', { scoreMaximum: 0 }, 'scoreMaximum'],
  ['a maximum in words', { scoreMaximum: '10' }, 'scoreMaximum'],
])('a change to %s is refused, and nothing changes', async (_name, changes, member) => {
  const { path, atLms } = await startItem({ resourceLinkId: link });
  const before = atLms();
  const { status, json } = await put(path, { label: 'x', scoreMaximum: 1, ...changes });
  expect([status, json.code, json.details.issues[0]!.path]).toEqual([400, 'line_item_invalid', member]);
  expect(atLms()).toEqual(before);
});

test('a deleted line item is gone at the LMS and here', async () => {
  const { path, atLms } = await startItem();
  const { status, text } = await call(path, { method: 'DELETE' });
  expect([status, text]).toEqual([204, '']);
  expect(atLms()).toBeUndefined();
  for (const [method, rest] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/results'],
  ] as const) {
    const { status, json } = await call(`${path}${rest}`, { method });
    expect([status, json.code]).toEqual([404, 'line_item_unknown']);
  }
});

test('one that is gone at the LMS already is deleted all the same', async () => {
  const { path } = await startItem();
  gradebook.containers.clear();
  expect((await call(path)).json.code).toBe('line_item_unknown');
  expect((await call(path, { method: 'DELETE' })).status).toBe(204);
  expect((await call(path, { method: 'DELETE' })).status).toBe(404);
});

test('one that the LMS keeps stays', async () => {
  const { path } = await startItem();
  gradebook.failure = new DomainError('upstream', 'lms_refused', 'secret https://lms.example/9', {
    details: { status: 403, url: 'https://lms.example/9' },
  });
  const { status, json, text } = await call(path, { method: 'DELETE' });
  gradebook.failure = undefined;
  expect([status, json.code]).toEqual([403, 'lms_refused']);
  expect(text).not.toContain('lms.example');
  expect((await call(path)).status).toBe(200);
});

test.each([
  ['lms_unavailable', 'upstream', {}, 503],
  ['lms_answer_invalid', 'upstream', {}, 502],
  ['lms_misconfigured', 'conflict', { reason: 'token_refused' }, 502],
  ['lms_refused', 'upstream', { status: 403 }, 403],
  ['lms_refused', 'upstream', { status: 422 }, 400],
  ['lms_refused', 'upstream', { status: 409 }, 502],
] as const)(
  '%s of the LMS (%s %o) is told as %i, without a word of the LMS',
  async (code, kind, details, status) => {
    const { path } = await startItem();
    gradebook.failure = new DomainError(kind, code, 'GET https://lms.example/items: no', { details });
    const reply = await call(path);
    gradebook.failure = undefined;
    expect([reply.status, reply.json.code]).toEqual([status, code]);
    expect(reply.text).not.toContain('lms.example');
    expect(reply.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
  },
);

test('the scopes: lineitem for all, lineitem.readonly for reading', async () => {
  const { path } = await startItem();
  const status = async (method: string, scope: string) =>
    (
      await call(path, {
        method,
        scopes: [scope],
        ...(method === 'PUT' && { body: { label: 'x', scoreMaximum: 1 }, type: mediaType.lineItem }),
      })
    ).status;
  for (const scope of [agsScope.score, agsScope.resultReadonly]) expect(await status('GET', scope)).toBe(403);
  expect(await status('GET', agsScope.lineItemReadonly)).toBe(200);
  expect(await status('PUT', agsScope.lineItemReadonly)).toBe(403);
  expect(await status('DELETE', agsScope.lineItemReadonly)).toBe(403);
  expect(await status('GET', agsScope.lineItem)).toBe(200);
  expect(await status('PUT', agsScope.lineItem)).toBe(200);
  expect(await status('DELETE', agsScope.lineItem)).toBe(204);
});

test.each([
  ['', 'PATCH', 'GET, PUT, DELETE, HEAD, OPTIONS'],
  ['', 'POST', 'GET, PUT, DELETE, HEAD, OPTIONS'],
  ['/scores', 'GET', 'POST, OPTIONS'],
  ['/results', 'POST', 'GET, HEAD, OPTIONS'],
])('an address %s answers %s with what it allows', async (rest, method, allow) => {
  const { path } = await startItem();
  const { status, headers, json } = await call(`${path}${rest}`, { method });
  expect([status, headers.get('allow'), json.code]).toEqual([405, allow, 'method_not_allowed']);
});
