import { expect, test } from 'vitest';
import { newReference, parseReference } from '../../../src/platform/http/reference.ts';

test('references read well and do not repeat', () => {
  const references = new Set(Array.from({ length: 5_000 }, newReference));
  expect(references.size).toBe(5_000);
  for (const reference of references)
    expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
});

test.each([
  ['k7qf-3m2p', 'K7QF-3M2P'],
  [' K7QF 3M2P ', 'K7QF-3M2P'],
  ['O7QF3ML1', '07QF-3M11'],
])('%j as typed is found as %s', (typed, stored) => {
  expect(parseReference(typed)).toBe(stored);
});

test.each(['', 'K7QF', 'K7QF-3M2U', 'K7QF-3M2PX'])('%j is no reference', (typed) => {
  expect(parseReference(typed)).toBeUndefined();
});
