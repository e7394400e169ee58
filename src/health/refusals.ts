import { HUB_TENANT, newId, type TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import type { Outcome } from './outcomes.ts';
import { insertExchanges, type RowlessExchange } from './store.ts';

/** A refusal that leaves no row of its own, such as a login of an unknown registration. */
export interface Refusal {
  kind: 'launch' | 'token_request';
  outcome: Outcome;
  /** Stable code, never data. */
  reason: string;
  /** Absent where the refusal came before the tenant was known: then the hub's own numbers count it. */
  tenantId?: TenantId;
  connectionId?: string;
  partner?: string;
}

export interface RefusalRecorder {
  /** Notes a refusal for the reports. Best effort: it never waits, never throws, and drops what is too much. */
  record(refusal: Refusal): void;
  /** Writes what is noted; afterwards nothing is taken any more. */
  stop(): Promise<void>;
}

export interface RefusalRecorderOptions {
  database: Pick<Database, 'withRollup'>;
  clock: Clock;
  log: Log;
  /** Most refusals held in memory; further ones are only counted. */
  capacity?: number;
  /** How long refusals gather before they are written, in milliseconds. */
  gatherMs?: number;
}

/** Makes the recorder: a bounded buffer, written in batches. */
export function createRefusalRecorder(options: RefusalRecorderOptions): RefusalRecorder {
  const { database, clock, log, capacity = 1_000, gatherMs = 1_000 } = options;
  let held: RowlessExchange[] = [];
  let dropped = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    timer = undefined;
    const batch = held;
    held = [];
    if (dropped > 0) log.warn('refusals_dropped', { count: dropped });
    dropped = 0;
    if (batch.length === 0) return;
    try {
      await database.withRollup((tx) => insertExchanges(tx, batch));
    } catch (error) {
      log.warn('refusals_not_recorded', { count: batch.length, error });
    }
  }

  return {
    record: (refusal) => {
      if (stopped || held.length >= capacity) {
        dropped += 1;
        return;
      }
      const now = clock.now();
      held.push({
        tenantId: refusal.tenantId ?? HUB_TENANT,
        exchangeId: newId(now),
        kind: refusal.kind,
        connectionId: refusal.connectionId ?? null,
        partner: refusal.partner ?? null,
        outcome: refusal.outcome,
        reason: refusal.reason,
        at: new Date(now),
      });
      timer ??= setTimeout(() => {
        writing = write();
      }, gatherMs);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}
