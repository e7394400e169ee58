import { expect, test } from 'vitest';
import {
  oneOf,
  planUrlChange,
  readQuery,
  sortOf,
  writeQuery,
} from '../../../src/console/parts/url-values.ts';

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

test('a table is sorted as its address says, and by the first way where that says nothing known', () => {
  const sorts = ['name', 'stage'] as const;
  expect(sortOf(sorts, { sort: 'stage', order: 'desc' })).toEqual({ sort: 'stage', order: 'desc' });
  expect(sortOf(sorts, { sort: 'shoe size', order: 'up' })).toEqual({ sort: 'name', order: 'asc' });
  expect(sortOf(sorts, {})).toEqual({ sort: 'name', order: 'asc' });
});

test('a value that is not given stands in no address', () => {
  expect(writeQuery({ number: 'ended', partner: undefined, kind: '', search: 'a b&c' })).toBe(
    '?number=ended&search=a+b%26c',
  );
  expect(writeQuery({ partner: undefined })).toBe('');
  expect(readQuery('?number=ended&kind=&search=a+b%26c')).toEqual({ number: 'ended', search: 'a b&c' });
});
