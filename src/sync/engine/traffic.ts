import type { StagingTx } from '../../platform/db.ts';
import { countArrivals, setAlone } from './stores/traffic-store.ts';

/** Whether people launch or sign in, at least one a second; unknown until that was looked at twice. */
export type Traffic = 'busy' | 'quiet' | 'unknown';

/** Looks who comes, over all copies and tenants. */
export type Watch = (tx: StagingTx) => Promise<Traffic>;

const busyPerSecond = 1;
/** What is counted is a second late. */
const shortestMs = 2_000;
/** A mean over longer says nothing of now. */
const longestMs = 5 * 60_000;

/**
 * One for all runs of a copy: whoever asks looks at most every two seconds, and hears else what was seen last.
 *
 * @param elapsed milliseconds since any moment
 */
export function watchTraffic(elapsed: () => number = () => performance.now()): Watch {
  let last: { at: number; count: number } | undefined;
  let seen: Traffic = 'unknown';
  return async (tx) => {
    const before = last;
    const at = elapsed();
    if (before !== undefined && at - before.at < shortestMs) return seen;
    const count = await countArrivals(tx);
    last = { at, count };
    // Counting begins anew when the server has crashed.
    const isKnown = before !== undefined && at - before.at <= longestMs && count >= before.count;
    if (!isKnown) seen = 'unknown';
    else seen = (count - before.count) / (at - before.at) >= busyPerSecond / 1_000 ? 'busy' : 'quiet';
    return seen;
  };
}

/**
 * What is to be done between two steps of a long transaction: it ends where the run is to stop, and leaves people a core while
 * they launch.
 *
 * @throws the signal's reason
 */
export function pause(tx: StagingTx, watch: Watch, signal: AbortSignal): () => Promise<void> {
  let isAlone = false;
  return async () => {
    signal.throwIfAborted();
    const isBusy = (await watch(tx)) === 'busy';
    if (isBusy === isAlone) return;
    await setAlone(tx, isBusy);
    isAlone = isBusy;
  };
}

/** Above this, in bytes, others notice when a place is emptied: its files go at once, and commits wait for the disk meanwhile. */
const muchToEmpty = 32 * 1024 ** 2;

/** Whether a place of this size, in bytes, can be emptied without keeping people waiting. */
export async function isNoticedByNobody(tx: StagingTx, watch: Watch, bytes: number): Promise<boolean> {
  return bytes <= muchToEmpty || (await watch(tx)) === 'quiet';
}
