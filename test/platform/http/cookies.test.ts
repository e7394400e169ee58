import { expect, test } from 'vitest';
import { findCookie, serializeHostCookie } from '../../../src/platform/http/cookies.ts';

const cookie = {
  name: '__Host-gh-1a2b3c4d',
  value: 'c2VjcmV0',
  maxAgeSeconds: 300,
  partitioned: true,
  sameSite: 'None',
} as const;

test('a cookie of a launch works in frames, is kept apart and hidden from scripts', () => {
  expect(serializeHostCookie(cookie)).toBe(
    '__Host-gh-1a2b3c4d=c2VjcmV0; Path=/; Max-Age=300; Secure; HttpOnly; SameSite=None; Partitioned',
  );
});

test('a cookie without an age goes when the browser is closed', () => {
  expect(serializeHostCookie({ ...cookie, maxAgeSeconds: undefined })).not.toContain('Max-Age');
});

test.each(['a;b', 'a b', 'a"b', 'a,b', 'a\\b', 'ü', 'a\r\nSet-Cookie: x=1'])(
  'the value %j is refused',
  (value) => {
    expect(() => serializeHostCookie({ ...cookie, value })).toThrow(TypeError);
  },
);

test('a name without the prefix is refused', () => {
  expect(() => serializeHostCookie({ ...cookie, name: 'gh' })).toThrow(TypeError);
});

test('a cookie is found by its whole name', () => {
  const header = 'x__Host-a=0; __Host-ab=1;__Host-a=2; __Host-a=3';
  expect(findCookie(header, '__Host-a')).toBe('2');
});

test.each([undefined, '', '__Host-a', '=x', ';;;'])('the header %j holds no cookie', (header) => {
  expect(findCookie(header, '__Host-a')).toBeUndefined();
});

test('a value may hold equals signs', () => {
  expect(findCookie('__Host-a=YQ==', '__Host-a')).toBe('YQ==');
});

test('only blanks and tabs around a name or value are no part of it', () => {
  expect(findCookie('a=0; \t__Host-a\t=\t1 ', '__Host-a')).toBe('1');
  for (const other of ['\u00a0', '\v', '\f', '\u2028', '\ufeff']) {
    expect(findCookie(`${other}__Host-a=1`, '__Host-a')).toBeUndefined();
    expect(findCookie(`__Host-a=1${other}`, '__Host-a')).toBe(`1${other}`);
  }
});
