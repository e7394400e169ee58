import { readFileSync } from 'node:fs';
import nock from 'nock';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { familyNames } from '../../../src/connections/families.ts';
import type { LmsCourse } from '../../../src/lti/lms/gradebook.ts';
import type { LmsServices } from '../../../src/lti/lms/lms.ts';
import type { OutboundFetch } from '../../../src/platform/outbound/fetch.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createLmsWorld, outgoing } from './lms-world.ts';

const answer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]),
});
const exchange = z.object({ url: z.string(), answer });
const fixture = z.object({
  registration: z.object({
    family: z.enum(familyNames),
    issuer: z.string(),
    clientId: z.string(),
    authorizeUrl: z.string(),
    jwksUrl: z.string(),
    tokenUrl: z.string(),
    tokenAudience: z.string().nullable().default(null),
  }),
  audience: z.string(),
  token: answer,
  lineItemsUrl: z.string(),
  lineItemPages: z.array(exchange),
  labels: z.array(z.string()),
  lineItemUrl: z.string(),
  scoresUrl: z.string(),
  results: exchange,
  scoreTaken: answer,
  refusals: z.array(z.object({ name: z.string(), answer, expected: z.record(z.string(), z.unknown()) })),
});
type Answer = z.output<typeof answer>;

const testDatabase = await createTestDatabase();
const world = await createLmsWorld(testDatabase);
let schools = 0;

beforeAll(() => {
  nock.disableNetConnect();
  return () => {
    nock.enableNetConnect();
    nock.restore();
  };
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});

/** The guard's own connections cannot be intercepted, so here the calls go by the platform's fetch. */
const interceptedFetch: OutboundFetch = async ({ url, method = 'GET', headers, body }) => {
  const init = { method, ...(headers && { headers }), ...(body && { body: String(body) }) };
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(text),
    url,
    text: () => text,
    json: () => JSON.parse(text) as unknown,
  };
};

/** Expects one call to exactly this address. */
function expectCall(
  method: 'GET' | 'POST',
  url: string,
  headers: Record<string, string>,
  { status, ...reply }: Answer,
) {
  const { origin, pathname, search } = new URL(url);
  nock(origin, { reqheaders: headers })
    .intercept(`${pathname}${search}`, method)
    .reply(status, reply.body as nock.Body, reply.headers);
}

function readFixture(family: string) {
  const text = readFileSync(new URL(`./fixtures/${family}.json`, import.meta.url), 'utf8');
  return fixture.parse(JSON.parse(text));
}

describe.each(familyNames)('%s', (family) => {
  const recorded = readFixture(family);
  const { registration } = recorded;
  const token = {
    authorization: `Bearer ${String((recorded.token.body as { access_token: string }).access_token)}`,
  };
  const scoreHeaders = { ...token, 'content-type': 'application/vnd.ims.lis.v1.score+json' };
  let hub: LmsServices;
  let course: LmsCourse;
  let assertion: string | undefined;

  beforeEach(async () => {
    hub = world.copy(interceptedFetch);
    schools += 1;
    course = await world.school(`${family}-${schools}`, registration);
    expectTokenRequest();
  });

  function expectTokenRequest() {
    const { origin, pathname } = new URL(registration.tokenUrl);
    nock(origin)
      .post(pathname, (form: Record<string, string>) => {
        assertion = form.client_assertion;
        return form.grant_type === 'client_credentials';
      })
      .reply(recorded.token.status, recorded.token.body as nock.Body, recorded.token.headers);
  }

  async function send() {
    const way = await hub.destination.open(course.tenantId, course.connectionId);
    if ('fault' in way) throw new Error(way.fault);
    return way.send(outgoing({ lineItemUrl: recorded.lineItemUrl }));
  }

  test('its line items are read page by page, with a token for the audience it wants', async () => {
    const accept = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
    for (const { url, answer: page } of recorded.lineItemPages) {
      expectCall('GET', url, { ...token, accept }, page);
    }
    const items = await hub.gradebook.listLineItems(course, recorded.lineItemsUrl, {});
    expect(items.map(({ label }) => label)).toEqual(recorded.labels);
    expect(items[0]!.id).toBe(recorded.lineItemUrl);
    expect(await world.readAssertion(assertion!)).toMatchObject({
      aud: recorded.audience,
      iss: registration.clientId,
      sub: registration.clientId,
    });
  });

  test('its results are read', async () => {
    const accept = 'application/vnd.ims.lis.v2.resultcontainer+json';
    expectCall('GET', recorded.results.url, { ...token, accept }, recorded.results.answer);
    const [result] = await hub.gradebook.readResults(course, recorded.lineItemUrl);
    expect(result!.resultScore! / result!.resultMaximum!).toBeCloseTo(0.8, 1);
  });

  test('it takes a score', async () => {
    expectCall('POST', recorded.scoresUrl, scoreHeaders, recorded.scoreTaken);
    expect(await send()).toEqual({ kind: 'delivered', httpStatus: recorded.scoreTaken.status });
  });

  test.each(recorded.refusals)('it refuses: $name', async ({ name, answer: refusal, expected }) => {
    expectCall('POST', recorded.scoresUrl, scoreHeaders, refusal);
    // A token that is refused is asked for again, unless it is said that another one would not do.
    const is401 = refusal.status === 401 && expected.kind !== 'permanent';
    if (is401 || name.includes('even a fresh one')) {
      expectTokenRequest();
      expectCall('POST', recorded.scoresUrl, scoreHeaders, refusal);
    }
    expect(await send()).toEqual({ httpStatus: refusal.status, ...expected });
  });
});
