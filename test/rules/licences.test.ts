import { expect, test } from 'vitest';
import { listLicences, writeLicencesPage } from '../../scripts/licences-page.ts';
import { readText } from './sources.ts';

/** Which let a program under Apache-2.0 be handed on with them; MPL-2.0 binds the package's own files only. */
const permitted = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT AND ISC AND BSD-3-Clause',
  '(MIT OR CC0-1.0)',
  'MPL-2.0',
  'Unlicense',
]);

test('whatever runs with the hub has a licence under which it can be handed on', () => {
  const licensed = listLicences();
  expect(licensed.length).toBeGreaterThan(100);
  expect(licensed.filter(({ licence }) => !permitted.has(licence))).toEqual([]);
});

test('the list of licences is the lockfile’s: npm run licences', () => {
  expect(readText('docs/licences.md')).toBe(writeLicencesPage(listLicences()));
});
