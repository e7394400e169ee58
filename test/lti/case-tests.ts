import { readFileSync } from 'node:fs';
import { readTestsOf } from '../support/named-tests.ts';

/**
 * The names of the tests of a file that vitest runs; of recorded answers those of the cases, each of which is one test of the file
 * that reads them.
 *
 * @param file as a path from this folder
 */
export function caseTests(file: string): string[] {
  const at = new URL(file, import.meta.url);
  if (file.endsWith('.test.ts')) return readTestsOf(at).map(({ name }) => name);
  const { refusals } = JSON.parse(readFileSync(at, 'utf8')) as { refusals: { name: string }[] };
  const readers = readTestsOf(new URL('lms/fixtures.db.test.ts', import.meta.url));
  return readers.some(({ table }) => table === 'recorded.refusals') ? refusals.map(({ name }) => name) : [];
}
