import { expect, test } from 'vitest';
import { listMonths } from '../../../../src/console/pages/reports/months.ts';

test('the month that is on stands before those that are over, across the turn of the year', () => {
  const months = listMonths(Date.UTC(2026, 1, 28, 12));
  expect(months.slice(0, 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
  expect(new Set(months).size).toBe(months.length);
});
