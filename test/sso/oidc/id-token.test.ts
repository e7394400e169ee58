import { createHmac } from 'node:crypto';
import { type CryptoKey, exportSPKI, importJWK } from 'jose';
import { expect, test } from 'vitest';
import { makeKey } from './support/keys.ts';
import { claimsOf, sign } from './support/provider.ts';
import { clientSecret, ending, openWorld, type SettingsInput } from './support/world.ts';

type Json = Record<string, unknown>;

test('an honest provider signs somebody in, and every rule is named', async () => {
  const { signIn, provider } = await openWorld();
  const result = await signIn();
  expect(ending(result)).toBe('accepted subject-1');
  expect(result.checks.every(({ passed }) => passed)).toBe(true);
  expect(result.checks.map(({ rule }) => rule)).toEqual([
    'issuer_parameter',
    'signature',
    'issuer',
    'audience',
    'expired',
    'issued_at',
    'nonce',
    'access_token_hash',
    'subject',
  ]);
  expect(result).toMatchObject({
    signedIn: {
      issuer: provider.issuer,
      name: 'Ada Lovelace',
      email: 'ada@school.example',
      partnerSession: { name: 'subject-1', index: 'session-1' },
    },
  });
  expect(provider.calls).toEqual(['discovery', 'token', 'jwks']);
});

const at = Date.parse('2026-11-21T08:00:00Z') / 1000;
const lies: [string, string, (claims: Json) => Json, SettingsInput?][] = [
  ['another issuer', 'issuer', (claims) => ({ ...claims, iss: `${claims.iss}/` })],
  ['no issuer', 'issuer', ({ iss: _iss, ...claims }) => claims],
  ['another audience', 'audience', (claims) => ({ ...claims, aud: 'client-2' })],
  ['no audience', 'audience', ({ aud: _aud, ...claims }) => claims],
  ['an audience of numbers', 'audience', (claims) => ({ ...claims, aud: ['client-1', 7] })],
  [
    'an unknown second audience',
    'audience',
    (claims) => ({ ...claims, aud: ['client-1', 'x'], azp: 'client-1' }),
  ],
  [
    'several audiences without azp',
    'authorized_party',
    (claims) => ({ ...claims, aud: ['client-1', 'x'] }),
    { otherAudiences: ['x'] },
  ],
  ['another authorized party', 'authorized_party', (claims) => ({ ...claims, azp: 'client-2' })],
  ['an azp that is no text', 'authorized_party', (claims) => ({ ...claims, azp: ['client-1'] })],
  ['a token that has run out', 'expired', (claims) => ({ ...claims, exp: at - 120 })],
  ['no end', 'expired', ({ exp: _exp, ...claims }) => claims],
  ['an end as text', 'expired', (claims) => ({ ...claims, exp: String(claims.exp) })],
  ['a token of the future', 'issued_at', (claims) => ({ ...claims, iat: at + 121 })],
  ['a token older than the request', 'issued_at', (claims) => ({ ...claims, iat: at - 121 })],
  ['no iat', 'issued_at', ({ iat: _iat, ...claims }) => claims],
  ['a token that is not good yet', 'not_before', (claims) => ({ ...claims, nbf: at + 121 })],
  ['another nonce', 'nonce', (claims) => ({ ...claims, nonce: 'x' })],
  ['no nonce', 'nonce', ({ nonce: _nonce, ...claims }) => claims],
  ['another at_hash', 'access_token_hash', (claims) => ({ ...claims, at_hash: 'x' })],
  ['another c_hash', 'code_hash', (claims) => ({ ...claims, c_hash: 'x' })],
  ['no subject', 'subject', ({ sub: _sub, ...claims }) => claims],
  ['an empty subject', 'subject', (claims) => ({ ...claims, sub: '' })],
  ['a subject of 256 characters', 'subject', (claims) => ({ ...claims, sub: 'x'.repeat(256) })],
  ['no auth_time where max_age was asked', 'auth_time', (claims) => claims, { maxAgeSeconds: 600 }],
  [
    'a password too long ago',
    'auth_time',
    (claims) => ({ ...claims, auth_time: at - 721 }),
    { maxAgeSeconds: 600 },
  ],
  [
    'a password of the future',
    'auth_time',
    (claims) => ({ ...claims, auth_time: at + 121 }),
    { maxAgeSeconds: 600 },
  ],
  [
    'an old password after prompt=login',
    'auth_time',
    (claims) => ({ ...claims, auth_time: at - 121 }),
    { prompt: 'login' },
  ],
  ['no acr', 'acr', (claims) => claims, { acrValues: ['mfa'] }],
  ['a weaker acr', 'acr', (claims) => ({ ...claims, acr: 'pwd' }), { acrValues: ['mfa'] }],
];

test.each(lies)('%s is refused: %s', async (_lie, reason, claims, settings = {}) => {
  const { signIn, provider } = await openWorld({ settings });
  provider.lies = { claims };
  const result = await signIn();
  expect(ending(result)).toBe(reason);
  expect(result.checks.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([reason]);
});

const truths: [string, (claims: Json) => Json, SettingsInput?][] = [
  ['a clock two minutes ahead', (claims) => ({ ...claims, iat: at + 120, nbf: at + 120 })],
  ['a clock two minutes behind', (claims) => ({ ...claims, iat: at - 120, exp: at - 119 })],
  [
    'a known second audience',
    (claims) => ({ ...claims, aud: ['x', 'client-1'], azp: 'client-1' }),
    { otherAudiences: ['x'] },
  ],
  ['a recent password', (claims) => ({ ...claims, auth_time: at - 600 }), { maxAgeSeconds: 600 }],
  ['prompt=login without auth_time', (claims) => claims, { prompt: 'login' }],
  ['the stronger acr', (claims) => ({ ...claims, acr: 'mfa' }), { acrValues: ['hwk', 'mfa'] }],
];

test.each(truths)('%s is taken', async (_truth, claims, settings = {}) => {
  const { signIn, provider } = await openWorld({ settings });
  provider.lies = { claims };
  expect(ending(await signIn())).toBe('accepted subject-1');
});

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('the hashes are computed as in the examples of the specification (OpenID Connect Core 1.0, A.3 and A.4)', async () => {
  const world = await openWorld();
  const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
  const code = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk';
  world.provider.lies = {
    redirect: (query) => ({ ...query, code }),
    claims: (claims) => ({ ...claims, at_hash: '77QmUPtjPfzWtF2AnpK9RQ', c_hash: 'LDktKdoQak3Pk0cnXxCltA' }),
    answer: (answer) => ({ ...answer, access_token: accessToken }),
  };
  expect(ending(await world.signIn())).toBe('accepted subject-1');
});

test('a token that is not signed is refused, also with an empty signature and other spellings of none', async () => {
  const { signIn, provider } = await openWorld();
  for (const alg of ['none', 'None', 'NONE', '', undefined]) {
    provider.lies = { sign: (_header, claims) => `${encode({ alg })}.${encode(claims)}.` };
    expect(['algorithm', 'token_malformed']).toContain(ending(await signIn()));
  }
  provider.lies = { sign: (_header, claims) => `${encode({ alg: 'none' })}.${encode(claims)}` };
  expect(ending(await signIn())).toBe('token_malformed');
});

test('HMAC with the public key, or with the client secret, is refused where HS256 is not configured', async () => {
  const { signIn, provider } = await openWorld();
  const publicKey = await importJWK(provider.key.jwk, 'RS256', { extractable: true });
  const pem = await exportSPKI(publicKey as CryptoKey);
  for (const secret of [pem, pem.trim(), JSON.stringify(provider.key.jwk), clientSecret]) {
    provider.lies = {
      sign: (header, claims) => {
        const content = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
        return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
      },
    };
    expect(ending(await signIn())).toBe('algorithm');
  }
});

test('HS256 with the client secret is taken where it alone is configured, and RS256 is not', async () => {
  const { signIn, provider } = await openWorld({ settings: { algorithms: ['HS256'] } });
  const hmac = (secret: string) => (_header: Json, claims: Json) => {
    const content = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  };
  provider.lies = { sign: hmac(clientSecret) };
  expect(ending(await signIn())).toBe('accepted subject-1');
  provider.lies = { sign: hmac(`${clientSecret}x`) };
  expect(ending(await signIn())).toBe('signature');
  provider.lies = {};
  expect(ending(await signIn())).toBe('algorithm');
  expect(provider.calls).not.toContain('jwks');
});

test('an algorithm that is allowed is taken, and one of the same key that is not is refused', async () => {
  for (const [alg, settings, end] of [
    ['ES256', { algorithms: ['RS256', 'ES256'] }, 'accepted subject-1'],
    ['PS256', { algorithms: ['PS256'] }, 'accepted subject-1'],
    ['EdDSA', { algorithms: ['EdDSA'] }, 'accepted subject-1'],
    ['PS256', {}, 'algorithm'],
  ] as [string, SettingsInput, string][]) {
    const { signIn, provider } = await openWorld({ settings });
    provider.key = await makeKey('key-2', alg);
    provider.lies = { claims: ({ at_hash: _hash, ...claims }) => claims };
    expect(ending(await signIn())).toBe(end);
  }
});

test('a token that was changed, or signed by a key of another under the same kid, is refused', async () => {
  const { signIn, provider } = await openWorld();
  provider.lies = {
    sign: async (_header, claims) => {
      const [head, , signature] = (await sign(provider.key, {}, claims)).split('.');
      return `${head}.${encode({ ...claims, sub: 'subject-2' })}.${signature}`;
    },
  };
  expect(ending(await signIn())).toBe('signature');
  const stranger = await makeKey(provider.key.kid);
  provider.lies = { sign: (_header, claims) => sign(stranger, {}, claims) };
  expect(ending(await signIn())).toBe('signature');
  // A key that the token brings along counts nothing.
  provider.lies = { sign: (_header, claims) => sign(stranger, { jwk: stranger.jwk }, claims) };
  expect(ending(await signIn())).toBe('signature');
});

test('what is no token, or no JSON object, is refused', async () => {
  const { signIn, provider } = await openWorld();
  const big = { sub: 'x'.repeat(200_000) };
  for (const token of ['x', 'a.b.c', 'a.b.c.d.e', `${encode({ alg: 'RS256' })}..`]) {
    provider.lies = { sign: () => token };
    expect(['token_malformed', 'signature']).toContain(ending(await signIn()));
  }
  provider.lies = { sign: () => sign(provider.key, {}, [] as unknown as Json) };
  expect(ending(await signIn())).toBe('token_malformed');
  provider.lies = { sign: () => sign(provider.key, {}, big) };
  expect(ending(await signIn())).toBe('token_malformed');
});

test('the ID Token of one sign-in is refused in another', async () => {
  const world = await openWorld();
  let stolen: string | undefined;
  world.provider.lies = {
    answer: (answer) => {
      stolen ??= String(answer.id_token);
      return { ...answer, id_token: stolen };
    },
  };
  expect(ending(await world.signIn())).toBe('accepted subject-1');
  expect(claimsOf(stolen ?? '').nonce).toMatch(/^[\w-]{43}$/);
  expect(ending(await world.signIn())).toBe('nonce');
});
