import { expect, test } from 'vitest';
import { addSample, isOver, progressOf, type Sample } from '../../../src/api/rosters/run-progress.ts';
import type { Run } from '../../../src/sync/run.ts';

const run = (given: Partial<Run>): Run =>
  ({
    ...{ state: 'reading', reason: null, progress: {}, plan: null, applied: null },
    requestedAt: new Date(0),
    ...given,
  }) as Run;
const users = (rows: number) => ({ users: { rows, done: false } });

test('the rate is of the samples that are kept, and the time left of the rows that are expected', () => {
  const samples = [
    { at: 1_000, read: 100 },
    { at: 3_000, read: 300 },
  ];
  expect(progressOf(run({ progress: users(300) }), samples, 500)).toMatchObject({
    ...{ read: 300, rowsPerSecond: 100, secondsLeft: 2, planned: null, applied: null },
    byEntity: [{ entity: 'users', rows: 300, done: false }],
  });
});

test.each([
  ['one sample', [{ at: 1_000, read: 10 }], 500, null, null],
  [
    'no run before',
    [
      { at: 0, read: 0 },
      { at: 1_000, read: 10 },
    ],
    undefined,
    10,
    null,
  ],
  [
    'more rows than expected',
    [
      { at: 0, read: 0 },
      { at: 1_000, read: 10 },
    ],
    5,
    10,
    null,
  ],
  [
    'nothing coming',
    [
      { at: 0, read: 10 },
      { at: 1_000, read: 10 },
    ],
    500,
    0,
    null,
  ],
  [
    'a run that began anew',
    [
      { at: 0, read: 90 },
      { at: 1_000, read: 10 },
    ],
    500,
    0,
    null,
  ],
])('with %s nobody is told more than is known', (_case, samples, expected, rowsPerSecond, secondsLeft) => {
  expect(
    progressOf(run({ progress: users(10) }), samples as Sample[], expected as number | undefined),
  ).toMatchObject({
    rowsPerSecond,
    secondsLeft,
  });
});

test('only reading has a rate; a plan and what was applied are counted in rows', () => {
  const counts = { created: 1, changed: 2, removed: 3, restored: 4 };
  const plan = { counts: [{ entity: 'users', present: 9, ...counts }] } as unknown as Run['plan'];
  const samples = [
    { at: 0, read: 0 },
    { at: 1_000, read: 10 },
  ];
  expect(progressOf(run({ state: 'applied', plan, applied: counts }), samples, 50)).toMatchObject({
    ...{ rowsPerSecond: null, secondsLeft: null, planned: 10, applied: 10 },
  });
});

test('of samples only the newest are kept', () => {
  let samples: Sample[] = [];
  for (let at = 0; at < 100; at++) samples = addSample(samples, { at, read: at });
  expect(samples).toHaveLength(30);
  expect(samples.at(-1)).toEqual({ at: 99, read: 99 });
});

test.each([
  ['reading', false],
  ['applying', false],
  ['held', true],
  ['applied', true],
  ['failed', true],
] as const)('a run that is %s is over: %s', (state, over) => {
  expect(isOver(run({ state }))).toBe(over);
});
