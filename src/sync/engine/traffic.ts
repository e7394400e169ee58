import type { Database, StagingTx } from '../../platform/db.ts';
import { countArrivals, setAlone } from './stores/traffic-store.ts';

/**
 * `busy`: people launch or sign in, at least one a second; `calm`: nearly nobody does; `some`: neither, or nobody knows.
 */
export type Traffic = 'busy' | 'some' | 'calm';

/** Looks who comes, over all copies and tenants. Never fails: what cannot be seen is `some`. */
export type Watch = () => Promise<Traffic>;

const busyPerSecond = 1;
/** More in the time looked at, and it is not calm: at night somebody may come each minute. */
const fewArrivals = 2;
/** Looked at no more often. */
const apartMs = 2_000;
/** After a look that failed: the next one may take as long to fail. */
const restMs = 60_000;
/** Counts come late by as much: fewer seconds may hide who has come, or show those of before. */
const shortestMs = 10_000;
/** A mean over longer says nothing of now. */
const longestMs = 5 * 60_000;

interface Look {
  at: number;
  count: number;
}

/**
 * One for all runs of a copy: whoever asks hears what was seen in the last ten seconds or, where nobody has looked for longer,
 * since then.
 *
 * @param elapsed milliseconds since any moment
 */
export function watchTraffic(
  db: Pick<Database, 'hub'>,
  elapsed: () => number = () => performance.now(),
): Watch {
  let looks: Look[] = [];
  let isDueAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function takeLook(): Promise<void> {
    const count = await countArrivals(db.hub()).catch(() => null);
    const at = elapsed();
    isDueAt = at + (count === null ? restMs : apartMs);
    // Counting begins anew when the server has crashed.
    const isGoingOn = count !== null && count >= (looks.at(-1)?.count ?? 0);
    const known = isGoingOn ? looks.filter((look) => at - look.at <= longestMs) : [];
    const since = known.findLastIndex((look) => at - look.at >= shortestMs);
    looks = [...known.slice(Math.max(0, since)), ...(count === null ? [] : [{ at, count }])];
  }

  return async () => {
    if (looking === undefined && elapsed() >= isDueAt) {
      looking = takeLook().finally(() => {
        looking = undefined;
      });
    }
    await looking;
    return judge(looks);
  };
}

/** From the first look to the last one. */
function judge(looks: readonly Look[]): Traffic {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return 'some';
  const [ms, arrivals] = [last.at - first.at, last.count - first.count];
  if (ms >= apartMs && arrivals >= (ms / 1_000) * busyPerSecond) return 'busy';
  return ms >= shortestMs && arrivals <= fewArrivals ? 'calm' : 'some';
}

/**
 * What is to be done between two steps of a long transaction: it ends where the run is to stop, and leaves people a core while
 * they launch.
 *
 * @throws the signal's reason
 */
export function betweenSteps(tx: StagingTx, watch: Watch, signal?: AbortSignal): () => Promise<void> {
  let isAlone = false;
  return async () => {
    signal?.throwIfAborted();
    const isBusy = (await watch()) === 'busy';
    signal?.throwIfAborted();
    if (isBusy === isAlone) return;
    await setAlone(tx, isBusy);
    isAlone = isBusy;
  };
}

/** Above this, in bytes, others notice when a place is emptied: its files go at once, and commits wait for the disk meanwhile. */
const muchToEmpty = 32 * 1024 ** 2;

/** Whether a place of this size, in bytes, can be emptied without keeping people waiting. */
export async function canBeEmptied(watch: Watch, bytes: number): Promise<boolean> {
  return bytes <= muchToEmpty || (await watch()) === 'calm';
}
