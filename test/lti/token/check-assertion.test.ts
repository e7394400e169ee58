import { expect, test } from 'vitest';
import { checkAssertion } from '../../../src/lti/token/check-assertion.ts';

const now = 1_750_000_000;
const expected = {
  clientId: 'client-1',
  audiences: ['https://hub.example/platform/token', 'https://hub.example'],
  now,
};
const deployment = 'https://purl.imsglobal.org/spec/lti/claim/deployment_id';
const good = {
  iss: 'client-1',
  sub: 'client-1',
  aud: 'https://hub.example/platform/token',
  iat: now,
  exp: now + 60,
  jti: 'once',
};
const check = (more: object) => checkAssertion({ ...good, ...more }, expected);

test('an assertion with everything required is taken', () => {
  expect(check({})).toMatchObject({ ok: true, jti: 'once', deploymentId: undefined });
});

test.each([
  ['the issuer', { aud: 'https://hub.example' }],
  ['the token endpoint among others', { aud: ['https://other.example', expected.audiences[0]] }],
  ['an hour to live', { exp: now + 3600 }],
  ['a clock a minute fast', { iat: now + 60, nbf: now + 60, exp: now + 3660 }],
  ['a clock a minute slow', { iat: now - 119, exp: now - 59 }],
  ['an old iat', { iat: now - 3600 }],
  ['fractions of seconds', { iat: now + 0.5, exp: now + 60.25 }],
  ['a jti of 255 characters', { jti: 'j'.repeat(255) }],
])('%s is taken', (_what, more) => {
  expect(check(more)).toMatchObject({ ok: true });
});

test.each([
  ['issuer_mismatch', { iss: 'client-2' }],
  ['issuer_mismatch', { sub: 'client-2' }],
  ['issuer_mismatch', { iss: undefined }],
  ['issuer_mismatch', { iss: ['client-1'] }],
  ['audience_mismatch', { aud: undefined }],
  ['audience_mismatch', { aud: [] }],
  ['audience_mismatch', { aud: 'https://hub.example/' }],
  ['audience_mismatch', { aud: 'https://hub.example/platform/token/' }],
  ['audience_mismatch', { aud: 'HTTPS://hub.example' }],
  ['audience_mismatch', { aud: [['https://hub.example']] }],
  ['audience_mismatch', { aud: 'client-1' }],
  ['exp_missing', { exp: undefined }],
  ['exp_missing', { exp: `${now + 60}` }],
  ['assertion_expired', { exp: now - 60 }],
  ['exp_too_late', { exp: now + 3661 }],
  ['exp_too_late', { exp: (now + 60) * 1000 }],
  ['iat_missing', { iat: undefined }],
  ['iat_missing', { iat: null }],
  ['iat_in_future', { iat: now + 61 }],
  ['not_valid_yet', { nbf: now + 61 }],
  ['not_valid_yet', { nbf: 'soon' }],
  ['jti_missing', { jti: undefined }],
  ['jti_missing', { jti: '' }],
  ['jti_missing', { jti: 7 }],
  ['jti_missing', { jti: 'j'.repeat(256) }],
  ['deployment_invalid', { [deployment]: '' }],
  ['deployment_invalid', { [deployment]: 7 }],
  ['deployment_invalid', { [deployment]: 'ä' }],
  ['deployment_invalid', { [deployment]: 'd'.repeat(256) }],
])('%s: %o', (refusal, more) => {
  expect(check(more)).toEqual({ ok: false, refusal });
});

test('null counts as absent', () => {
  expect(check({ nbf: null, [deployment]: null })).toMatchObject({ ok: true, deploymentId: undefined });
});

test('the deployment it names is passed on', () => {
  expect(check({ [deployment]: 'd-1' })).toMatchObject({ ok: true, deploymentId: 'd-1' });
});

test('it is kept used up for longer than anybody would take it', () => {
  const exp = now + 3600;
  const result = check({ exp });
  const forgetAt = result.ok ? result.forgetAt : 0;
  const late = checkAssertion({ ...good, exp }, { ...expected, now: forgetAt - 300 });
  expect(late).toEqual({ ok: false, refusal: 'assertion_expired' });
});
