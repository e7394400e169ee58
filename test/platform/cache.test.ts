import { expect, test } from 'vitest';
import { createCache } from '../../src/platform/cache.ts';

function arrange(options: { capacity?: number; timeToLiveMs?: number } = {}) {
  const clock = { time: 0, now: () => clock.time };
  let loads = 0;
  const cache = createCache<string>({
    capacity: options.capacity ?? 10,
    timeToLiveMs: options.timeToLiveMs ?? 100,
    clock,
  });
  const load = async () => `value ${++loads}`;
  return { cache, clock, load };
}

test('a fresh value is served without waiting', async () => {
  const { cache, load } = arrange();
  await cache.get('a', load);
  expect(cache.get('a', load)).toBe('value 1');
});

test('a value is loaded again when its time is over', async () => {
  const { cache, clock, load } = arrange({ timeToLiveMs: 100 });
  await cache.get('a', load);
  clock.time = 100;
  expect(await cache.get('a', load)).toBe('value 2');
});

test('callers who miss the same key together cause one load', async () => {
  const { cache, load } = arrange();
  const values = await Promise.all([cache.get('a', load), cache.get('a', load), cache.get('a', load)]);
  expect(values).toEqual(['value 1', 'value 1', 'value 1']);
});

test('a failed load is not kept', async () => {
  const { cache, load } = arrange();
  await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await cache.get('a', load)).toBe('value 1');
});

test('the entry used longest ago leaves first', async () => {
  const { cache, load } = arrange({ capacity: 2 });
  await cache.get('a', load);
  await cache.get('b', load);
  cache.peek('a');
  await cache.get('c', load);
  expect(cache.peek('b')).toBeUndefined();
  expect(cache.peek('a')).toBe('value 1');
  expect(cache.size).toBe(2);
});

test('an entry in use stays, however many others come and go', () => {
  const { cache } = arrange({ capacity: 100 });
  cache.set('busy', 'here');
  for (let i = 0; i < 1_000; i++) {
    if (i % 70 === 0) expect(cache.peek('busy')).toBe('here');
    cache.set(`other ${i}`, 'x');
  }
  expect(cache.size).toBe(100);
});

test.each(['invalidate', 'clear'] as const)('a load that began before %s is not kept', async (how) => {
  const { cache, load } = arrange();
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = cache.get('a', () => promise);
  cache[how]('a');
  resolve('stale');
  expect(await waiting).toBe('stale');
  expect(cache.peek('a')).toBeUndefined();
  expect(await cache.get('a', load)).toBe('value 1');
});

test('"not found" can be remembered, for a time of its own', async () => {
  const clock = { time: 0, now: () => clock.time };
  const cache = createCache<string | null>({
    capacity: 5,
    timeToLiveMs: (value) => (value === null ? 10 : 100),
    clock,
  });
  await cache.get('a', async () => null);
  expect(cache.get('a', async () => 'found')).toBeNull();
  clock.time = 10;
  expect(await cache.get('a', async () => 'found')).toBe('found');
});
