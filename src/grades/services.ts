import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import type { GradeDestination } from './destination.ts';

/** What delivering needs. */
export interface DeliveryServices {
  /** Connections of the background work's own, so that launches never wait for it. */
  db: Pick<Database, 'tenant' | 'withRollup'>;
  destination: GradeDestination;
  clock: Clock;
  log: Log;
  /** How long scores that drip in over one connection are gathered, in milliseconds. */
  gatherMs: number;
  /** 0 ≤ random < 1: spreads what failed together. */
  random(): number;
}
