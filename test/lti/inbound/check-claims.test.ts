import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claim, type Payload } from '../../../src/lti/claims.ts';
import { checkClaims, type Expectations } from '../../../src/lti/inbound/check-claims.ts';
import { isReasonCode } from '../../../src/lti/reasons.ts';

const now = 1_800_000_000;
const expected: Expectations = {
  issuer: 'https://lms.example',
  clientId: 'client',
  trustedAudiences: ['partner'],
  now,
  iatWindow: 300,
  skew: 60,
  allowAnonymous: false,
};
const good: Payload = {
  iss: 'https://lms.example',
  aud: 'client',
  sub: 'person',
  iat: now,
  exp: now + 60,
  nonce: 'nonce',
  [claim.version]: '1.3.0',
  [claim.messageType]: 'LtiResourceLinkRequest',
  [claim.deploymentId]: 'deployment',
  [claim.roles]: [],
  [claim.resourceLink]: { id: 'link' },
  [claim.targetLinkUri]: 'https://hub.example/t/school/open/tool',
};

const reasonFor = (changes: Payload, expectations: Partial<Expectations> = {}) => {
  const result = checkClaims({ ...good, ...changes }, { ...expected, ...expectations });
  return result.ok ? undefined : result.reason;
};

test('a good payload gives its nonce, deployment, message type and subject', () => {
  expect(checkClaims(good, expected)).toEqual({
    ok: true,
    nonce: 'nonce',
    deploymentId: 'deployment',
    messageType: 'LtiResourceLinkRequest',
    subject: 'person',
  });
});

test('a token of a minute, as Moodle makes them, is good for that minute and the skew', () => {
  const moodle = { iat: now, exp: now + 60 };
  expect([0, 60, 119, 120].map((later) => reasonFor(moodle, { now: now + later }))).toEqual([
    undefined,
    undefined,
    undefined,
    'token_expired',
  ]);
});

test.each([
  ['exp', 59, undefined],
  ['exp', 60, 'token_expired'],
] as const)('%s counts as past once the skew is over: %i s ago', (_claim, ago, reason) => {
  expect(reasonFor({ exp: now - ago })).toBe(reason);
});

test.each([
  [-360, undefined],
  [-361, 'iat_too_old'],
  [60, undefined],
  [61, 'iat_in_future'],
] as const)('an issue time %i s from now gives %s', (offset, reason) => {
  expect(reasonFor({ iat: now + offset, exp: now + 600 })).toBe(reason);
});

test.each([
  [undefined, undefined],
  [null, undefined],
  [now - 600, undefined],
  [now + 60, undefined],
  [now + 61, 'not_valid_yet'],
  [String(now), 'not_valid_yet'],
])('a token that counts from %s on, at the same clock: %s', (nbf, reason) => {
  expect(reasonFor({ nbf })).toBe(reason);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, null, '1', [now]])('%s is no time', (value) => {
  expect(reasonFor({ exp: value })).toBe('exp_missing');
  expect(reasonFor({ iat: value })).toBe('iat_missing');
});

test('several audiences need every one trusted, and azp to be ours', () => {
  expect(reasonFor({ aud: ['client', 'partner'], azp: 'client' })).toBeUndefined();
  expect(reasonFor({ aud: ['client', 'partner'] })).toBe('azp_missing');
  expect(reasonFor({ aud: ['client', 'client'] })).toBeUndefined();
  expect(reasonFor({ aud: ['client', 'stranger'], azp: 'client' })).toBe('audience_untrusted');
  expect(reasonFor({ aud: ['client', { toString: () => 'partner' }], azp: 'client' })).toBe(
    'audience_untrusted',
  );
  expect(reasonFor({ azp: 'partner' })).toBe('azp_mismatch');
  expect(reasonFor({ azp: null })).toBeUndefined();
});

test('without sub a launch is anonymous: refused unless the registration allows it', () => {
  for (const sub of [undefined, null, '']) {
    expect(reasonFor({ sub })).toBe('sub_missing');
    expect(checkClaims({ ...good, sub }, { ...expected, allowAnonymous: true })).toMatchObject({
      ok: true,
      subject: undefined,
    });
  }
});

test('ids are at most 255 characters', () => {
  const id = 'i'.repeat(255);
  const withIds = (value: string): Payload => ({
    sub: value,
    [claim.deploymentId]: value,
    [claim.resourceLink]: { id: value },
    [claim.context]: { id: value },
  });
  expect(reasonFor(withIds(id))).toBeUndefined();
  for (const [name, value] of Object.entries(withIds(`${id}i`)))
    expect(reasonFor({ [name]: value })).toBeDefined();
});

test('an id may be a whole number, which counts as its text; one that JSON rounds, or that nobody has, is refused as what it is', () => {
  const withIds = (value: unknown): Payload => ({
    sub: value,
    [claim.deploymentId]: value,
    [claim.resourceLink]: { id: value },
    [claim.context]: { id: value },
  });
  expect(checkClaims({ ...good, ...withIds(7) }, expected)).toMatchObject({
    subject: '7',
    deploymentId: '7',
  });
  for (const wrong of [2 ** 53, 1.5, 0, -1, true, { id: 7 }]) {
    for (const [name, value] of Object.entries(withIds(wrong)))
      expect(reasonFor({ [name]: value })).toBe('claims_invalid');
  }
});

test('null counts as absent, also among roles', () => {
  expect(reasonFor({ [claim.version]: null })).toBe('version_missing');
  expect(reasonFor({ [claim.roles]: null })).toBe('roles_missing');
  for (const optional of [claim.context, claim.custom, claim.lis, 'azp'])
    expect(reasonFor({ [optional]: null })).toBeUndefined();
  const roles = ['Learner', null];
  expect(reasonFor({ [claim.roles]: roles })).toBeUndefined();
  const contentRequest = { [claim.messageType]: 'LtiDeepLinkingRequest', [claim.roles]: roles };
  expect(reasonFor(contentRequest)).toBeUndefined();
  expect(reasonFor({ [claim.roles]: ['Learner', 5] })).toBe('roles_invalid');
});

test('a context is optional, and so is its id', () => {
  for (const context of [undefined, {}, { title: 'Course' }, 'nonsense']) {
    expect(reasonFor({ [claim.context]: context })).toBeUndefined();
  }
});

test('any payload is checked without a fault, and only a good one passes', () => {
  const names = Object.keys(good);
  const value = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(good)));
  const payload = fc.dictionary(fc.constantFrom(...names, claim.context, 'azp'), value);
  fc.assert(
    fc.property(payload, fc.boolean(), (changes, wholesome) => {
      const result = checkClaims(wholesome ? { ...good, ...changes } : changes, expected);
      if (!result.ok) return isReasonCode(result.reason);
      return typeof result.nonce === 'string' && result.deploymentId.length <= 255;
    }),
    { numRuns: 500 },
  );
});

test('leaving out any required claim is refused', () => {
  for (const name of Object.keys(good))
    expect([name, reasonFor({ [name]: undefined })]).not.toEqual([name, undefined]);
});
