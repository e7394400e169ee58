import { expect, test } from 'vitest';
import { oneOf, planUrlChange } from '../../../src/console/parts/url-values.ts';

test('a filter begins at the first page again; turning pages keeps the filter', () => {
  expect(planUrlChange({ search: 'a', after: 'x' }, { search: 'b' })).toEqual({ search: 'b' });
  expect(planUrlChange({ search: 'a', after: 'x' }, { after: 'y' })).toEqual({ search: 'a', after: 'y' });
  expect(planUrlChange({ search: 'a', before: 'x' }, { before: undefined })).toEqual({ search: 'a' });
});

test('what is emptied is taken out, and unknown values count as none', () => {
  expect(planUrlChange({ search: 'a' }, { search: '' })).toEqual({});
  expect(oneOf(['a', 'b'], 'c')).toBeUndefined();
  expect(oneOf(['a', 'b'], 'b')).toBe('b');
});
