import { expect, test } from 'vitest';
import { planToilMonths, rankToil } from '../../../../src/console/pages/burden/toil.ts';

const toil = [
  { month: '2026-11-01', partner: 'canvas', kind: 'replays', count: 3 },
  { month: '2026-09-01', partner: 'canvas', kind: 'edits', count: 1 },
  { month: '2026-11-01', partner: null, kind: 'rotations', count: 9 },
] as const;
const now = Date.UTC(2026, 10, 30, 23);

test('months without toil stand among the others, the oldest first, across the turn of the year', () => {
  const months = planToilMonths([...toil], 3, now);
  expect(months.map(({ month, all }) => [month, all])).toEqual([
    ['2026-09', 1],
    ['2026-10', 0],
    ['2026-11', 12],
  ]);
  expect(months[2]).toMatchObject({ replays: 3, rotations: 9, edits: 0 });
  expect(planToilMonths([], 12, Date.UTC(2026, 0, 31))[0]?.month).toBe('2025-02');
});

test('partners are ranked by all their toil; what is of none is a line of its own', () => {
  expect(rankToil([...toil]).map(({ partner, all }) => [partner, all])).toEqual([
    [null, 9],
    ['canvas', 4],
  ]);
});
