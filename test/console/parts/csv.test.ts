import { expect, test } from 'vitest';
import { toCsv } from '../../../src/console/parts/csv.ts';

test('a value that a spreadsheet would run gets an apostrophe; numbers stay numbers', () => {
  expect(toCsv(['a'], [['=HYPERLINK("x")'], ['+1'], ['@x'], [-5], [null]])).toBe(
    'a\r\n"\'=HYPERLINK(""x"")"\r\n\'+1\r\n\'@x\r\n-5\r\n\r\n',
  );
});

test('commas, quotes and line ends are quoted', () => {
  expect(toCsv(['a,b'], [['say "x"', 'one\ntwo']])).toBe('"a,b"\r\n"say ""x""","one\ntwo"\r\n');
});
