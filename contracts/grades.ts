/** Words that the hub and its HTTP API share about grades on their way. */

/** Where a delivery stands. Every one but `pending` is its end. */
export const deliveryStates = [
  'pending',
  'delivered',
  'superseded',
  'refused',
  'expired',
  'discarded',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** How deliveries over a connection go: `paused` by a person, `stopped` by the hub for a fault of settings. */
export const routeStates = ['running', 'paused', 'stopped'] as const;
export type RouteState = (typeof routeStates)[number];
