import { expect, test } from 'vitest';
import { listOpenChecks } from '../../../../src/console/pages/readiness/open-checks.ts';
import { planProfileLines } from '../../../../src/console/pages/readiness/profile.ts';
import type { Check } from '../../../../src/console/pages/readiness/todo.ts';

const check = (name: Check['check'], state: Check['state']): Check => ({
  ...{ check: name, state, ageMs: null, todo: 'Do it.', facts: {}, waitingOn: 'us' },
});
const connection = (...checks: Check[]) => ({
  ...{ connectionId: 'c', kind: 'roster' as const, partner: 'csv', isReady: false, checks },
  plans: { latest: null, lastYear: null },
});

test('what stops somebody is listed, the worst first; what is ready or cannot be compared is not', () => {
  const open = listOpenChecks({
    checks: [check('contacts', 'stale')],
    connections: [
      connection(check('probe', 'ready'), check('dry_run', 'missing'), check('completeness', 'unknown')),
      connection(check('holds', 'failed')),
    ],
  });
  expect(open.map((each) => each.check.check)).toEqual(['holds', 'dry_run', 'contacts']);
  expect(open.at(-1)?.of).toBeUndefined();
});

test('a roster’s profile stands beside last year’s, entities by their rows, and shares only where there were rows', () => {
  const plan = (present: number, sizes: Record<string, number>) => ({
    ...{ at: '2026-08-01T00:00:00Z', present, created: 10, removed: 5, sizes },
  });
  const lines = planProfileLines({
    latest: plan(100, { users: 105, classes: 7 }),
    lastYear: plan(0, { classes: 300 }),
  });
  expect(lines.map(({ what, entity }) => entity ?? what)).toEqual([
    ...['planned', 'added', 'removed', 'classes', 'users'],
  ]);
  expect(lines[1]).toEqual({ what: 'added', latest: { rows: 10, share: 0.1 }, lastYear: { rows: 10 } });
  expect(lines[4]).toMatchObject({ latest: { rows: 105 }, lastYear: { rows: 0 } });
  expect(planProfileLines({ latest: null, lastYear: null })[1]).toEqual({ what: 'added' });
});
