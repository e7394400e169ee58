import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLoginRequest } from '../../../src/lti/inbound/login-request.ts';

const least = {
  iss: 'https://lms.example',
  login_hint: 'hint',
  target_link_uri: 'https://hub.example/open/x',
};

test('what was not sent is not there, and unknown parameters are ignored', () => {
  expect(parseLoginRequest({ ...least, utm_source: 'x' })).toEqual({ ok: true, request: least });
});

test('Canvas’s deployment_id stands in for lti_deployment_id, which wins', () => {
  expect(parseLoginRequest({ ...least, deployment_id: 'a' })).toMatchObject({
    request: { lti_deployment_id: 'a' },
  });
  expect(parseLoginRequest({ ...least, deployment_id: 'a', lti_deployment_id: 'b' })).toEqual({
    ok: true,
    request: { ...least, lti_deployment_id: 'b' },
  });
});

test('required parameters that are missing, repeated or empty are named', () => {
  expect(parseLoginRequest({ iss: '', login_hint: ['a', 'b'] })).toEqual({
    ok: false,
    reason: 'login_parameter_missing',
    parameters: ['iss', 'login_hint', 'target_link_uri'],
  });
});

test('optional parameters that are malformed are left out', () => {
  const malformed = { lti_message_hint: '', client_id: '', lti_storage_target: '"><script>' };
  expect(parseLoginRequest({ ...least, ...malformed })).toEqual({ ok: true, request: least });
});

test('hints as long as signed tokens are taken whole', () => {
  const hints = { login_hint: 'l'.repeat(8_000), lti_message_hint: 'm'.repeat(8_000) };
  const request = { ...least, ...hints, target_link_uri: `${least.target_link_uri}?${'x'.repeat(3_000)}` };
  expect(parseLoginRequest(request)).toEqual({ ok: true, request });
});

test.each([
  ['lti_message_hint', 'm'.repeat(8_001)],
  ['lti_message_hint', 'nul\0'],
  ['lti_message_hint', ['a', 'b']],
  ['login_hint', 'l'.repeat(8_001)],
  ['target_link_uri', `https://hub.example/${'x'.repeat(4_000)}`],
])('%s that cannot go back unaltered is refused by name', (name, value) => {
  expect(parseLoginRequest({ ...least, [name]: value })).toEqual({
    ok: false,
    reason: 'login_parameter_invalid',
    parameters: [name],
  });
});

test('no input is a fault, and what is taken can be stored', () => {
  const parameter = fc.constantFrom(
    ...Object.keys(least),
    'client_id',
    'lti_message_hint',
    'lti_storage_target',
  );
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.anything());
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(parameter, value)), fc.boolean(), (given, complete) => {
      const input = complete && typeof given === 'object' ? { ...given, ...least } : given;
      const result = parseLoginRequest(input);
      if (!result.ok) return result.parameters.length > 0;
      return Object.values(result.request).every((text) => typeof text === 'string' && !text.includes('\0'));
    }),
  );
});
