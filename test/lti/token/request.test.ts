import { expect, test } from 'vitest';
import { decideScopes, readTokenRequest } from '../../../src/lti/token/request.ts';

const good = {
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: 'a.b.c',
  scope: 'x y',
};

const read = (more: Record<string, string | string[]>, hasAuthorization = false) =>
  readTokenRequest({ ...good, ...more }, hasAuthorization);

test('a whole request is read; parameters nobody knows are ignored', () => {
  expect(read({ resource: 'x', client_id: 'tool' })).toEqual({
    ok: true,
    request: { assertion: 'a.b.c', clientId: 'tool', scopes: ['x', 'y'] },
  });
});

test.each([
  ['grant_type_missing', { grant_type: '' }],
  ['grant_type_unsupported', { grant_type: 'authorization_code' }],
  ['grant_type_unsupported', { grant_type: 'Client_Credentials' }],
  ['assertion_missing', { client_assertion: '' }],
  ['assertion_type_missing', { client_assertion_type: '' }],
  [
    'assertion_type_unsupported',
    { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
  ],
  ['authentication_repeated', { client_secret: 's' }],
  ['authentication_unsupported', { client_secret: 's', client_assertion: '' }],
  ['scope_missing', { scope: '' }],
  ['scope_missing', { scope: '  ' }],
  ['scope_malformed', { scope: 'a "b"' }],
  ['scope_malformed', { scope: 'a\tb' }],
  ['scope_malformed', { scope: Array.from({ length: 101 }, (_, i) => `s${i}`).join(' ') }],
])('%s', (refusal, more) => {
  expect(read(more)).toEqual({ ok: false, refusal });
});

test.each(['grant_type', 'client_assertion', 'scope', 'something_else'])('%s twice is refused', (name) => {
  expect(read({ [name]: ['a', 'b'] })).toEqual({ ok: false, refusal: 'parameter_repeated' });
});

test('an Authorization header beside the assertion is one way too many, and alone no way', () => {
  expect(read({}, true)).toEqual({ ok: false, refusal: 'authentication_repeated' });
  expect(read({ client_assertion: '' }, true)).toEqual({ ok: false, refusal: 'authentication_unsupported' });
});

test('granted is what was asked for and is allowed, each scope once', () => {
  expect(decideScopes(['b', 'x', 'a', 'b'], ['a', 'b', 'c'])).toEqual(['b', 'a']);
  expect(decideScopes(['x'], ['a'])).toEqual([]);
  expect(decideScopes(['A', 'a.readonly'], ['a'])).toEqual([]);
});
