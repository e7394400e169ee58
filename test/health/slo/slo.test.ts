import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import { decideFreeze, sumBudget } from '../../../src/health/slo/budget.ts';
import { decideBurn, decideFirstFailure, type Windows } from '../../../src/health/slo/burn.ts';
import { decideSilence } from '../../../src/health/slo/silence.ts';
import { decideExpiry, decidePending, decideUserErrorJump } from '../../../src/health/slo/standing.ts';
import { builtInLevel, decideLevel } from '../../../src/health/slo/targets.ts';

const none = { valid: 0, failed: 0 };
const windows = (given: Partial<Windows>): Windows => ({
  ...{ '5m': none, '30m': none, '1h': none, '6h': none, '3d': none },
  ...given,
});
const day = 86_400_000;

test('every kind and tier has a target, and exams a stricter one', () => {
  for (const kind of exchangeKinds) {
    for (const tier of serviceTiers) {
      const { target, examTarget } = builtInLevel(kind, tier);
      expect(examTarget).toBeGreaterThan(target);
      expect(target).toBeGreaterThan(0.7);
      expect(examTarget).toBeLessThan(1);
    }
  }
  const own = { kind: 'launch', tier: 'standard', target: 0.9, examTarget: 0.95 };
  expect(decideLevel('launch', 'standard', [own], [])).toEqual({ target: 0.9, examTarget: 0.95 });
  expect(decideLevel('launch', 'standard', [], [own])).toEqual({ target: 0.9, examTarget: 0.95 });
  expect(decideLevel('launch', 'critical', [own], [])).toEqual(builtInLevel('launch', 'critical'));
});

test('both windows have to burn: what is over fires no more, what has only begun does not yet', () => {
  const bad = { valid: 100, failed: 50 };
  const good = { valid: 100, failed: 0 };
  expect(decideBurn(windows({ '1h': bad, '5m': bad }), 0.995)).toMatchObject({
    rule: 'burn_fast',
    severity: 'page',
  });
  expect(decideBurn(windows({ '1h': bad, '5m': good }), 0.995)).toBeUndefined();
  expect(decideBurn(windows({ '1h': bad }), 0.995)).toBeUndefined();
  expect(decideBurn(windows({ '6h': { valid: 1_000, failed: 60 }, '30m': bad }), 0.995)).toMatchObject({
    rule: 'burn_slow',
  });
  expect(decideBurn(windows({ '3d': { valid: 9_000, failed: 90 }, '6h': bad }), 0.995)).toMatchObject({
    rule: 'burn_budget',
    severity: 'ticket',
  });
});

test('five failures at night wake nobody, and neither do nine of nine', () => {
  for (const few of [5, 9]) {
    const all = { valid: few, failed: few };
    expect(
      decideBurn(windows({ '5m': all, '30m': all, '1h': all, '6h': all, '3d': all }), 0.995),
    ).toBeUndefined();
  }
});

test('nothing fires within the target, whatever the traffic', () => {
  const within = fc
    .integer({ min: 0, max: 100_000 })
    .map((valid) => ({ valid, failed: Math.floor(valid * 0.005) }));
  fc.assert(
    fc.property(within, within, within, within, within, (a, b, c, d, e) => {
      expect(decideBurn({ '5m': a, '30m': b, '1h': c, '6h': d, '3d': e }, 0.995)).toBeUndefined();
    }),
  );
});

test('what fires goes on firing when more of the same fails', () => {
  const counts = fc
    .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }))
    .map(([ok, failed]) => ({ valid: ok + failed, failed }));
  fc.assert(
    fc.property(counts, counts, fc.integer({ min: 1, max: 100 }), (long, short, more) => {
      if (decideBurn(windows({ '1h': long, '5m': short }), 0.995) === undefined) return;
      const worse = ({ valid, failed }: typeof long) => ({ valid: valid + more, failed: failed + more });
      expect(decideBurn(windows({ '1h': worse(long), '5m': worse(short) }), 0.995)).toBeDefined();
    }),
  );
});

test('trouble began at the first bad stretch since it was calm', () => {
  const bucket = (at: number, failed: number) => ({ at, valid: 100, failed });
  expect(decideFirstFailure([bucket(1, 0), bucket(2, 9), bucket(3, 0), bucket(4, 9)], 0.995)).toBe(2);
  const calm = [3, 4, 5, 6, 7, 8].map((at) => bucket(at, 0));
  expect(decideFirstFailure([bucket(2, 9), ...calm, bucket(9, 9)], 0.995)).toBe(9);
  expect(decideFirstFailure([bucket(1, 0)], 0.995)).toBeUndefined();
});

test('a spent exam budget freezes everything until the exams are over; at other times fixes are made', () => {
  const spent = (failed: number) => sumBudget({ valid: 10_000, failed }, 0.9975);
  const month = sumBudget({ valid: 10_000, failed: 0 }, 0.995);
  const during = (failed: number) => decideFreeze('exams', { exams: spent(failed), month });
  expect([0, 12, 13, 24, 25, 99].map(during)).toEqual([
    ...['open', 'open', 'fixes_only', 'fixes_only', 'frozen', 'frozen'],
  ]);
  expect(decideFreeze('term', { exams: spent(99), month })).toBe('open');
  expect(
    decideFreeze('term', { exams: undefined, month: sumBudget({ valid: 1_000, failed: 5 }, 0.995) }),
  ).toBe('fixes_only');
  expect(decideFreeze(undefined, { exams: undefined, month: sumBudget(none, 0.995) })).toBe('open');
});

test('a budget is of the whole stretch, and a handful of failures spends none of a small school', () => {
  expect(sumBudget({ valid: 100, failed: 2 }, 0.9975, 8_000)).toMatchObject({ allowed: 20, spent: 0.1 });
  expect(sumBudget({ valid: 40, failed: 2 }, 0.9975)).toMatchObject({ allowed: 5, spent: 0.4 });
});

test('silence is told only on a school day whose like hours all had traffic', () => {
  const hour = (count: number, isSchoolDay: boolean | undefined = true) => ({ count, isSchoolDay });
  const before = [hour(40), hour(12), hour(30), hour(25)];
  const asked = (given: object) => decideSilence({ observed: 0, isSchoolDay: true, before, ...given });
  expect(asked({})).toBe(true);
  expect(asked({ observed: 1 })).toBe(false);
  expect(asked({ isSchoolDay: false })).toBe(false);
  expect(asked({ isSchoolDay: undefined })).toBe(false);
  expect(asked({ before: [hour(40), hour(12, false), hour(30, false), hour(25)] })).toBe(false);
  expect(asked({ before: [hour(40), hour(12), hour(3), hour(25)] })).toBe(false);
});

test('what ends soon is told in time, unless another follows', () => {
  expect(decideExpiry({ notAfter: 31 * day }, 0)).toBeUndefined();
  expect(decideExpiry({ notAfter: 30 * day }, 0)).toBe('ticket');
  expect(decideExpiry({ notAfter: 3 * day }, 0)).toBe('page');
  expect(decideExpiry({ notAfter: -day }, 0)).toBe('page');
  expect(decideExpiry({ notAfter: 3 * day, nextNotAfter: 300 * day }, 0)).toBeUndefined();
  expect([59, 60, 720].map((minutes) => decidePending(minutes * 60_000))).toEqual([
    undefined,
    'ticket',
    'page',
  ]);
});

test('a class that mistypes its passwords is no jump; a whole school is', () => {
  const usual = [1, 2, 3, 4].map(() => ({ ended: 400, userErrors: 8 }));
  expect(decideUserErrorJump({ ended: 430, userErrors: 38 }, usual)).toBe(false);
  expect(decideUserErrorJump({ ended: 500, userErrors: 108 }, usual)).toBe(true);
  expect(decideUserErrorJump({ ended: 500, userErrors: 108 }, usual.slice(2))).toBe(false);
});
