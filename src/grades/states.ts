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
