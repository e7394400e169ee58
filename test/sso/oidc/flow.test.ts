import { expect, test } from 'vitest';
import { claimsOf } from './support/provider.ts';
import { clientSecret, connectTo, ending, openWorld, type SettingsInput } from './support/world.ts';

test('the request asks for a code, with PKCE, a nonce and the handle as state', async () => {
  const settings: SettingsInput = {
    scopes: ['profile', 'groups'],
    prompt: 'login',
    maxAgeSeconds: 0,
    acrValues: ['mfa', 'hwk'],
  };
  const world = await openWorld({ settings });
  world.provider.lies = {
    discovery: (document) => ({
      ...document,
      authorization_endpoint: `${document.issuer}/authorize?realm=a&scope=b`,
    }),
  };
  const { location, handle, expectations } = await world.start();
  const { searchParams } = new URL(location);
  const { nonce, code_challenge: challenge, ...rest } = Object.fromEntries(searchParams);
  expect(rest).toEqual({
    realm: 'a',
    response_type: 'code',
    client_id: 'client-1',
    redirect_uri: world.connection.redirectUri,
    scope: 'openid profile groups',
    state: handle,
    code_challenge_method: 'S256',
    prompt: 'login',
    max_age: '0',
    acr_values: 'mfa hwk',
  });
  expect([nonce, challenge]).toEqual([
    expect.stringMatching(/^[\w-]{43}$/),
    expect.stringMatching(/^[\w-]{43}$/),
  ]);
  // Neither nonce nor verifier can be read off what is stored.
  const stored = JSON.stringify(expectations);
  expect(stored).not.toContain(nonce);
  const [, { code_verifier: verifier = '' } = {}] = [
    await world.receive(await world.start()),
    world.provider.tokenRequests[0],
  ];
  expect(verifier).toMatch(/^[\w-]{43}$/);
  expect(stored).not.toContain(verifier);
});

test('two requests share neither nonce nor challenge', async () => {
  const world = await openWorld();
  const read = async () => {
    const { location } = await world.start();
    const { searchParams } = new URL(location);
    return [searchParams.get('nonce'), searchParams.get('code_challenge')];
  };
  const all = [...(await read()), ...(await read())];
  expect(new Set(all).size).toBe(4);
});

test('a code that is used a second time is refused', async () => {
  const world = await openWorld();
  const started = await world.start();
  const query = world.provider.authorize(started.location);
  expect(ending(await world.receive(started, query))).toBe('accepted subject-1');
  expect(ending(await world.receive(started, query))).toBe('code_refused');
});

test('a code of another sign-in is refused: the verifier does not fit', async () => {
  const world = await openWorld();
  const [mine, theirs] = [await world.start(), await world.start()];
  const { code } = world.provider.authorize(theirs.location);
  const query = { ...world.provider.authorize(mine.location), code };
  expect(ending(await world.receive(mine, query))).toBe('code_refused');
});

test('a code of another sign-in is refused by its nonce, where the provider ignores PKCE', async () => {
  const world = await openWorld();
  const [mine, theirs] = [await world.start(), await world.start()];
  const nonceOfTheirs = new URL(theirs.location).searchParams.get('nonce');
  world.provider.lies = { claims: (claims) => ({ ...claims, nonce: nonceOfTheirs }) };
  expect(ending(await world.receive(mine))).toBe('nonce');
});

test('expectations of one sign-in do not fit the state of another', async () => {
  const world = await openWorld();
  const [mine, theirs] = [await world.start(), await world.start()];
  expect(ending(await world.receive({ ...mine, expectations: theirs.expectations }))).toBe('code_refused');
  expect(ending(await world.receive({ ...mine, handle: theirs.handle }))).toBe('code_refused');
});

test('mix-up: an answer that names another provider is refused, and its code goes nowhere', async () => {
  const [honest, evil] = [await openWorld(), await openWorld()];
  const started = await honest.start();
  // The browser was led to the other provider, and comes back to the first one's address.
  const query = { ...evil.provider.authorize(started.location), state: started.handle };
  const result = await honest.receive(started, query);
  expect(ending(result)).toBe('issuer_parameter');
  expect([honest.provider.tokenRequests, evil.provider.tokenRequests]).toEqual([[], []]);
});

test.each<[string, boolean | undefined, string | undefined, string]>([
  ['promised and missing', true, undefined, 'issuer_parameter'],
  ['promised and wrong', true, 'https://evil.example', 'issuer_parameter'],
  ['not promised and wrong', undefined, 'https://evil.example', 'issuer_parameter'],
  ['not promised and missing', undefined, undefined, 'accepted subject-1'],
  ['not promised and right', false, 'right', 'accepted subject-1'],
])('the parameter iss, %s', async (_name, supported, iss, end) => {
  const world = await openWorld();
  world.provider.lies = {
    discovery: (document) => ({ ...document, authorization_response_iss_parameter_supported: supported }),
    redirect: (query) => ({ ...query, iss: iss === 'right' ? query.iss : iss }),
  };
  expect(ending(await world.signIn())).toBe(end);
});

test.each([
  ['access_denied', 'declined'],
  ['login_required', 'interaction_required'],
  ['interaction_required', 'interaction_required'],
  ['account_selection_required', 'interaction_required'],
  ['consent_required', 'interaction_required'],
  ['server_error', 'provider_unavailable'],
  ['temporarily_unavailable', 'provider_unavailable'],
  ['invalid_request', 'request_refused'],
  ['unauthorized_client', 'request_refused'],
  ['invalid_scope', 'request_refused'],
  ['constructor', 'request_refused'],
  ['<script>', 'request_refused'],
])(
  'an answer with the error %s ends as %s, and says nothing of what the provider wrote',
  async (error, reason) => {
    const world = await openWorld();
    world.provider.lies = {
      redirect: ({ code: _code, ...query }) => ({ ...query, error, error_description: 'ada@school.example' }),
    };
    const result = await world.signIn();
    expect(ending(result)).toBe(reason);
    expect(JSON.stringify(result)).not.toMatch(/ada@|<script/);
    expect(world.provider.calls).toEqual(['discovery']);
  },
);

test('an error that names another provider is not believed', async () => {
  const world = await openWorld();
  world.provider.lies = { redirect: () => ({ error: 'access_denied', iss: 'https://evil.example' }) };
  expect(ending(await world.signIn())).toBe('issuer_parameter');
});

test.each<[string, (query: Record<string, unknown>) => Record<string, unknown>]>([
  ['no code', ({ code: _code, ...query }) => query],
  ['an empty code', (query) => ({ ...query, code: '' })],
  ['two codes', (query) => ({ ...query, code: [query.code, 'x'] })],
  ['two issuers', (query) => ({ ...query, iss: [query.iss, query.iss] })],
  ['a code without end', (query) => ({ ...query, code: 'x'.repeat(8_001) })],
])('an answer with %s is malformed', async (_name, redirect) => {
  const world = await openWorld();
  world.provider.lies = { redirect };
  expect(ending(await world.signIn())).toBe('answer_malformed');
  expect(world.provider.tokenRequests).toEqual([]);
});

test.each<[NonNullable<SettingsInput['clientAuthentication']>]>([
  ['client_secret_basic'],
  ['client_secret_post'],
])('the client proves itself by %s', async (clientAuthentication) => {
  const world = await openWorld({ settings: { clientAuthentication } });
  expect(ending(await world.signIn())).toBe('accepted subject-1');
  const [request] = world.provider.tokenRequests;
  expect(request?.client_secret).toBe(
    clientAuthentication === 'client_secret_post' ? clientSecret : undefined,
  );
  expect(request?.authorization?.startsWith('Basic ') ?? false).toBe(
    clientAuthentication === 'client_secret_basic',
  );
  const wrong = connectTo(world.provider.issuer, { clientAuthentication, clientSecret: 'wrong' });
  expect(ending(await world.signIn(wrong))).toBe('client_refused');
});

test.each([['issuer'], ['token_endpoint']] as const)(
  'the client proves itself by the hub’s key, made out to the %s',
  async (assertionAudience) => {
    const world = await openWorld({
      settings: { clientAuthentication: 'private_key_jwt', assertionAudience },
    });
    await world.signIn();
    const [request] = world.provider.tokenRequests;
    expect(request?.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const { issuer } = world.provider;
    const now = world.clock.time / 1000;
    expect(claimsOf(request?.client_assertion ?? '')).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: assertionAudience === 'issuer' ? issuer : `${issuer}/token`,
      jti: expect.stringMatching(/.{20}/),
      iat: now - 30,
      exp: now + 270,
    });
  },
);

test.each<[number, string, string]>([
  [400, '{"error":"invalid_grant"}', 'code_refused'],
  [400, '{"error":"invalid_client"}', 'client_refused'],
  [401, '{"error":"invalid_client"}', 'client_refused'],
  [401, '<h1>Who are you?</h1>', 'client_refused'],
  [400, '{"error":"unauthorized_client"}', 'client_refused'],
  [400, '{"error":"invalid_scope"}', 'token_refused'],
  [400, '{"error":"toString"}', 'token_refused'],
  [404, '', 'token_refused'],
  [429, '', 'token_unreachable'],
  [503, '{"error":"invalid_grant"}', 'token_unreachable'],
  [200, '{}', 'token_answer_invalid'],
  [200, '[]', 'token_answer_invalid'],
  [200, '<h1>Sign in</h1>', 'token_answer_invalid'],
  [200, '{"access_token":"a","token_type":"Bearer"}', 'token_answer_invalid'],
  [200, '{"id_token":"a.b.c","token_type":"Bearer"}', 'token_answer_invalid'],
  [200, '{"access_token":"a","id_token":7,"token_type":"Bearer"}', 'token_answer_invalid'],
  [200, '{"access_token":"a","id_token":"a.b.c"}', 'token_answer_invalid'],
  [200, '{"access_token":"a","id_token":"a.b.c","token_type":"MAC"}', 'token_answer_invalid'],
  [204, '', 'token_answer_invalid'],
])('a token endpoint answering %i %s ends as %s', async (status, body, reason) => {
  const world = await openWorld();
  world.provider.lies = { serve: { token: (response) => void response.writeHead(status).end(body) } };
  const result = await world.signIn();
  expect(ending(result)).toBe(reason);
  expect(JSON.stringify(result)).not.toContain('code-1');
});

test('neither secret nor code nor what the provider wrote stands in a refusal', async () => {
  const world = await openWorld();
  const started = await world.start();
  const query = { ...world.provider.authorize(started.location), code: 'stolen' };
  const result = await world.receive(started, query);
  expect(ending(result)).toBe('code_refused');
  expect(JSON.stringify(result)).not.toMatch(/stolen|ada@|secret/);
});
