import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/audit/canonical-json.ts';

test('the order of members does not matter, the order of items does', () => {
  expect(canonicalJson({ b: 1, a: { d: 2, c: 3 } })).toBe('{"a":{"c":3,"d":2},"b":1}');
  expect(canonicalJson([2, 1])).toBe('[2,1]');
});

test('what JSON leaves out is left out', () => {
  expect(canonicalJson({ a: undefined, at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect(canonicalJson(undefined)).toBe('null');
});

test('a number has one spelling', () => {
  expect(canonicalJson([1.0, -0, 1e21, 1e-7])).toBe('[1,0,1e+21,1e-7]');
});
