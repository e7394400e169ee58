import { expect, test } from 'vitest';
import { explainFinding, findingGroups } from '../../../src/sync/findings/findings.ts';
import { listFiles, readText } from '../../rules/sources.ts';

const catalogue = Object.values(findingGroups).flatMap((texts) => Object.entries(texts));
const known = new Set(catalogue.map(([code]) => code));

/** Keys of the lists of codes that connectors keep, and codes written out where a finding is made. */
function usedCodes(): { file: string; code: string }[] {
  return listFiles(
    ['connectors', 'src/sync'].map((folder) => folder.split('/')[0]!),
    '.ts',
  )
    .filter((file) => file.startsWith('connectors/') || /^src\/sync\/(engine|host)\//.test(file))
    .flatMap((file) => {
      const text = readText(file);
      const isList = file.endsWith('finding-codes.ts');
      const pattern = isList ? /^ {2}([a-z][a-z0-9_]*): \w+\($/gm : /\bcode: '([a-z][a-z0-9_]*)'/g;
      const lists = isList ? [...text.matchAll(/^ {2}([a-z][a-z0-9_]*): \w+\('/gm)] : [];
      return [...text.matchAll(pattern), ...lists].map((match) => ({ file, code: match[1]! }));
    });
}

test('every finding that a connector or the engine can make stands in the catalogue', () => {
  const used = usedCodes();
  expect(used.length).toBeGreaterThan(80);
  expect(used.filter(({ code }) => !known.has(code))).toEqual([]);
});

test('a code has one text, in words, that says what to do', () => {
  expect(catalogue.length).toBe(known.size);
  for (const [code, { happened, advice }] of catalogue) {
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(happened, code).toMatch(/^[A-Z].{10,}[.]$/);
    expect(advice, code).toMatch(/^[A-Z].{10,}[.]$/);
  }
});

test('a finding is explained by its code, an unknown one too', () => {
  expect(explainFinding('grade_digit').happened).toContain('one digit');
  expect(explainFinding('from_the_future').happened).toContain('from_the_future');
});
