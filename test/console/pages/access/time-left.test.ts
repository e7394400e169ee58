import { expect, test } from 'vitest';
import { timeLeft } from '../../../../src/console/pages/access/time-left.ts';

const end = '2026-11-21T12:00:00.000Z';
const before = (ms: number) => Date.parse(end) - ms;

test('raised rights count down in minutes and seconds, and end', () => {
  expect(timeLeft(end, before(3_600_000))).toBe('60:00');
  expect(timeLeft(end, before(64_400))).toBe('1:05');
  expect(timeLeft(end, before(1))).toBe('0:01');
  expect(timeLeft(end, before(0))).toBeUndefined();
});
