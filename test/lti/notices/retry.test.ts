import { expect, test } from 'vitest';
import { planRetry } from '../../../src/lti/notices/retry.ts';

test('waits grow, are spread by a quarter, and end after about three days', () => {
  let total = 0;
  for (let tries = 1; ; tries += 1) {
    const plan = planRetry(tries, false, 0);
    if (plan.kind === 'dead') break;
    const spread = planRetry(tries, false, 0.999);
    expect(spread.kind === 'again' && spread.afterMs / plan.afterMs).toBeLessThanOrEqual(1.25);
    total += plan.afterMs;
  }
  expect(total / 86_400_000).toBeGreaterThan(2.9);
  expect(total / 86_400_000).toBeLessThan(4);
});

test('what no try can mend is not tried again', () => {
  expect(planRetry(1, true, 0)).toEqual({ kind: 'dead' });
});
