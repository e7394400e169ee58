import { expect, test } from 'vitest';
import { readPlace, writePlace } from '../../src/api/place.ts';

const place = { key: '2026-11-21T12:00:00.000001', id: 'école 😀 one' };

test('a place in a list is read as it was written', () => {
  expect(readPlace(writePlace(place))).toEqual(place);
  expect(readPlace(undefined)).toBeUndefined();
});

test.each([
  ['no place', 'nowhere'],
  ['a NUL in the key, which no text of the database holds', writePlace({ ...place, key: 'a\0' })],
  ['a NUL in the id', writePlace({ ...place, id: '\0' })],
  ['half of a surrogate pair', writePlace({ ...place, id: '\ud800' })],
])('%s is refused', (_what, text) => {
  expect(() => readPlace(text)).toThrow(expect.objectContaining({ kind: 'input', code: 'cursor_invalid' }));
});
