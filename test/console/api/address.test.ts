import { expect, test } from 'vitest';
import { buildAddress } from '../../../src/console/api/address.ts';

test('values of the path are escaped, and a missing one is an error', () => {
  expect(buildAddress('/t/{slug}/x/{id}', { slug: 'a/b', id: '?' })).toBe('/t/a%2Fb/x/%3F');
  expect(() => buildAddress('/t/{slug}', {})).toThrow('slug');
});

test('the query leaves out what is not given, and keeps zero, false and what is empty', () => {
  const query = { a: undefined, b: null, c: '', d: 0, e: false, f: 'x y&z' };
  expect(buildAddress('/p', {}, query)).toBe('/p?c=&d=0&e=false&f=x+y%26z');
  expect(buildAddress('/p', {}, { a: undefined })).toBe('/p');
});
