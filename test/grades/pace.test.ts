import { expect, test } from 'vitest';
import { createPace } from '../../src/grades/pace.ts';

function paceAt(start: number) {
  let now = start;
  const pace = createPace(40, () => now);
  return { pace, pass: (ms: number) => (now += ms) };
}

test('the first take does not wait', () => {
  expect(paceAt(1_000).pace.rest(true)).toBeLessThanOrEqual(0);
});

test('the next one waits for the beat that all drains share', () => {
  const { pace } = paceAt(1_010);
  pace.noteTake(1, false);
  expect(pace.rest(true)).toBe(30);
});

test('after a pause there is no wait', () => {
  const { pace, pass } = paceAt(1_000);
  pace.noteTake(1, false);
  pass(41);
  expect(pace.rest(true)).toBeLessThanOrEqual(0);
});

test('where scores keep coming the moment grows to eight beats, and after a pause it is one again', () => {
  const { pace, pass } = paceAt(1_000);
  const rests = Array.from({ length: 5 }, () => {
    pace.noteTake(2, false);
    const rest = pace.rest(true);
    pass(rest);
    return rest;
  });
  expect(rests).toEqual([40, 80, 160, 320, 320]);
  // What has landed is settled at the next beat, where no more comes.
  pace.noteTake(2, false);
  expect(pace.rest(false)).toBe(40);
  pass(1_000);
  pace.noteTake(1, false);
  expect(pace.rest(true)).toBeLessThanOrEqual(40);
});

test('a backlog is not kept waiting', () => {
  const { pace } = paceAt(1_000);
  pace.noteTake(64, true);
  expect(pace.rest(true)).toBeLessThanOrEqual(0);
});
