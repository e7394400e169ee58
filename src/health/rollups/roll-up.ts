import { type Grain, grainMs, type TimeRange } from '../../../contracts/health.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, RollupTx } from '../../platform/db.ts';
import { countDay, countFiveMinutes, countHour } from './count-store.ts';
import { mark, markRange, takeMarks } from './mark-store.ts';

export interface RollUpDeps {
  database: Pick<Database, 'withRollup'>;
  clock: Clock;
}

/** What is done for the marks of a grain. */
interface Level {
  grain: Grain;
  /** Marks are taken by stretches of this grain: one pass over an hour's exchanges counts all its five minutes. */
  together: Grain;
  count(tx: RollupTx, range: TimeRange): Promise<void>;
  /** The stretch above, which has to be summed anew. */
  above?: Grain;
  /** It is counted once it is over: until then numbers come from what it is made of. */
  waits: boolean;
}

const levels: readonly Level[] = [
  { grain: '5m', together: '1h', count: countFiveMinutes, above: '1h', waits: false },
  { grain: '1h', together: '1h', count: countHour, above: '1d', waits: true },
  { grain: '1d', together: '1d', count: countDay, waits: true },
];

/**
 * Counts anew whatever is marked: five minutes from exchanges, hours and days from what they are made of, once they are over.
 * Each stretch is a transaction of its own. Safe to run at any time, in any number of copies, and to break off.
 *
 * @returns how many transactions it took
 */
export async function rollUp({ database, clock }: RollUpDeps, signal?: AbortSignal): Promise<number> {
  let done = 0;
  for (const level of levels) {
    while (signal?.aborted !== true) {
      const before = level.waits ? new Date(clock.now() - grainMs[level.grain] + 1) : undefined;
      if (!(await database.withRollup((tx) => rollUpOnce(tx, level, before)))) break;
      done += 1;
    }
  }
  return done;
}

async function rollUpOnce(tx: RollupTx, level: Level, before: Date | undefined): Promise<boolean> {
  const marked = await takeMarks(tx, level.grain, level.together, before);
  const [first, last] = [marked[0], marked.at(-1)];
  if (first === undefined || last === undefined) return false;
  await level.count(tx, { from: first, to: new Date(last.getTime() + grainMs[level.grain]) });
  if (level.above !== undefined) await mark(tx, level.above, floorTo(first, level.above));
  return true;
}

/** The beginning of the stretch that a moment is in. */
export function floorTo(moment: Date, grain: Grain): Date {
  return new Date(Math.floor(moment.getTime() / grainMs[grain]) * grainMs[grain]);
}

/** The end of the stretch that a moment is in; a moment that ends one stays. */
export function ceilTo(moment: Date, grain: Grain): Date {
  return new Date(Math.ceil(moment.getTime() / grainMs[grain]) * grainMs[grain]);
}

/**
 * Marks all that ended in a range as to be counted anew, and counts it.
 *
 * @param range as far as exchanges are still kept: what is counted from none is none
 * @returns how many five minutes were counted
 */
export async function backfill(
  deps: RollUpDeps,
  { from, to }: TimeRange,
  signal?: AbortSignal,
): Promise<number> {
  const marked = await deps.database.withRollup((tx) =>
    markRange(tx, '5m', { from: floorTo(from, '5m'), to }),
  );
  await rollUp(deps, signal);
  return marked;
}
