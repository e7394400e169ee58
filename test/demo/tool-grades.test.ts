import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { createAccessTokenSource } from '../../src/demo/tool/grades/access-token.ts';
import { createActivities } from '../../src/demo/tool/grades/activities.ts';
import { createGradeService } from '../../src/demo/tool/grades/service.ts';
import { createServiceCall } from '../../src/demo/tool/service-call.ts';
import { createToolSigner } from '../../src/demo/tool/signing-key.ts';

const platform = {
  issuer: 'https://hub.example',
  authorizeUrl: 'https://hub.example/platform/authorize',
  jwksUrl: 'https://hub.example/jwks',
  tokenUrl: 'https://hub.example/platform/token',
  clientId: 'tool-1',
};
const place = { lineItem: 'https://hub.example/items/1?type_id=2', scopes: ['a', 'b'] };
const score = {
  userId: 'u',
  scoreGiven: 1,
  scoreMaximum: 2,
  comment: undefined,
  timestamp: '2026-03-01T08:00:00.000Z',
};

/** A platform that notes what is asked, gives numbered tokens and answers calls as told. */
function createPlatform(answers: Response[], tokenStatus = 200) {
  const asked: { url: string; authorization: string | null; body: string }[] = [];
  let tokens = 0;
  let now = Date.now();
  const answer = (url: string) => {
    if (url !== platform.tokenUrl) return answers.shift() ?? new Response(null, { status: 204 });
    tokens += 1;
    return Response.json({ access_token: `token-${tokens}`, expires_in: 3600 }, { status: tokenStatus });
  };
  const fetchPlatform: typeof fetch = async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    asked.push({ url: String(input), authorization, body: String(init?.body) });
    return answer(String(input));
  };
  const clock = { now: () => now };
  const options = { platform, signer: createToolSigner(), fetch: fetchPlatform, clock };
  const service = createGradeService(createServiceCall(createAccessTokenSource(options), fetchPlatform));
  return { asked, service, advance: (ms: number) => (now += ms) };
}

describe('an access token', () => {
  test('is asked for by an assertion that names the tool and the token endpoint, once for many calls', async () => {
    const { asked, service } = createPlatform([]);
    await service.postScore(place, score);
    await service.postScore(place, score);
    expect(asked.map(({ url, authorization }) => [url, authorization])).toEqual([
      [platform.tokenUrl, null],
      ['https://hub.example/items/1/scores?type_id=2', 'Bearer token-1'],
      ['https://hub.example/items/1/scores?type_id=2', 'Bearer token-1'],
    ]);
    const form = new URLSearchParams(asked[0]!.body);
    expect(form.get('scope')).toBe('a b');
    expect(decodeJwt(form.get('client_assertion')!)).toMatchObject({
      iss: 'tool-1',
      sub: 'tool-1',
      aud: platform.tokenUrl,
      jti: expect.any(String),
    });
  });

  test('is asked for again before it ends', async () => {
    const { asked, service, advance } = createPlatform([]);
    await service.postScore(place, score);
    advance(3580_000);
    await service.postScore(place, score);
    expect(asked.at(-1)!.authorization).toBe('Bearer token-2');
  });

  test('that the platform does not know any more is replaced, once', async () => {
    const refused = () => new Response(null, { status: 401 });
    const good = createPlatform([refused()]);
    expect(await good.service.postScore(place, score)).toMatchObject({ ok: true, status: 204 });
    expect(good.asked.at(-1)!.authorization).toBe('Bearer token-2');
    const bad = createPlatform([refused(), refused()]);
    expect(await bad.service.postScore(place, score)).toMatchObject({ ok: false, status: 401 });
    expect(bad.asked).toHaveLength(4);
  });

  test('that is not given is an answer in words', async () => {
    const { service } = createPlatform([], 401);
    const text = 'The learning platform gave this tool no access token.';
    expect(await service.postScore(place, score)).toEqual({ ok: false, status: 0, text });
  });
});

test('a refusal is told in the words of its problem detail', async () => {
  const problem = Response.json({ detail: 'A newer score is there.' }, { status: 409 });
  const { service } = createPlatform([problem, new Response('<html>', { status: 502 })]);
  const answer = await service.postScore(place, score);
  expect(answer).toEqual({ ok: false, status: 409, text: 'A newer score is there.' });
  expect(await service.postScore(place, score)).toMatchObject({ status: 502, text: 'It gave no reason.' });
});

test('an answer that is no list of results is a failure, not an empty list', async () => {
  const { service } = createPlatform([Response.json({ results: [] })]);
  expect(await service.readResults(place)).toMatchObject({ ok: false, status: 0 });
});

describe('activities', () => {
  const claims = {
    sub: 'u-1',
    'https://purl.imsglobal.org/spec/lti/claim/roles': ['Learner'],
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': { lineitem: place.lineItem, scope: ['a'] },
  };

  test('every score of a person is later than the one before, however fast they come', () => {
    const activities = createActivities();
    const activity = activities.find(activities.open(claims, 1000)!.split('/').at(-1)!, 1000)!;
    const moments = [1000, 1000, 999, 5000].map((now) => Date.parse(activities.nextMoment(activity, now)));
    expect(moments).toEqual([1000, 1001, 1002, 5000]);
  });

  test('a page closes after two hours', () => {
    const activities = createActivities();
    const key = activities.open(claims, 0)!.split('/').at(-1)!;
    expect(activities.find(key, 7_199_999)).toMatchObject({ userId: 'u-1', isLearner: true });
    expect(activities.find(key, 7_200_000)).toBeUndefined();
  });
});
