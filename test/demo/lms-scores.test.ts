import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { opaqueId } from '../../src/demo/lms/claims.ts';
import { mediaTypes, scopes } from '../../src/demo/lms/grades/ags.ts';
import {
  askToken,
  callService,
  endpointOf,
  type LmsAlone,
  postScore,
  readResults,
  startLmsAlone,
} from './support/lms-alone.ts';

let alone: LmsAlone;
let token: string;
let lineItem: string;

beforeAll(async () => {
  alone = await startLmsAlone();
  token = (await askToken(alone)).body.access_token;
});
beforeEach(async () => {
  const { lineitems } = endpointOf(alone, 'ns-cell-lab');
  const body = { label: 'Fresh', scoreMaximum: 10 };
  const created = await callService(token, lineitems, { method: 'POST', type: mediaTypes.lineItem, body });
  lineItem = created.body.id;
});
afterAll(() => alone.close());

const userId = opaqueId('sub', 'ns-nwosu');
const post = (score: Record<string, unknown>) => postScore(token, lineItem, { userId, ...score });
const mine = async () => (await readResults(token, lineItem, `&user_id=${userId}`)).body[0];

describe('a score', () => {
  test('shows in the results, with its comment', async () => {
    expect((await post({ scoreGiven: 7.5, comment: 'Well done' })).status).toBe(204);
    const answer = await readResults(token, lineItem);
    expect(answer.headers.get('content-type')).toBe(mediaTypes.results);
    expect(answer.body).toEqual([
      {
        id: expect.stringContaining('type_id=2'),
        scoreOf: lineItem,
        userId,
        resultScore: 7.5,
        resultMaximum: 10,
        comment: 'Well done',
      },
    ]);
  });

  test.each([
    ['zero is a score', { scoreGiven: 0 }, 0],
    ['one over the maximum is kept', { scoreGiven: 12 }, 12],
    ['another maximum is scaled to that of the line item', { scoreGiven: 30, scoreMaximum: 40 }, 7.5],
  ])('%s', async (_name, score, result) => {
    expect((await post(score)).status).toBe(204);
    expect(await mine()).toMatchObject({ resultScore: result });
  });

  test.each([{ scoreGiven: null }, {}])('%o clears the one before and its comment', async (cleared) => {
    await post({ scoreGiven: 5, comment: 'Before' });
    expect((await post({ ...cleared, timestamp: '2026-03-01T09:00:00.000Z' })).status).toBe(204);
    const result = await mine();
    expect(result).not.toHaveProperty('resultScore');
    expect(result).not.toHaveProperty('comment');
  });

  test('carries a comment of 30,000 characters', async () => {
    const comment = 'é'.repeat(30_000);
    await post({ scoreGiven: 1, comment });
    expect(await mine()).toMatchObject({ comment });
  });
});

describe('order', () => {
  test.each([
    ['the same', '2026-03-01T08:00:00.000001Z'],
    ['the same in another zone', '2026-03-01T13:30:00.000001+05:30'],
    ['an older', '2026-03-01T08:00:00.000Z'],
  ])('%s timestamp is a conflict, and changes nothing', async (_name, timestamp) => {
    await post({ scoreGiven: 5, timestamp: '2026-03-01T08:00:00.000001Z' });
    expect((await post({ scoreGiven: 6, timestamp })).status).toBe(409);
    expect(await mine()).toMatchObject({ resultScore: 5 });
  });

  test.each(['2026-03-01T08:00:00.000002Z', '2026-03-01T10:00:01+02', '2026-03-01T08:00:00,1Z'])(
    'a newer one is taken: %s',
    async (timestamp) => {
      await post({ scoreGiven: 5, timestamp: '2026-03-01T08:00:00.000001Z' });
      expect((await post({ scoreGiven: 6, timestamp })).status).toBe(204);
      expect(await mine()).toMatchObject({ resultScore: 6 });
    },
  );

  test("one person's timestamp is not another's", async () => {
    await post({ scoreGiven: 5, timestamp: '2026-03-02T08:00:00.000Z' });
    expect((await post({ userId: opaqueId('sub', 'ns-park'), scoreGiven: 6 })).status).toBe(204);
  });
});

test.each([
  ['an unknown user', { userId: 'nobody' }, 404],
  ['a user of another school', { userId: opaqueId('sub', 'rb-larsen') }, 404],
  ['a teacher', { userId: opaqueId('sub', 'ns-okafor') }, 422],
  ['no user', { userId: undefined }, 400],
  ['a negative score', { scoreGiven: -1 }, 400],
  ['a score without a maximum', { scoreGiven: 1, scoreMaximum: undefined }, 400],
  ['a maximum of zero', { scoreMaximum: 0 }, 400],
  ['a timestamp without a zone', { timestamp: '2026-03-01T08:00:00.000' }, 400],
  ['no timestamp', { timestamp: undefined }, 400],
  ['an unknown progress', { activityProgress: 'Done' }, 400],
  ['no grading progress', { gradingProgress: undefined }, 400],
])('a score is refused: %s', async (_name, score, status) => {
  expect((await post({ scoreGiven: 1, ...score })).status).toBe(status);
  expect((await readResults(token, lineItem)).body).toEqual([]);
});

test('a score in another media type, or in broken JSON, is refused', async () => {
  const url = lineItem.replace('?', '/scores?');
  const method = 'POST';
  expect((await callService(token, url, { method, type: 'application/json', body: {} })).status).toBe(415);
  expect((await callService(token, url, { method, type: mediaTypes.score, body: '{"userId"' })).status).toBe(
    400,
  );
});

test('scores go before the query string: behind it nobody finds them', async () => {
  const call = { method: 'POST', type: mediaTypes.score, body: {} };
  expect((await callService(token, `${lineItem}/scores`, call)).status).toBe(404);
});

test('a removed line item takes no score', async () => {
  await callService(token, lineItem, { method: 'DELETE' });
  expect((await post({ scoreGiven: 1 })).status).toBe(404);
});

test('only the scope for scores sends them, only the one for results reads them', async () => {
  const reader = (await askToken(alone, { scope: scopes.resultReadonly })).body.access_token;
  const writer = (await askToken(alone, { scope: scopes.score })).body.access_token;
  expect((await postScore(reader, lineItem, { userId, scoreGiven: 1 })).status).toBe(403);
  expect((await postScore(writer, lineItem, { userId, scoreGiven: 1 })).status).toBe(204);
  expect((await readResults(writer, lineItem)).status).toBe(403);
  expect((await readResults(reader, lineItem)).status).toBe(200);
});

test('results are paged', async () => {
  for (const person of ['ns-nwosu', 'ns-park', 'ns-castillo']) {
    await post({ userId: opaqueId('sub', person), scoreGiven: 1 });
  }
  const first = await readResults(token, lineItem);
  const next = /<([^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '')![1]!;
  const second = await callService(token, next, { accept: mediaTypes.results });
  expect([first.body.length, second.body.length]).toEqual([2, 1]);
  expect(second.headers.get('link')).toBe(null);
});
