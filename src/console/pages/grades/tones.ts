import type { DeliveryState, RouteState } from '../../../../contracts/grades.ts';
import type { Tone } from '../../parts/tone.ts';

export const deliveryTones: Readonly<Record<DeliveryState, Tone>> = {
  pending: 'busy',
  delivered: 'good',
  superseded: 'calm',
  refused: 'bad',
  expired: 'bad',
  discarded: 'calm',
};

export const routeTones: Readonly<Record<RouteState, Tone>> = {
  running: 'good',
  paused: 'warn',
  stopped: 'bad',
};
