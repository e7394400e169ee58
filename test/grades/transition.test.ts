import { expect, test } from 'vitest';
import { deliveryStates } from '../../src/grades/states.ts';
import { type DeliveryEvent, statesBefore, transition } from '../../src/grades/transition.ts';

const table: Record<DeliveryEvent, [from: string, to: string][]> = {
  taken: [['pending', 'delivered']],
  overtaken: [['pending', 'superseded']],
  refused: [['pending', 'refused']],
  given_up: [['pending', 'expired']],
  discarded: [['pending', 'discarded']],
  replayed: [
    ['refused', 'pending'],
    ['expired', 'pending'],
  ],
};

test.each(Object.keys(table) as DeliveryEvent[])('%s happens in its states alone', (event) => {
  const found = deliveryStates.flatMap((state) => {
    const to = transition(state, event);
    return to === undefined ? [] : [[state, to]];
  });
  expect(found).toEqual(table[event]);
  expect(statesBefore(event)).toEqual(table[event].map(([from]) => from));
});
