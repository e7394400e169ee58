import { expect, test } from 'vitest';
import { createTurns } from '../../src/platform/turns.ts';

const limits = {
  most: 2,
  mostWaiting: 2,
  longestWaitMs: 60_000,
  refusal: () => new Error('come back later'),
};

/** A work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { started: false, resolve, reject };
  return Object.assign(state, {
    run: () => {
      state.started = true;
      return promise;
    },
  });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('so many of a key run at once, and the others in the order they came', async () => {
  const turns = createTurns(limits);
  const works = [work(), work(), work(), work()];
  const taken = works.map(({ run }) => turns.take('a', run));
  const started = () => works.map((each) => each.started);
  await settled();
  expect(started()).toEqual([true, true, false, false]);
  works[1]!.resolve('second');
  expect(await taken[1]).toBe('second');
  await settled();
  expect(started()).toEqual([true, true, true, false]);
  // One that fails gives its turn on as well.
  works[0]!.reject(new Error('failed'));
  await expect(taken[0]).rejects.toThrow('failed');
  await settled();
  expect(started()).toEqual([true, true, true, true]);
  for (const { resolve } of works) resolve('done');
  await Promise.all(taken.slice(1));
});

test('one key never waits for another', async () => {
  const turns = createTurns(limits);
  const works = [work(), work(), work()];
  const taken = works.map(({ run }) => turns.take('a', run));
  expect(await turns.take('b', async () => 'at once')).toBe('at once');
  for (const { resolve } of works) resolve('done');
  await Promise.all(taken);
});

test('who would wait behind too many, or has waited too long, is told to come back', async () => {
  const turns = createTurns({ ...limits, longestWaitMs: 20 });
  const busy = [work(), work()];
  const running = busy.map(({ run }) => turns.take('a', run));
  const late = [work(), work()];
  const waiting = late.map(({ run }) => turns.take('a', run));
  await expect(turns.take('a', work().run)).rejects.toThrow('come back later');
  await Promise.all(waiting.map((each) => expect(each).rejects.toThrow('come back later')));
  for (const { resolve } of busy) resolve('done');
  await Promise.all(running);
  expect(late.some(({ started }) => started)).toBe(false);
  // Nothing is left of it: the turns are free again.
  expect(await turns.take('a', async () => 'free')).toBe('free');
});
