import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mediaTypes, scopes } from '../../src/demo/lms/grades/ags.ts';
import {
  askToken,
  assertionOf,
  callService,
  endpointOf,
  type LmsAlone,
  startLmsAlone,
} from './support/lms-alone.ts';

let alone: LmsAlone;
let token: string;
let list: string;

beforeAll(async () => {
  alone = await startLmsAlone();
  token = (await askToken(alone)).body.access_token;
  list = endpointOf(alone, 'ns-cell-lab').lineitems;
});
afterAll(() => alone.close());

const create = (body: unknown, type: string = mediaTypes.lineItem) =>
  callService(token, list, { method: 'POST', type, body });
const linkOf = (link: string) =>
  (
    alone.lms.buildClaims({ person: 'ns-nwosu', link })[
      'https://purl.imsglobal.org/spec/lti/claim/resource_link'
    ] as { id: string }
  ).id;

test('every link with points has a line item coupled to it', async () => {
  const answer = await callService(token, list, { accept: mediaTypes.lineItems });
  expect(answer.headers.get('content-type')).toBe(mediaTypes.lineItems);
  expect(answer.body).toEqual([
    {
      id: endpointOf(alone, 'ns-cell-lab').lineitem,
      label: 'Cell structure lab',
      scoreMaximum: 10,
      resourceLinkId: linkOf('ns-cell-lab'),
    },
    expect.objectContaining({ id: endpointOf(alone, 'ns-punnett-quiz').lineitem, scoreMaximum: 20 }),
  ]);
});

test('a line item is created, read, replaced and removed at the address it is given', async () => {
  const body = {
    label: 'Extra',
    scoreMaximum: 5,
    resourceId: 'r-1',
    tag: 't-1',
    startDateTime: '2026-03-01T08:00:00Z',
  };
  const created = await create(body);
  expect(created).toMatchObject({ status: 201, body });
  expect(created.headers.get('content-type')).toBe(mediaTypes.lineItem);
  const { id } = created.body;
  expect((await callService(token, id)).body).toEqual(created.body);
  const put = {
    method: 'PUT',
    type: mediaTypes.lineItem,
    body: { ...created.body, label: 'Renamed', tag: undefined },
  };
  const replaced = await callService(token, id, put);
  expect(replaced).toMatchObject({ status: 200, body: { id, label: 'Renamed', resourceId: 'r-1' } });
  expect(replaced.body).not.toHaveProperty('tag');
  expect((await callService(token, id, { method: 'DELETE' })).status).toBe(204);
  expect((await callService(token, id)).status).toBe(404);
  expect((await callService(token, id, { method: 'DELETE' })).status).toBe(404);
});

test('a second line item of a link takes `lineitem` out of its launches', async () => {
  const { body } = await create({ label: 'Second', scoreMaximum: 1, resourceLinkId: linkOf('ns-cell-lab') });
  expect(endpointOf(alone, 'ns-cell-lab')).not.toHaveProperty('lineitem');
  await callService(token, body.id, { method: 'DELETE' });
  expect(endpointOf(alone, 'ns-cell-lab')).toHaveProperty('lineitem');
});

test.each([
  [{ scoreMaximum: 1 }, 400],
  [{ label: '  ', scoreMaximum: 1 }, 400],
  [{ label: 'x' }, 400],
  [{ label: 'x', scoreMaximum: 0 }, 400],
  [{ label: 'x', scoreMaximum: '1' }, 400],
  [{ label: 'x', scoreMaximum: 1, startDateTime: '2026-03-01T08:00:00' }, 400],
  [{ label: 'x', scoreMaximum: 1, resourceLinkId: 'a-link-of-another-course' }, 404],
  ['{"label":', 400],
])('a line item is refused: %o', async (body, status) => {
  expect((await create(body)).status).toBe(status);
});

test('only the exact media type is taken, and an answer only goes to who accepts it', async () => {
  expect((await create({ label: 'x', scoreMaximum: 1 }, 'application/json')).status).toBe(415);
  expect((await callService(token, list, { accept: 'application/json' })).status).toBe(406);
});

describe('a list', () => {
  test('is filtered by link, resource and tag, and paged by a link that keeps the filter', async () => {
    const ids: string[] = [];
    for (const label of ['1', '2', '3', '4', '5']) {
      ids.push((await create({ label, scoreMaximum: 1, tag: 'paged', resourceId: `r-${label}` })).body.id);
    }
    const labels: string[] = [];
    let next: string | undefined = `${list}&tag=paged`;
    const sizes: number[] = [];
    while (next !== undefined) {
      const page = await callService(token, next);
      sizes.push(page.body.length);
      labels.push(...page.body.map(({ label }: { label: string }) => label));
      next = /<([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect([labels, sizes]).toEqual([
      ['1', '2', '3', '4', '5'],
      [2, 2, 1],
    ]);
    expect((await callService(token, `${list}&resource_id=r-3`)).body).toHaveLength(1);
    expect((await callService(token, `${list}&tag=paged&limit=1`)).body).toHaveLength(1);
    const ofLink = await callService(token, `${list}&resource_link_id=${linkOf('ns-cell-lab')}`);
    expect(ofLink.body).toMatchObject([{ label: 'Cell structure lab' }]);
    for (const id of ids) await callService(token, id, { method: 'DELETE' });
  });

  test.each(['limit=0', 'limit=x', 'page=-1', 'limit=1&limit=2'])('refuses %s', async (query) => {
    expect((await callService(token, `${list}&${query}`)).status).toBe(400);
  });
});

describe('nobody reaches what is not theirs', () => {
  test.each([
    ['without the query string', () => list.replace(/\?.*/, '')],
    ['with the query string of another tool', () => list.replace('type_id=2', 'type_id=3')],
    ['a course that is not there', () => list.replace(/courses\/[^/]*/, 'courses/none')],
    [
      'a line item under another course',
      () => {
        const other = endpointOf(alone, 'rb-probability-quiz', 'rb-larsen').lineitem!;
        return other.replace(/courses\/[^/]*/, /courses\/[^/]*/.exec(list)![0]);
      },
    ],
  ])('%s', async (_name, url) => {
    expect((await callService(token, url())).status).toBe(404);
  });

  test('another tool sees none of the line items', async () => {
    const client_assertion = await assertionOf(alone, alone.other);
    const others = (await askToken(alone, { client_assertion })).body.access_token;
    const asOther = (url: string) => callService(others, url.replace('type_id=2', 'type_id=3'));
    expect((await asOther(list)).body).toEqual([]);
    expect((await asOther(endpointOf(alone, 'ns-cell-lab').lineitem!)).status).toBe(404);
  });

  test('a scope for reading does not write, one for scores does not read', async () => {
    const narrow = async (scope: string) => (await askToken(alone, { scope })).body.access_token;
    const reader = await narrow(scopes.lineItemReadonly);
    expect((await callService(reader, list)).status).toBe(200);
    const body = { label: 'x', scoreMaximum: 1 };
    const writing = await callService(reader, list, { method: 'POST', type: mediaTypes.lineItem, body });
    expect(writing.status).toBe(403);
    expect(writing.headers.get('www-authenticate')).toContain(scopes.lineItem);
    expect((await callService(await narrow(scopes.score), list)).status).toBe(403);
  });

  test('without a token there is nothing', async () => {
    expect((await callService('wrong', list)).status).toBe(401);
  });
});
