import { type DeliveryState, deliveryStates } from './states.ts';

/** What happens to a delivery. The first four come from sending it, the others from an operator. */
export type DeliveryEvent = 'taken' | 'overtaken' | 'refused' | 'given_up' | 'discarded' | 'replayed';

const transitions: Readonly<Record<DeliveryState, Partial<Readonly<Record<DeliveryEvent, DeliveryState>>>>> =
  {
    pending: {
      taken: 'delivered',
      overtaken: 'superseded',
      refused: 'refused',
      given_up: 'expired',
      discarded: 'discarded',
    },
    delivered: {},
    superseded: {},
    refused: { replayed: 'pending' },
    expired: { replayed: 'pending' },
    discarded: {},
  };

/** The state after an event; undefined where the event does not fit the state. */
export function transition(state: DeliveryState, event: DeliveryEvent): DeliveryState | undefined {
  return transitions[state][event];
}

/** The states in which an event may happen. */
export function statesBefore(event: DeliveryEvent): DeliveryState[] {
  return deliveryStates.filter((state) => transition(state, event) !== undefined);
}
