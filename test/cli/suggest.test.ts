import { expect, test } from 'vitest';
import { didYouMean, editDistance, suggest } from '../../src/cli/suggest.ts';

test('a swap, a missing, an extra and a wrong letter each count as one', () => {
  expect(editDistance('--slgu', '--slug')).toBe(1);
  expect(editDistance('--slg', '--slug')).toBe(1);
  expect(editDistance('--sluug', '--slug')).toBe(1);
  expect(editDistance('--slag', '--slug')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('same', 'same')).toBe(0);
});

test('the nearest candidate is suggested, and nothing where none is near', () => {
  expect(suggest('tenant lst', ['tenant list', 'tenant create', 'lms list'])).toBe('tenant list');
  expect(suggest('zebra', ['tenant list', 'tool'])).toBeUndefined();
  expect(didYouMean('zebra', ['tool'])).toBe('');
  expect(didYouMean('tol', ['tool'])).toBe(' Did you mean "tool"?');
});
