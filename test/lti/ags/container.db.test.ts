import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';
import { lmsItem } from './support/fake-gradebook.ts';

const testDatabase = await createTestDatabase();
const world = await startAgsWorld(testDatabase);
const { addCourse, addItem, addLink, call, gradebook, pathOf, issuer } = world;
const { course: school } = await world.addSchool('north');

let courses = 0;
/** A course of its own for each test, with line items at the LMS. */
async function courseWith(items: (url: string) => ReturnType<typeof lmsItem>[]) {
  const course = await addCourse(school, `course-${++courses}`);
  const base = `https://lms.example/course-${courses}/items`;
  gradebook.containers.set(course.lineItemsUrl!, items(base));
  return { course, base };
}

const labels = (items: { label: string }[]) => items.map(({ label }) => label).sort();

test('a tool sees its own line items and those at its links; the others’ and the teacher’s stay hidden', async () => {
  const link = `own-${crypto.randomUUID()}`;
  const foreign = `foreign-${crypto.randomUUID()}`;
  const { course, base } = await courseWith((url) => [
    lmsItem(`${url}/mapped`, { label: 'Mapped' }),
    lmsItem(`${url}/linked`, { label: 'At my link', resourceLinkId: link }),
    lmsItem(`${url}/other`, { label: 'At another’s link', resourceLinkId: foreign }),
    lmsItem(`${url}/mapped-other`, { label: 'Another’s' }),
    lmsItem(`${url}/teacher`, { label: 'The teacher’s' }),
  ]);
  const mapped = await addItem(course, `${base}/mapped`);
  await addItem(course, `${base}/mapped-other`, world.otherTool);
  const [ours, theirs] = [await addLink(course, link), await addLink(course, foreign, world.otherTool)];
  const { status, json, headers } = await call(pathOf(course));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe(mediaType.lineItemContainer);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(labels(json)).toEqual(['At my link', 'Mapped']);
  const [atLink] = json.filter((item: { label: string }) => item.label === 'At my link');
  expect(atLink).toMatchObject({ resourceLinkId: ours, scoreMaximum: 10 });
  expect(json).toContainEqual({
    id: `${issuer}${pathOf(course, `/${mapped}`)}`,
    label: 'Mapped',
    scoreMaximum: 10,
  });
  expect(JSON.stringify(json)).not.toContain('lms.example');

  const other = await call(pathOf(course), { tool: world.otherTool });
  expect(labels(other.json)).toEqual(['Another’s', 'At another’s link']);
  expect(JSON.stringify(other.json)).toContain(theirs);
});

test('a line item that was met at a link has the same id from then on', async () => {
  const link = crypto.randomUUID();
  const { course } = await courseWith((url) => [lmsItem(`${url}/1`, { resourceLinkId: link })]);
  await addLink(course, link);
  const [first, second] = [await call(pathOf(course)), await call(pathOf(course))];
  expect(first.json).toHaveLength(1);
  expect(second.json).toEqual(first.json);
});

test('what the LMS names in ways that no database keeps is left out', async () => {
  const link = crypto.randomUUID();
  const { course } = await courseWith((url) => [
    lmsItem(`${url}/1\0`, { resourceLinkId: link }),
    lmsItem(`${url}/2`, { resourceLinkId: 'x\0' }),
    lmsItem(`${url}/3`, { resourceLinkId: link, label: 'Good' }),
  ]);
  await addLink(course, link);
  expect(labels((await call(pathOf(course))).json)).toEqual(['Good']);
});

test('an empty course is an empty list', async () => {
  const { course } = await courseWith(() => []);
  expect((await call(pathOf(course))).json).toEqual([]);
});

test('resourceId, tag, dates and extensions come through as they are', async () => {
  const members = {
    resourceId: ' Quiz-231 ünï ',
    tag: 'GRADE',
    startDateTime: '2026-03-06T20:05:02Z',
    endDateTime: '2026-04-06T22:05:03+02:00',
    gradesReleased: false,
  };
  const { course, base } = await courseWith((url) => [
    lmsItem(`${url}/1`, { ...members, extensions: { 'https://lms.test/x': { a: [1] }, plain: 1 } }),
  ]);
  await addItem(course, `${base}/1`);
  const { json } = await call(pathOf(course));
  expect(json[0]).toEqual({
    ...members,
    'https://lms.test/x': { a: [1] },
    id: expect.any(String),
    label: 'Quiz',
    scoreMaximum: 10,
  });
});

test('filters hold together, also before an LMS that ignores them', async () => {
  const link = crypto.randomUUID();
  const of = (resourceLinkId: string | undefined, resourceId: string, tag: string) =>
    ({ resourceLinkId, resourceId, tag, label: `${resourceId} ${tag}` }) as const;
  const { course, base } = await courseWith((url) => [
    lmsItem(`${url}/1`, of(link, 'r1', 't1')),
    lmsItem(`${url}/2`, of(link, 'r1', 't2')),
    lmsItem(`${url}/3`, of(link, 'r2', 't1')),
    lmsItem(`${url}/4`, of(undefined, 'r1', 't1')),
  ]);
  for (const number of [1, 2, 3, 4]) await addItem(course, `${base}/${number}`);
  const ours = await addLink(course, link);
  const listed = async (query: string) => labels((await call(pathOf(course, query))).json);
  expect(await listed(`?resource_link_id=${ours}`)).toEqual(['r1 t1', 'r1 t2', 'r2 t1']);
  expect(await listed('?resource_id=r1')).toEqual(['r1 t1', 'r1 t1', 'r1 t2']);
  expect(await listed('?tag=t2')).toEqual(['r1 t2']);
  expect(await listed(`?resource_link_id=${ours}&resource_id=r1&tag=t1`)).toEqual(['r1 t1']);
  expect(gradebook.calls.at(-1)?.given[1]).toEqual({ resourceLinkId: link, resourceId: 'r1', tag: 't1' });
  expect(await listed('?tag=')).toHaveLength(4);
  expect(await listed('?tag=none')).toEqual([]);
});

test('a link filter that names no link of the tool matches nothing, and the LMS is not asked', async () => {
  const { course, base } = await courseWith((url) => [lmsItem(`${url}/1`)]);
  await addItem(course, `${base}/1`);
  const theirs = await addLink(course, crypto.randomUUID(), world.otherTool);
  const before = gradebook.calls.length;
  for (const id of [theirs, crypto.randomUUID(), 'link', "' or 1=1"]) {
    const { status, json } = await call(pathOf(course, `?resource_link_id=${encodeURIComponent(id)}`));
    expect([status, json]).toEqual([200, []]);
  }
  expect(gradebook.calls.length).toBe(before);
});

test('pages hang together by Link headers, each item once, filters and all', async () => {
  const { course, base } = await courseWith((url) =>
    Array.from({ length: 7 }, (_, i) => lmsItem(`${url}/${i}`, { label: `${i}`, tag: i < 6 ? 'a&b' : 'c' })),
  );
  for (let i = 0; i < 7; i++) await addItem(course, `${base}/${i}`);
  const seen: string[] = [];
  let path: string | undefined = pathOf(course, `?tag=${encodeURIComponent('a&b')}&limit=4`);
  const sizes: number[] = [];
  while (path !== undefined) {
    const { json, headers } = await call(path);
    sizes.push(json.length);
    seen.push(...labels(json));
    const link = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    if (link !== undefined) expect(link.startsWith(`${issuer}/t/north/ags/`)).toBe(true);
    path = link?.slice(issuer.length);
  }
  expect(sizes).toEqual([4, 2]);
  expect(seen.sort()).toEqual(['0', '1', '2', '3', '4', '5']);
});

test.each(['limit=0', 'limit=-1', 'limit=x', 'limit=1.5', 'limit=1&limit=2', `tag=${'x'.repeat(1001)}`])(
  'a query of %s is refused by name',
  async (query) => {
    const { course } = await courseWith(() => []);
    const { status, json } = await call(pathOf(course, `?${query}`));
    expect([status, json.code]).toEqual([400, 'query_invalid']);
    expect(json.details.issues[0]!.path).toBe(query.split('=')[0]);
  },
);

const quiz = { label: 'Chapter 5', scoreMaximum: 60, resourceId: 'quiz-231', tag: 'grade' };
const post = (course: Parameters<typeof pathOf>[0], body: unknown, type: string = mediaType.lineItem) =>
  call(pathOf(course), { method: 'POST', body, type });

test('a new line item is made at the LMS and answered under the hub’s id', async () => {
  const { course } = await courseWith(() => []);
  const link = crypto.randomUUID();
  const resourceLinkId = await addLink(course, link);
  const extended = { ...quiz, resourceLinkId, 'https://tool.test/x': [1], unknown: 'dropped' };
  const { status, json, headers } = await post(course, extended);
  expect(status).toBe(201);
  expect(headers.get('content-type')).toBe(mediaType.lineItem);
  expect(headers.get('location')).toBe(json.id);
  expect(json).toEqual({
    ...quiz,
    resourceLinkId,
    'https://tool.test/x': [1],
    id: expect.stringMatching(`^${issuer}${pathOf(course)}/[0-9a-f-]{36}$`),
  });
  expect(gradebook.calls.at(-1)?.given[1]).toEqual({
    ...quiz,
    resourceLinkId: link,
    extensions: { 'https://tool.test/x': [1] },
  });
  expect(gradebook.calls.at(-1)?.course).toMatchObject({
    tenantId: course.tenantId,
    connectionId: course.connectionId,
    deploymentId: course.deploymentId,
  });
  expect((await call(pathOf(course))).json).toEqual([json]);
  await addLink(course, crypto.randomUUID(), world.otherTool);
  expect((await call(pathOf(course), { tool: world.otherTool })).json).toEqual([]);
});

test.each([
  ['no label', { scoreMaximum: 1 }, 'label'],
  ['a blank label', { ...quiz, label: ' \t' }, 'label'],
  ['no maximum', { label: 'x' }, 'scoreMaximum'],
  ['a maximum of 0', { ...quiz, scoreMaximum: 0 }, 'scoreMaximum'],
  ['a maximum below 0', { ...quiz, scoreMaximum: -1 }, 'scoreMaximum'],
  ['a maximum as text', { ...quiz, scoreMaximum: '60' }, 'scoreMaximum'],
  ['a maximum of null', { ...quiz, scoreMaximum: null }, 'scoreMaximum'],
  ['a tag that is no text', { ...quiz, tag: 7 }, 'tag'],
  ['a list', [quiz], ''],
])('%s is refused, and nothing is made', async (_name, body, member) => {
  const { course } = await courseWith(() => []);
  const { status, json, headers } = await post(course, body);
  expect([status, json.code]).toEqual([400, 'line_item_invalid']);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(json.details.issues[0]!.path).toBe(member);
  expect(gradebook.containers.get(course.lineItemsUrl!)).toEqual([]);
});

test.each(['application/json', 'application/vnd.ims.lis.v2.lineitemcontainer+json', 'text/plain'])(
  'a line item of type %s is refused',
  async (type) => {
    const { course } = await courseWith(() => []);
    const { status, json } = await post(course, quiz, type);
    expect([status, json.code]).toEqual([415, 'unsupported_media_type']);
  },
);

test('a line item may say that it is UTF-8', async () => {
  const { course } = await courseWith(() => []);
  expect((await post(course, quiz, `${mediaType.lineItem}; charset=UTF-8`)).status).toBe(201);
});

test('a link that is not this tool’s in this course is not found', async () => {
  const { course } = await courseWith(() => []);
  const { course: elsewhere } = await courseWith(() => []);
  const theirs = await addLink(course, crypto.randomUUID(), world.otherTool);
  const lmsId = crypto.randomUUID();
  const away = await addLink(elsewhere, lmsId);
  for (const resourceLinkId of [theirs, away, crypto.randomUUID(), lmsId, 'x']) {
    const { status, json } = await post(course, { ...quiz, resourceLinkId });
    expect([status, json.code]).toEqual([404, 'resource_link_unknown']);
  }
  expect(gradebook.containers.get(course.lineItemsUrl!)).toEqual([]);
});

test('a course in which the tool has no link is as unknown as one that never was', async () => {
  const { course } = await courseWith(() => []);
  await testDatabase.superuser.query('update lti_resource_link set tool_id = $1 where context_id = $2', [
    world.otherTool.toolId,
    course.contextId,
  ]);
  const { status, json } = await post(course, quiz);
  expect([status, json.code]).toEqual([404, 'context_unknown']);
  expect(gradebook.containers.get(course.lineItemsUrl!)).toEqual([]);
});

test('a link that the LMS does not know in the course is not found', async () => {
  const { course } = await courseWith(() => []);
  const resourceLinkId = await addLink(course, crypto.randomUUID());
  gradebook.failure = new DomainError('upstream', 'lms_refused', 'no', { details: { status: 404 } });
  const { status, json } = await post(course, { ...quiz, resourceLinkId });
  gradebook.failure = undefined;
  expect([status, json.code]).toEqual([404, 'resource_link_unknown']);
});

test('what is too large is refused', async () => {
  const { course } = await courseWith(() => []);
  const { status } = await post(course, { ...quiz, 'https://tool.test/x': 'x'.repeat(70_000) });
  expect(status).toBe(413);
});

test('where the LMS has opened no container there is none', async () => {
  const course = await addCourse(school, 'closed', null);
  const { status, json } = await call(pathOf(course));
  expect([status, json.code]).toEqual([403, 'line_items_not_granted']);
});

test('a right to read line items is no right to make them', async () => {
  const { course } = await courseWith(() => []);
  const readonly = { scopes: [agsScope.lineItemReadonly] };
  expect((await call(pathOf(course), readonly)).status).toBe(200);
  const refused = await call(pathOf(course), {
    ...readonly,
    method: 'POST',
    body: quiz,
    type: mediaType.lineItem,
  });
  expect([refused.status, refused.json.code]).toEqual([403, 'insufficient_scope']);
});

test('HEAD says what GET says, without its body', async () => {
  const { course } = await courseWith(() => []);
  const { status, text, headers } = await call(pathOf(course), { method: 'HEAD' });
  expect([status, text, headers.get('content-type')]).toEqual([200, '', mediaType.lineItemContainer]);
});
