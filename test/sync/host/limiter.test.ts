import { expect, test } from 'vitest';
import { createLimiter } from '../../../src/sync/host/limiter.ts';
import { createSteppedClock } from './open-context.ts';

const never = new AbortController().signal;

test('who waits for a place and is stopped leaves it to the next', async () => {
  const clock = createSteppedClock();
  const limiter = createLimiter({ concurrency: 1, requestsPerSecond: 100 }, clock);
  const first = Promise.withResolvers<string>();
  const running = limiter.run(never, () => first.promise);
  const controller = new AbortController();
  const stopped = limiter.run(controller.signal, async () => 'stopped');
  const last = limiter.run(never, async () => 'last');
  controller.abort(new Error('cancelled'));
  await expect(stopped).rejects.toThrow('cancelled');
  first.resolve('first');
  expect([await running, await last]).toEqual(['first', 'last']);
});

test('who is stopped in the moment its place comes takes nobody else out of the line', async () => {
  const limiter = createLimiter({ concurrency: 1, requestsPerSecond: 100 }, createSteppedClock());
  const first = Promise.withResolvers<string>();
  const running = limiter.run(never, () => first.promise);
  const controller = new AbortController();
  const stopped = limiter.run(controller.signal, async () => controller.signal.throwIfAborted());
  const last = limiter.run(never, async () => 'last');
  first.resolve('first');
  // After the place was handed on, and before who has got it goes on.
  queueMicrotask(() => controller.abort(new Error('cancelled')));
  await expect(stopped).rejects.toThrow('cancelled');
  expect([await running, await last]).toEqual(['first', 'last']);
});

test('a call that fails gives its place back', async () => {
  const limiter = createLimiter({ concurrency: 1, requestsPerSecond: 100 }, createSteppedClock());
  await expect(limiter.run(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limiter.run(never, async () => 'next')).toBe('next');
});

test('as many calls as a second has may come at once, the others as it passes', async () => {
  const clock = createSteppedClock();
  const limiter = createLimiter({ concurrency: 10, requestsPerSecond: 4 }, clock);
  const start = clock.now();
  const began: number[] = [];
  for (let call = 0; call < 8; call += 1)
    await limiter.run(never, async () => began.push(clock.now() - start));
  expect(began).toEqual([0, 0, 0, 0, 250, 500, 750, 1_000]);
});
