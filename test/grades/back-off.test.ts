import { expect, test } from 'vitest';
import { giveUpAfterMs, planWait } from '../../src/grades/back-off.ts';
import { breakerThreshold, planBlock } from '../../src/health/breaker/transition.ts';

test('waits grow from try to try up to an hour', () => {
  const waits = Array.from({ length: 12 }, (_, index) => planWait(index + 1, 1));
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(3_600_000);
});

test('what the destination asks for is kept, within hours', () => {
  expect(planWait(1, 0, 90_000)).toBe(90_000);
  expect(planWait(1, 0, 1e12)).toBe(6 * 3_600_000);
});

test('a wait is never less than half of its step, so that chance alone cannot hurry it', () => {
  expect(planWait(3, 0)).toBe(15_000);
  expect(planWait(3, 0.999)).toBeLessThanOrEqual(30_000);
});

test('tries go on for at least three days', () => {
  expect(giveUpAfterMs).toBeGreaterThanOrEqual(3 * 86_400_000);
});

test('a host that stays down is left alone longer and longer, five minutes at most or so', () => {
  const blocks = [0, 1, 2, 3, 20].map((more) => planBlock(breakerThreshold + more, 0.5));
  expect(blocks).toEqual(blocks.toSorted((a, b) => a - b));
  expect(blocks[0]).toBe(5_000);
  expect(blocks.at(-1)).toBe(300_000);
});
