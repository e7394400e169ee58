import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthPrefixed } from '../../../src/platform/secrets/length-prefixed.ts';

test('no two lists of parts give the same bytes', () => {
  const parts = fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(lengthPrefixed(a).equals(lengthPrefixed(b))).toBe(same);
    }),
  );
});

test('moving a letter over the border between two parts changes the bytes', () => {
  expect(lengthPrefixed(['ab', 'c']).equals(lengthPrefixed(['a', 'bc']))).toBe(false);
});
