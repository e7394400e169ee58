import { randomUUID } from 'node:crypto';
import type { RunId, TenantId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { getLockedRun } from './requests.ts';
import { type StoredRun, saveRun } from './run-store.ts';
import { holdsLease, renewLease } from './turn-store.ts';

/** Why work on a run ends before it is done. */
export type Interruption =
  /** Somebody wants the run to end. */
  | 'cancelled'
  /** Another copy has it, since nothing was heard of this one. */
  | 'lost'
  /** This copy stops. */
  | 'stopping';

export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly why: Interruption;
  constructor(why: Interruption) {
    super(`The run was interrupted: ${why}`);
    this.why = why;
  }
}

/** A run in the hands of this copy alone. */
export interface LeasedRun {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  readonly token: string;
  /** Ends with an `Interrupted`. */
  readonly signal: AbortSignal;
  /** @throws Interrupted */
  check(): void;
  /**
   * Changes the run's row, and what belongs to it, in one transaction.
   *
   * @throws Interrupted `lost` where it is another's by now, `cancelled` where somebody wants it to end
   */
  change(work: (tx: TenantTx, run: StoredRun) => Promise<StoredRun>): Promise<StoredRun>;
  /** Goes on without signs of life. */
  stop(): Promise<void>;
}

export const newToken = (): string => randomUUID();

/** Shows signs of life of a run whose lease this copy has taken. */
export function keepRun(
  deps: Pick<SyncServices, 'db' | 'log' | 'limits'>,
  tenantId: TenantId,
  runId: RunId,
  token: string,
  stopping: AbortSignal,
): LeasedRun {
  const { leaseMs } = limitsOf(deps);
  const own = new AbortController();
  const interrupt = (why: Interruption) => own.abort(new Interrupted(why));
  const onStop = () => interrupt('stopping');
  if (stopping.aborted) onStop();
  stopping.addEventListener('abort', onStop, { once: true });
  let renewedAt = performance.now();
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      renewing = renew();
    },
    Math.min(leaseMs / 4, 5_000),
  );

  async function renew(): Promise<void> {
    const began = performance.now();
    try {
      const lease = await renewLease(deps.db.tenant(tenantId), runId, token, leaseMs);
      if (lease === undefined) return interrupt('lost');
      renewedAt = began;
      if (lease.wantsCancel) interrupt('cancelled');
    } catch (error) {
      deps.log.warn('roster_run_lease_not_renewed', { tenantId, runId, error });
      if (performance.now() - renewedAt > leaseMs) interrupt('lost');
    }
  }

  return {
    tenantId,
    runId,
    token,
    signal: own.signal,
    check: () => own.signal.throwIfAborted(),
    change: (work) =>
      deps.db.withTenant(tenantId, async (tx) => {
        const run = await getLockedRun(tx, runId);
        if (!(await holdsLease(tx, runId, token))) throw new Interrupted('lost');
        if (run.wantsCancel && run.state !== 'applying') throw new Interrupted('cancelled');
        const after = await work(tx, run);
        await saveRun(tx, after);
        return after;
      }),
    stop: async () => {
      clearInterval(timer);
      stopping.removeEventListener('abort', onStop);
      await renewing;
    },
  };
}
