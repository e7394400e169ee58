import { expect, test } from 'vitest';
import type { Kind } from '../../../contracts/roster.ts';
import { decideValue } from '../../../src/sync/engine/decide-value.ts';

const kinds = {
  word: { is: 'oneOf', values: ['fully graded', 'scheduled', 'homeroom'] },
  date: { is: 'date' },
  boolean: { is: 'boolean' },
  year: { is: 'year' },
  number: { is: 'number' },
} as const satisfies Record<string, Kind>;

const tolerant = (kind: keyof typeof kinds, raw: string) => {
  const verdict = decideValue(kinds[kind], raw, 'tolerant');
  return verdict.verdict === 'clean' ? raw : verdict.verdict === 'repaired' ? verdict.value : verdict.code;
};

test.each([
  ['word', 'scheduled', 'scheduled'],
  ['word', 'Scheduled', 'scheduled'],
  ['word', ' Fully_Graded ', 'fully graded'],
  ['word', 'ext:lab', 'ext:lab'],
  ['word', 'ext:', 'word_unknown'],
  ['word', 'seminar', 'word_unknown'],
  ['date', '2026-02-28', '2026-02-28'],
  ['date', '2026-02-30', 'date_impossible'],
  ['date', '2026-09-01T00:00:00.000Z', '2026-09-01'],
  ['date', '20260901', '2026-09-01'],
  ['date', '2026/9/1', '2026-09-01'],
  ['date', '9/13/2026', '2026-09-13'],
  ['date', '13.9.2026', '2026-09-13'],
  ['date', '5/5/2026', '2026-05-05'],
  ['date', '1/05/2023', 'date_ambiguous'],
  ['date', '31/31/2023', 'date_impossible'],
  ['date', '2026-00-10', 'date_impossible'],
  ['date', '45170', 'date_unreadable'],
  ['date', 'next week', 'date_unreadable'],
  ['boolean', 'true', 'true'],
  ['boolean', 'TRUE', 'true'],
  ['boolean', '0', 'false'],
  ['boolean', 'N', 'false'],
  ['boolean', 'maybe', 'boolean_unreadable'],
  ['year', '2027', '2027'],
  ['year', '2026-2027', '2027'],
  ['year', '2026/27', '2027'],
  ['year', '1999-2000', '2000'],
  ['year', '2026-2028', 'year_unreadable'],
  ['year', '27', 'year_unreadable'],
  ['number', '-9.50', '-9.50'],
  ['number', '9,5', '9.5'],
  ['number', '.5', '0.5'],
  ['number', '+3', '3'],
  ['number', '1,234', 'number_unreadable'],
  ['number', '95%', 'number_unreadable'],
  ['number', '1E+05', 'number_unreadable'],
] as const)('%s %j becomes %j', (kind, raw, expected) => {
  expect(tolerant(kind, raw)).toBe(expected);
});

test('the strict profile repairs nothing', () => {
  expect(decideValue(kinds.boolean, 'TRUE', 'strict')).toEqual({
    verdict: 'rejected',
    code: 'boolean_format',
  });
  expect(decideValue(kinds.boolean, ' true', 'strict')).toEqual({
    verdict: 'rejected',
    code: 'text_trimmed',
  });
  expect(decideValue(kinds.boolean, 'true', 'strict')).toEqual({ verdict: 'clean' });
});

test('what was repaired is clean', () => {
  for (const [kind, raw] of [
    ['word', 'SCHEDULED'],
    ['date', '9/13/2026'],
    ['year', '2026-27'],
    ['number', '9,5'],
  ] as const) {
    const repaired = tolerant(kind, raw);
    expect(decideValue(kinds[kind], repaired, 'strict')).toEqual({ verdict: 'clean' });
  }
});
