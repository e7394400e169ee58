import { expect, test } from 'vitest';
import { makeKey } from './support/keys.ts';
import { claimsOf, sign } from './support/provider.ts';
import { ending, openWorld } from './support/world.ts';

type Json = Record<string, unknown>;

test('signing out there names the client, the way back and the ID Token of the session', async () => {
  const world = await openWorld();
  const result = await world.signIn();
  const session = result.accepted ? result.signedIn.partnerSession : undefined;
  const address = new URL((await world.oidc.logoutAddress(world.connection, session)) ?? '');
  expect(address.href).toMatch(`${world.provider.issuer}/end?`);
  const { id_token_hint: hint, ...rest } = Object.fromEntries(address.searchParams);
  expect(rest).toEqual({
    realm: 'school',
    client_id: 'client-1',
    post_logout_redirect_uri: world.connection.signedOutUri,
  });
  expect(claimsOf(hint ?? '').sub).toBe('subject-1');
});

test('an ID Token too long for an address is left out, and the provider asks the person', async () => {
  const world = await openWorld();
  world.provider.person = {
    sub: 'subject-1',
    groups: Array.from({ length: 300 }, (_, index) => `group ${index}`),
  };
  const result = await world.signIn();
  const session = result.accepted ? result.signedIn.partnerSession : undefined;
  expect(session).toEqual({ name: 'subject-1', index: 'session-1' });
  expect(await world.oidc.logoutAddress(world.connection, session)).not.toContain('id_token_hint');
});

test('signing out ends here where the provider offers nothing, is down, or is not to be asked', async () => {
  const world = await openWorld();
  world.provider.lies = { discovery: (document) => ({ ...document, end_session_endpoint: undefined }) };
  expect(await world.oidc.logoutAddress(world.connection, undefined)).toBeUndefined();
  const down = await openWorld();
  down.provider.lies = { serve: { discovery: (response) => void response.writeHead(500).end() } };
  expect(await down.oidc.logoutAddress(down.connection, undefined)).toBeUndefined();
  const quiet = await openWorld({ settings: { endSession: false } });
  expect(await quiet.oidc.logoutAddress(quiet.connection, undefined)).toBeUndefined();
});

test('a logout token ends the session it names, and is good for one time', async () => {
  const world = await openWorld();
  const token = await world.provider.logoutToken();
  const received = await world.oidc.receiveLogout(world.connection, token);
  expect(received).toMatchObject({
    accepted: true,
    ended: { name: 'subject-1', index: 'session-1' },
    oneTime: { kind: 'logout_token', id: claimsOf(token).jti },
  });
  // Remembered for as long as it could be taken.
  const expiresAt = received.accepted ? received.oneTime.expiresAt.getTime() : 0;
  world.clock.time = expiresAt;
  expect(await world.oidc.receiveLogout(world.connection, token)).toMatchObject({ accepted: false });
});

test.each<[string, (claims: Json) => Json, object]>([
  ['a person alone', ({ sid: _sid, ...claims }) => claims, { name: 'subject-1' }],
  ['a session alone', ({ sub: _sub, ...claims }) => claims, { index: 'session-1' }],
])('a logout token may name %s', async (_name, claims, ended) => {
  const world = await openWorld();
  const received = await world.oidc.receiveLogout(world.connection, await world.provider.logoutToken(claims));
  expect(received.accepted && received.ended).toEqual(ended);
});

test.each([undefined, 'logout+jwt', 'application/logout+jwt', 'LOGOUT+JWT', 'JWT'])(
  'a logout token of type %s is taken',
  async (typ) => {
    const world = await openWorld();
    const token = await world.provider.logoutToken(undefined, () => ({ typ }));
    expect(await world.oidc.receiveLogout(world.connection, token)).toMatchObject({ accepted: true });
  },
);

const at = Date.parse('2026-11-21T08:00:00Z') / 1000;
const event = 'http://schemas.openid.net/event/backchannel-logout';
test.each<[string, string, (claims: Json) => Json]>([
  ['another issuer', 'issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
  ['another audience', 'audience', (claims) => ({ ...claims, aud: 'client-2' })],
  [
    'another audience beside',
    'audience',
    (claims) => ({ ...claims, aud: ['client-1', 'client-2'], azp: 'client-1' }),
  ],
  ['a time long ago', 'issued_at', (claims) => ({ ...claims, iat: at - 721 })],
  ['a time to come', 'issued_at', (claims) => ({ ...claims, iat: at + 121 })],
  ['no time', 'issued_at', ({ iat: _iat, ...claims }) => claims],
  ['an end that is over', 'expired', (claims) => ({ ...claims, exp: at - 120 })],
  ['no end', 'expired', ({ exp: _exp, ...claims }) => claims],
  ['nobody', 'logout_subject', ({ sub: _sub, sid: _sid, ...claims }) => claims],
  ['nobody, by an empty name', 'logout_subject', (claims) => ({ ...claims, sub: '', sid: 7 })],
  ['no event', 'logout_event', ({ events: _events, ...claims }) => claims],
  ['another event', 'logout_event', (claims) => ({ ...claims, events: { 'http://other.example': {} } })],
  ['an event that is no object', 'logout_event', (claims) => ({ ...claims, events: { [event]: true } })],
  ['a list of events', 'logout_event', (claims) => ({ ...claims, events: [event] })],
  ['a nonce', 'logout_nonce', (claims) => ({ ...claims, nonce: 'x' })],
  ['a nonce of null', 'logout_nonce', (claims) => ({ ...claims, nonce: null })],
  ['no id', 'logout_id', ({ jti: _jti, ...claims }) => claims],
])('a logout token with %s is refused: %s', async (_lie, reason, claims) => {
  const world = await openWorld();
  const received = await world.oidc.receiveLogout(world.connection, await world.provider.logoutToken(claims));
  expect(received).toMatchObject({ accepted: false, reason });
  expect(received.checks.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([reason]);
});

test('a logout token of another kind, or by another key, or not signed at all, is refused', async () => {
  const world = await openWorld();
  const receive = async (token: string) => {
    const received = await world.oidc.receiveLogout(world.connection, token);
    return received.accepted ? 'accepted' : received.reason;
  };
  expect(await receive(await world.provider.logoutToken(undefined, () => ({ typ: 'at+jwt' })))).toBe(
    'logout_type',
  );
  const honest = claimsOf(await world.provider.logoutToken());
  expect(await receive(await sign(await makeKey('key-1'), {}, honest))).toBe('signature');
  expect(await receive(await sign(await makeKey('key-9'), {}, honest))).toBe('key_unknown');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  expect(await receive(`${encode({ alg: 'none' })}.${encode(honest)}.`)).toBe('algorithm');
  expect(await receive('')).toBe('token_malformed');
});

test('an ID Token is no logout token, and a logout token no ID Token', async () => {
  const world = await openWorld();
  const result = await world.signIn();
  const idToken = (result.accepted && result.signedIn.partnerSession?.idToken) || '';
  expect(await world.oidc.receiveLogout(world.connection, idToken)).toMatchObject({ accepted: false });
  world.provider.lies = { sign: () => world.provider.logoutToken() };
  expect(ending(await world.signIn())).toBe('nonce');
});
