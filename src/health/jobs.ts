import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database, RollupTx } from '../platform/db.ts';
import { defineQueue, type Worker, workOn } from '../platform/jobs/queue.ts';
import {
  type CopyStep,
  copyEndedDeliveries,
  copyEndedLaunches,
  copyEndedRuns,
  copySignIns,
  copyTokenGrants,
} from './recording/copy-store.ts';
import { rollUp } from './rollups/roll-up.ts';
import { dropExpiredPartitions, endAbandonedLaunches, ensurePartitions, purgeExpired } from './store.ts';

const nothing = z.strictObject({});

/** Ends abandoned launches, then copies whatever has ended into exchanges. */
const copyExchanges = defineQueue({
  name: 'copy_exchanges',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Counts anew the stretches of time in which exchanges have ended, or that are over. */
const rollUpExchanges = defineQueue({
  name: 'roll_up_exchanges',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Deletes expired logins, hints, waiting launches and what signing in leaves behind. */
const purgeLaunchSecrets = defineQueue({
  name: 'purge_launch_secrets',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Makes the partitions of the coming months and drops those past their retention. */
const keepPartitions = defineQueue({
  name: 'keep_partitions',
  payload: nothing,
  policy: 'short',
  schedule: '17 2 * * *',
});

export const healthQueues = [copyExchanges, rollUpExchanges, purgeLaunchSecrets, keepPartitions];

export interface HealthJobDeps {
  database: Pick<Database, 'withRollup'>;
  clock: Clock;
}

/** What this feature does in the background. */
export function healthWorkers(deps: HealthJobDeps): Worker[] {
  return [
    workOn(copyExchanges, (_payload, { signal }) => copyAll(deps, signal)),
    workOn(rollUpExchanges, async (_payload, { signal }) => {
      await rollUp(deps, signal);
    }),
    workOn(purgeLaunchSecrets, (_payload, { signal }) =>
      untilDone(deps, signal, 500, (tx) => purgeExpired(tx, 500)),
    ),
    workOn(keepPartitions, async () => {
      await prepareMonths(deps);
      await deps.database.withRollup(dropExpiredPartitions);
    }),
  ];
}

/** Small, so that no request waits long for a processor that a batch holds. */
const batch = 100;
// A hint lives five minutes and may be used again after a new window was opened.
const abandonedAfterMs = 10 * 60_000;

/** Every kind of row that becomes exchanges when it has ended. */
const copySteps: readonly CopyStep[] = [
  copyEndedLaunches,
  copyEndedDeliveries,
  copyEndedRuns,
  copySignIns,
  copyTokenGrants,
];

/** Ends what was abandoned and copies everything that has ended, batch by batch. Safe to run at any time. */
export async function copyAll(deps: HealthJobDeps, signal?: AbortSignal): Promise<void> {
  const now = deps.clock.now();
  const abandoned = { startedBefore: new Date(now - abandonedAfterMs), now: new Date(now), most: batch };
  await untilDone(deps, signal, batch, (tx) => endAbandonedLaunches(tx, abandoned));
  for (const step of copySteps) await untilDone(deps, signal, batch, (tx) => step(tx, batch));
}

/** Makes the partitions of this month and the two after it, each by itself, so that one failure stops no other. */
export async function prepareMonths({ database, clock }: HealthJobDeps): Promise<void> {
  const today = new Date(clock.now());
  const failures: unknown[] = [];
  for (const ahead of [0, 1, 2]) {
    const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + ahead, 1));
    await database
      .withRollup((tx) => ensurePartitions(tx, month))
      .catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Partitions could not be made');
}

/**
 * So much time passes between two batches for the time that one takes, since those who launch wait for the same processors
 * and disk; less once a pass has taken most of the minute until the next.
 */
function restShare(passedMs: number): number {
  return passedMs < 45_000 ? 9 : 1;
}

/** Repeats a batch of its own transaction until one is not full, or the work has to be handed back. */
async function untilDone(
  { database }: HealthJobDeps,
  signal: AbortSignal | undefined,
  full: number,
  work: (tx: RollupTx) => Promise<number>,
): Promise<void> {
  const start = performance.now();
  while (signal?.aborted !== true) {
    const began = performance.now();
    if ((await database.withRollup(work)) < full) return;
    const ended = performance.now();
    await delay(restShare(ended - start) * (ended - began), undefined, { signal }).catch(() => undefined);
  }
}
