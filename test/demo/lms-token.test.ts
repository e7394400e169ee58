import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpointClaim, scopes } from '../../src/demo/lms/grades/ags.ts';
import { createSigningKey } from '../../src/demo/lms/signing-keys.ts';
import {
  askToken,
  assertionOf,
  callService,
  endpointOf,
  type LmsAlone,
  startLmsAlone,
} from './support/lms-alone.ts';

let alone: LmsAlone;
let now = Date.now();

beforeAll(async () => {
  alone = await startLmsAlone({ now: () => now });
});
afterAll(() => alone.close());

test('a good assertion gets a token for an hour, its scopes named, and nobody keeps the answer', async () => {
  const answer = await askToken(alone, { scope: `${scopes.score} ${scopes.resultReadonly} unknown` });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 3600,
    scope: `${scopes.score} ${scopes.resultReadonly}`,
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

describe('an assertion is refused', () => {
  const seconds = () => Math.floor(now / 1000);
  const changes: Record<string, () => Record<string, unknown>> = {
    'from an unknown client': () => ({ sub: 'nobody', iss: 'nobody' }),
    'with another issuer': () => ({ iss: 'other' }),
    'for another audience': () => ({ aud: 'https://another-lms.example/token' }),
    'that has expired': () => ({ iat: seconds() - 700, exp: seconds() - 400 }),
    'without an end': () => ({ exp: undefined }),
    'without a time of issue': () => ({ iat: undefined }),
    'without a jti': () => ({ jti: undefined }),
    'from the future': () => ({ iat: seconds() + 300, exp: seconds() + 600 }),
    'that lives longer than an hour': () => ({ exp: seconds() + 2 * 3600 }),
    'for a deployment that is not known': () => ({
      'https://purl.imsglobal.org/spec/lti/claim/deployment_id': 'nowhere',
    }),
  };

  test.each(Object.keys(changes))('%s', async (name) => {
    const client_assertion = await assertionOf(alone, alone.client, changes[name]!());
    expect(await askToken(alone, { client_assertion })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  test.each(['', 'not.a.token'])('that is no assertion: "%s"', async (client_assertion) => {
    expect((await askToken(alone, { client_assertion })).status).toBe(401);
  });

  test('signed by a key that the client does not publish', async () => {
    const forged = await createSigningKey(alone.client.key.kid);
    const client_assertion = await assertionOf(alone, alone.client, {}, forged);
    expect((await askToken(alone, { client_assertion })).status).toBe(401);
  });

  test('used before', async () => {
    const client_assertion = await assertionOf(alone, alone.client);
    expect((await askToken(alone, { client_assertion })).status).toBe(200);
    expect((await askToken(alone, { client_assertion })).status).toBe(401);
  });
});

test.each([
  [{ grant_type: 'authorization_code' }, 'unsupported_grant_type'],
  [{ client_assertion_type: 'password' }, 'invalid_request'],
  [{ scope: 'unknown' }, 'invalid_scope'],
  [{ scope: '' }, 'invalid_scope'],
])('a request that is malformed is told so: %o', async (changes, error) => {
  expect(await askToken(alone, changes)).toMatchObject({ status: 400, body: { error } });
});

test('a token reaches every school that the tool is deployed to, or the one it was asked for', async () => {
  const deployment = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';
  const narrow = await assertionOf(alone, alone.client, { [deployment]: 'client:northside' });
  const wide = (await askToken(alone)).body.access_token;
  const narrowed = (await askToken(alone, { client_assertion: narrow })).body.access_token;
  const north = endpointOf(alone, 'ns-cell-lab').lineitems;
  const river = endpointOf(alone, 'rb-probability-quiz', 'rb-larsen').lineitems;
  expect((await callService(wide, river)).status).toBe(200);
  expect((await callService(narrowed, north)).status).toBe(200);
  expect((await callService(narrowed, river)).status).toBe(404);
});

test('a token is good for an hour and no longer', async () => {
  const token = (await askToken(alone)).body.access_token;
  const { lineitems } = endpointOf(alone, 'ns-cell-lab');
  now += 3599_000;
  expect((await callService(token, lineitems)).status).toBe(200);
  now += 2_000;
  const late = await callService(token, lineitems);
  now -= 3601_000;
  expect(late.status).toBe(401);
  expect(late.headers.get('www-authenticate')).toContain('invalid_token');
});

test('a launch names the scopes, the line items and the one line item of its link', () => {
  expect(endpointOf(alone, 'ns-cell-lab')).toEqual({
    scope: Object.values(scopes),
    lineitems: expect.stringMatching(/\/lineitems\?type_id=2$/),
    lineitem: expect.stringMatching(/\/lineitem\?type_id=2$/),
  });
  expect(endpointOf(alone, 'ns-microscope')).not.toHaveProperty('lineitem');
});

test('a launch of a tool without services names no gradebook', () => {
  const bare = { name: 'Bare', redirectUris: [], clientId: 'bare' };
  const deployment = { school: 'northside', deploymentId: 'b', loginUrl: 'https://bare.example/' };
  alone.lms.registerTool({
    ...bare,
    deployments: [{ ...deployment, targets: { 'sample-tool': 'https://bare.example/' } }],
  });
  const claims = alone.lms.buildClaims({ person: 'ns-nwosu', link: 'ns-cell-lab', clientId: 'bare' });
  expect(claims).not.toHaveProperty([endpointClaim]);
});
