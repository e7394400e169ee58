import { expect, test } from 'vitest';
import { callerOf } from '../../../src/platform/http/client-address.ts';
import { createRateLimiter } from '../../../src/platform/http/rate-limit.ts';

function arrange(options: { perSecond?: number; burst?: number; callers?: number } = {}) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const limiter = createRateLimiter({ name: 'launch', perSecond: 2, burst: 3, clock, ...options });
  return { clock, limiter };
}

test('a burst passes, then the next waits for the refill', () => {
  const { clock, limiter } = arrange();
  expect([1, 2, 3].map(() => limiter.take('a').allowed)).toEqual([true, true, true]);
  expect(limiter.take('a')).toEqual({ allowed: false, remaining: 0, retryAfterSeconds: 1 });
  clock.time += 500;
  expect(limiter.take('a')).toEqual({ allowed: true, remaining: 0, retryAfterSeconds: 0 });
  expect(limiter.take('a').allowed).toBe(false);
});

test('one caller does not use up the share of another', () => {
  const { limiter } = arrange({ burst: 1 });
  limiter.take('a');
  expect(limiter.take('b').allowed).toBe(true);
});

test('a bucket fills to its burst and no further', () => {
  const { clock, limiter } = arrange();
  limiter.take('a');
  clock.time += 3_600_000;
  expect(limiter.take('a').remaining).toBe(2);
});

test('a clock set back takes nothing away', () => {
  const { clock, limiter } = arrange();
  limiter.take('a');
  clock.time -= 60_000;
  expect(limiter.take('a').allowed).toBe(true);
});

test('memory is bounded: the caller seen longest ago is forgotten', () => {
  const { limiter } = arrange({ burst: 1, callers: 2 });
  for (const caller of ['a', 'b', 'c']) limiter.take(caller);
  expect(limiter.take('c').allowed).toBe(false);
  expect(limiter.take('a').allowed).toBe(true);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7::/64'],
  ['2001:db8:0000:0007::9', '2001:db8:0:7::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, 'unknown'],
])('the caller at %s counts as %s', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});
