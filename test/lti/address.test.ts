import { expect, test } from 'vitest';
import { withQuery } from '../../src/lti/address.ts';

test.each([
  ['https://a.example/x', 'https://a.example/x?m=1+2'],
  ['https://a.example/x?', 'https://a.example/x?m=1+2'],
  ['https://a.example/x?y=1', 'https://a.example/x?y=1&m=1+2'],
  ['https://a.example/x?y=1&', 'https://a.example/x?y=1&m=1+2'],
  ['https://a.example/x#top', 'https://a.example/x?m=1+2#top'],
  ['https://a.example/x?y#/z?q#r', 'https://a.example/x?y&m=1+2#/z?q#r'],
])('parameters join the query of %s', (address, expected) => {
  expect(withQuery(address, { m: '1 2' })).toBe(expected);
});
