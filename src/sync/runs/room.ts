import type { RunId } from '../../../contracts/ids.ts';
import type { SyncServices } from '../services.ts';
import { roomWaitMs } from './failure.ts';
import { workRosterRun } from './queues.ts';
import { lockRun, saveRun } from './run-store.ts';
import { findNextForRoom, listWaitingForRoom } from './turn-store.ts';

/** So long after its time a run that waits for room is still taken for one that will come: the sweep has found it by then. */
const patienceMs = 90_000;

const since = (now: number) => new Date(now - patienceMs);

/**
 * Whether runs that have begun wait for room in staging: one that has not begun lets them go first, whosever they are, so
 * that a tenant with many rosters does not take every room that becomes free.
 */
export async function areOthersWaiting(
  { db, clock }: Pick<SyncServices, 'db' | 'clock'>,
  runId: RunId,
): Promise<boolean> {
  const waiting = await db.withRollup((tx) => listWaitingForRoom(tx, since(clock.now())));
  return waiting.some((each) => each.runId !== runId);
}

/** Tells the run that waits longest for room that there is some. */
export async function giveRoom({
  db,
  clock,
  enqueue,
}: Pick<SyncServices, 'db' | 'clock' | 'enqueue'>): Promise<void> {
  const now = clock.now();
  const next = await db.withRollup((tx) => findNextForRoom(tx, since(now)));
  if (next === undefined) return;
  const { tenantId, runId } = next;
  await db.withTenant(tenantId, async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.reason !== 'staging_full' || run.notBefore === null) return;
    await saveRun(tx, { ...run, notBefore: new Date(now) });
    await enqueue(tx, workRosterRun, { tenantId, runId }, { singletonKey: runId });
  });
}

/** Puts a run off that finds no room. */
export function forRoom(now: Date): { notBefore: Date; reason: string } {
  return { notBefore: new Date(now.getTime() + roomWaitMs), reason: 'staging_full' };
}
