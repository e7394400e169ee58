import { expect, test } from 'vitest';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { call, gradebook, pathOf, addSchool, addLink, issuer, otherTool } = await startAgsWorld(testDatabase);
const { course } = await addSchool('north');
const link = crypto.randomUUID();
const resourceLinkId = await addLink(course, link);
const type = mediaType.lineItem;
const itemAddress = /^https:\/\/hub\.example\/open\/quiz\?item=[0-9a-f-]{36}$/;
const review = {
  reviewableStatus: ['Submitted', 'Completed'],
  label: 'Look at it',
  url: 'https://quiz.example/review?page=2',
  custom: { level: '7', of: '$ResourceLink.id', phone: '$Person.phone.mobile' },
};

async function make(submissionReview: unknown, more: Record<string, unknown> = {}) {
  const body = { label: 'Quiz', scoreMaximum: 10, ...more, submissionReview };
  const made = await call(pathOf(course), { method: 'POST', body, type });
  const items = gradebook.containers.get(course.lineItemsUrl!) ?? [];
  return { ...made, json: made.json as Record<string, unknown> & typeof made.json, atLms: items.at(-1)! };
}
const pathname = (id: string) => new URL(id).pathname;
const put = (id: string, body: unknown) => call(pathname(id), { method: 'PUT', body, type });
const keptItems = async () =>
  (await superuser.query('select url, custom from lti_content_item order by item_id')).rows;

test('the LMS opens the hub’s address for it, and the tool sees its own; what of people it may not know is not asked', async () => {
  const { status, json, atLms } = await make(review);
  const custom = { level: '7', of: '$ResourceLink.id' };
  expect(status).toBe(201);
  expect(json.submissionReview).toEqual({ ...review, custom });
  expect(atLms.submissionReview).toEqual({ ...review, custom, url: expect.stringMatching(itemAddress) });
  expect((await keptItems()).at(-1)).toEqual({ url: review.url, custom });
  const listed = (await call(pathOf(course))).json as unknown as { id: string; submissionReview?: unknown }[];
  expect(listed.find(({ id }) => id === json.id)?.submissionReview).toEqual({ ...review, custom });
});

test('an item that is sent back as it was read keeps its address; another place gets another one', async () => {
  const { json, atLms } = await make(review);
  const before = atLms.submissionReview?.url;
  const now = () => gradebook.containers.get(course.lineItemsUrl!)!.find(({ id }) => id === atLms.id)!;
  const count = (await keptItems()).length;
  await put(json.id, { ...json, label: 'Other' });
  expect([now().label, now().submissionReview?.url, (await keptItems()).length]).toEqual([
    'Other',
    before,
    count,
  ]);
  const moved = await put(json.id, { submissionReview: { ...review, url: 'https://quiz.example/other' } });
  expect(moved.json).toMatchObject({ submissionReview: { url: 'https://quiz.example/other' } });
  expect(now().submissionReview?.url).toMatch(itemAddress);
  expect(now().submissionReview?.url).not.toBe(before);
  // Left out is as it is; null takes it away.
  const url = now().submissionReview?.url;
  await put(json.id, { label: 'Once more' });
  expect(now().submissionReview?.url).toBe(url);
  expect((await put(json.id, { submissionReview: null })).json).not.toHaveProperty('submissionReview');
  expect(now().submissionReview).toBeUndefined();
});

test('without an address the link is opened, and where there is no link, the tool', async () => {
  const at = await make({ reviewableStatus: ['None'], url: null }, { resourceLinkId });
  expect(at.atLms.submissionReview).toEqual({ reviewableStatus: ['None'] });
  const loose = await make({ reviewableStatus: ['None'] });
  expect(loose.atLms.submissionReview).toEqual({ reviewableStatus: ['None'], url: `${issuer}/open/quiz` });
  expect(loose.json.submissionReview).toEqual({ reviewableStatus: ['None'] });
});

test.each([
  ['an address of somebody else’s', { ...review, url: 'https://elsewhere.example/' }, 'submissionReview.url'],
  ['an address that runs something', { ...review, url: 'javascript:alert(1)' }, 'submissionReview.url'],
  ['no statuses', { ...review, reviewableStatus: undefined }, 'submissionReview.reviewableStatus'],
  ['custom parameters nested', { ...review, custom: { a: { b: 1 } } }, 'submissionReview.custom.a'],
])('a review with %s is refused, and nothing is made', async (_name, given, member) => {
  const items = () => gradebook.containers.get(course.lineItemsUrl!)?.length;
  const before = items();
  const { status, json } = await make(given);
  expect([status, json.code, json.details.issues[0]!.path]).toEqual([400, 'line_item_invalid', member]);
  expect(items()).toBe(before);
});

test('an address of another tool’s, or of nobody, is not told', async () => {
  const { json, atLms } = await make(review);
  await addLink(course, 'essay', otherTool);
  for (const url of [
    String(atLms.submissionReview?.url).replace('/open/quiz', '/open/essay'),
    `${issuer}/open/quiz?item=${crypto.randomUUID()}`,
    'https://lms.example/its-own',
  ]) {
    Object.assign(atLms, { submissionReview: { reviewableStatus: ['None'], url } });
    const { json: shown } = await call(pathname(json.id));
    expect(shown).toMatchObject({ submissionReview: { reviewableStatus: ['None'] } });
    expect(JSON.stringify(shown)).not.toContain(url);
  }
});
