import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorCodeOf, parseAuthorizeRequest } from '../../../src/lti/outbound/authorize-request.ts';
import { reasonCodes } from '../../../src/lti/reasons.ts';

const good = {
  scope: 'openid',
  response_type: 'id_token',
  response_mode: 'form_post',
  prompt: 'none',
  client_id: 'client',
  redirect_uri: 'https://tool.example/launch',
  login_hint: 'hint',
  lti_message_hint: 'message hint',
  state: 'state',
  nonce: 'nonce',
};

test('a good request has no fault', () => {
  expect(parseAuthorizeRequest(good)).toEqual({
    clientId: 'client',
    redirectUri: 'https://tool.example/launch',
    loginHint: 'hint',
    messageHint: 'message hint',
    state: 'state',
    nonce: 'nonce',
    fault: undefined,
  });
});

test.each(['scope', 'response_type', 'response_mode', 'prompt', 'nonce', 'login_hint'])(
  '%s is needed, once',
  (name) => {
    const values = [undefined, '', [(good as Record<string, string>)[name], 'x']];
    for (const value of values) expect(parseAuthorizeRequest({ ...good, [name]: value }).fault).toBeDefined();
  },
);

test('a parameter given twice counts as missing', () => {
  const request = parseAuthorizeRequest({
    ...good,
    client_id: ['client', 'x'],
    redirect_uri: ['a', 'b'],
    state: ['a'],
  });
  expect(request).toMatchObject({ clientId: undefined, redirectUri: undefined, state: undefined });
});

test('a scope that only contains the word is another scope', () => {
  expect(parseAuthorizeRequest({ ...good, scope: 'openid2' }).fault).toBe('scope_invalid');
  expect(parseAuthorizeRequest({ ...good, scope: 'profile email' }).fault).toBe('scope_invalid');
});

test('a state is taken as it is, also an empty one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (state) => {
      expect(parseAuthorizeRequest({ ...good, state }).state).toBe(state);
    }),
  );
});

test.each([
  ['nonce', 'n'.repeat(1_001), 'nonce_invalid_from_tool'],
  ['nonce', 'nul\0', 'nonce_invalid_from_tool'],
  ['state', 's'.repeat(16_001), 'state_too_long'],
] as const)('a %s that cannot be taken is refused as what it is', (name, value, fault) => {
  const request = parseAuthorizeRequest({ ...good, [name]: value });
  expect(request.fault).toBe(fault);
  expect(errorCodeOf(fault, request)).toBe('invalid_request');
});

test('a long state goes back whole', () => {
  const state = 's'.repeat(16_000);
  expect(parseAuthorizeRequest({ ...good, state })).toMatchObject({ state, fault: undefined });
});

test('no input is a fault of the hub', () => {
  const value = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(good)));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(good)), value), (input) => {
      const { clientId, redirectUri } = parseAuthorizeRequest(input);
      return [clientId, redirectUri].every((text) => text === undefined || typeof text === 'string');
    }),
  );
});

test('a tool is told in the words of its specifications only', () => {
  const words = [
    'invalid_request',
    'invalid_scope',
    'unsupported_response_type',
    'unauthorized_client',
    'login_required',
  ];
  for (const code of reasonCodes) expect(words).toContain(errorCodeOf(code, parseAuthorizeRequest(good)));
});
