import type { ExchangeEvent, ExchangeKind } from '../../contracts/health.ts';
import { HUB_TENANT, newId, type TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import { type Outcome, outcomeMeanings } from './outcomes.ts';
import { insertExchanges } from './recording/exchange-store.ts';

/** A refusal that leaves no row of its own, such as a login of an unknown registration. */
export interface Refusal {
  kind: ExchangeKind;
  outcome: Outcome;
  /** Stable code, never data. */
  reason: string;
  /** Absent where the refusal came before the tenant was known: then the hub's own numbers count it. */
  tenantId?: TenantId;
  connectionId?: string;
  partner?: string;
  toolId?: string;
}

/** A call that leaves no row of its own, whatever came of it. */
export interface RowlessCall extends Omit<Refusal, 'reason'> {
  reason: string | null;
  /** Unix milliseconds. */
  startedAt: number;
}

export interface RefusalRecorder {
  /** Notes one for the reports. Best effort: it never waits, never throws, and drops what is too much. */
  record(refusal: Refusal | RowlessCall): void;
  /** Writes what is noted; afterwards nothing is taken any more. */
  stop(): Promise<void>;
}

export interface RefusalRecorderOptions {
  database: Pick<Database, 'withRollup'>;
  clock: Clock;
  log: Log;
  /** Most held in memory; further ones are only counted. */
  capacity?: number;
  /** How long they gather before they are written, in milliseconds. */
  gatherMs?: number;
}

/** Makes the recorder: a bounded buffer, written in batches, one at a time. */
export function createRefusalRecorder(options: RefusalRecorderOptions): RefusalRecorder {
  const { database, clock, log, capacity = 5_000, gatherMs = 1_000 } = options;
  let held: ExchangeEvent[] = [];
  let dropped = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
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

  /** While the database takes its time, what comes waits in the buffer, which is bounded, and not on more connections. */
  function writeSoon(): void {
    if (timer !== undefined || writing !== undefined || stopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      writing = write().then(() => {
        writing = undefined;
        if (held.length > 0) writeSoon();
      });
    }, gatherMs);
  }

  return {
    record: (refusal) => {
      if (stopped || held.length >= capacity) {
        dropped += 1;
        return;
      }
      held.push(eventOf(refusal, clock.now()));
      writeSoon();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}

function eventOf(refusal: Refusal | RowlessCall, now: number): ExchangeEvent {
  const startedAt = 'startedAt' in refusal ? refusal.startedAt : now;
  return {
    tenantId: refusal.tenantId ?? HUB_TENANT,
    exchangeId: newId(startedAt),
    kind: refusal.kind,
    connectionId: refusal.connectionId ?? null,
    toolId: refusal.toolId ?? null,
    partner: refusal.partner ?? null,
    tier: 'standard',
    connectorVersion: null,
    outcome: refusal.outcome,
    reason: refusal.reason,
    attempts: 1,
    failedAttempts: outcomeMeanings[refusal.outcome].failure ? 1 : 0,
    offered: 0,
    rejected: 0,
    startedAt: new Date(startedAt),
    endedAt: new Date(now),
  };
}
