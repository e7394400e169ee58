import { expect, test } from 'vitest';
import { readTokenBody } from '../../../src/lti/lms/token-body.ts';

const good = { access_token: 'abc', token_type: 'bearer', expires_in: 3600, scope: 'a b' };
const read = (body: unknown) => readTokenBody(JSON.stringify(body));

test('what the hub uses is taken, and nothing else', () => {
  expect(read({ ...good, refresh_token: 'r', id_token: 'x', vendor: {} })).toEqual(good);
});

test('null and empty members are not there, and a token is a bearer token unless told', () => {
  const nothing = { token_type: null, expires_in: null, scope: '', refresh_token: null, id_token: '' };
  expect(read({ ...good, ...nothing })).toEqual({ access_token: 'abc', token_type: 'Bearer' });
});

test('scopes may be a list', () => {
  expect(read({ ...good, scope: ['a', 'b'] })).toEqual(good);
});

test('a byte order mark is no fault', () => {
  expect(readTokenBody(`\ufeff${JSON.stringify(good)}`)).toEqual(good);
});

test.each(['', '<h1>Sign in</h1>', 'null', '[]', '{}', '{"access_token":null}', '{"access_token":""}'])(
  '%s grants nothing',
  (text) => expect(readTokenBody(text)).toBeUndefined(),
);
