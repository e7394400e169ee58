import { expect, test } from 'vitest';
import { type RunState, runStates } from '../../contracts/sync.ts';
import { type RunEvent, statesBefore, transition } from '../../src/sync/run.ts';

/** Every move there is; what is not listed is refused. */
const allowed: [RunState, RunEvent, RunState][] = [
  ['requested', 'begun', 'reading'],
  ['requested', 'discarded', 'discarded'],
  ['requested', 'cancelled', 'cancelled'],
  ['requested', 'failed', 'failed'],
  ['reading', 'read', 'staged'],
  ['reading', 'cancelled', 'cancelled'],
  ['reading', 'settled', 'applied'],
  ['reading', 'failed', 'failed'],
  ['staged', 'validated', 'validated'],
  ['staged', 'lost', 'reading'],
  ['staged', 'cancelled', 'cancelled'],
  ['staged', 'settled', 'applied'],
  ['staged', 'failed', 'failed'],
  ['validated', 'planned', 'planned'],
  ['validated', 'lost', 'reading'],
  ['validated', 'settled', 'applied'],
  ['validated', 'cancelled', 'cancelled'],
  ['validated', 'failed', 'failed'],
  ['planned', 'held', 'held'],
  ['planned', 'approved', 'approved'],
  ['planned', 'lost', 'reading'],
  ['planned', 'overtaken', 'validated'],
  ['planned', 'settled', 'applied'],
  ['planned', 'cancelled', 'cancelled'],
  ['planned', 'failed', 'failed'],
  ['held', 'approved', 'approved'],
  ['held', 'discarded', 'discarded'],
  ['held', 'settled', 'applied'],
  ['held', 'cancelled', 'cancelled'],
  ['approved', 'applying', 'applying'],
  ['approved', 'lost', 'reading'],
  ['approved', 'overtaken', 'validated'],
  ['approved', 'settled', 'applied'],
  ['approved', 'cancelled', 'cancelled'],
  ['approved', 'failed', 'failed'],
  ['applying', 'applied_in_part', 'validated'],
  ['applying', 'applied', 'applied'],
  ['applying', 'lost', 'reading'],
  ['applying', 'overtaken', 'validated'],
  ['applying', 'failed', 'failed'],
  ['applied', 'undone', 'undone'],
];
const events = [...new Set(allowed.map(([, event]) => event))];

test.each(allowed)('%s, %s → %s', (state, event, after) => {
  expect(transition(state, event)).toBe(after);
});

test('no other move is allowed', () => {
  const moves = runStates.flatMap((state) =>
    events.flatMap((event) => {
      const after = transition(state, event);
      return after === undefined ? [] : [[state, event, after].join(' ')];
    }),
  );
  expect(moves.sort()).toEqual(allowed.map((move) => move.join(' ')).sort());
});

test('what is being applied can be neither cancelled nor discarded', () => {
  expect(transition('applying', 'cancelled')).toBeUndefined();
  expect(transition('applying', 'discarded')).toBeUndefined();
});

test('only what was applied is undone, and an end is an end', () => {
  expect(statesBefore('undone')).toEqual(['applied']);
  for (const state of ['discarded', 'failed', 'cancelled', 'undone'] as const) {
    expect(events.filter((event) => transition(state, event) !== undefined)).toEqual([]);
  }
});
