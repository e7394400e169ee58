import { expect, test } from 'vitest';
import { sumBySchool, sumOf } from '../../../../src/console/pages/rosters/plan-sums.ts';

const none = { created: 0, changed: 0, removed: 0, restored: 0, present: 10 };
const counts = [
  { ...none, entity: 'users' as const, school: 'a', created: 5 },
  { ...none, entity: 'users' as const, school: 'b', removed: 2 },
  { ...none, entity: 'classes' as const, school: 'a', changed: 1 },
  { ...none, entity: 'orgs' as const, school: null },
];

test('a plan is summed by school, the most removals first, then the most other changes', () => {
  expect(sumBySchool(counts).map(({ school, created, removed }) => [school, created, removed])).toEqual([
    ['b', 0, 2],
    ['a', 5, 0],
    [null, 0, 0],
  ]);
  expect(sumOf(counts)).toEqual({ present: 40, created: 5, changed: 1, removed: 2, restored: 0 });
});
