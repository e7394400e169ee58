import { setTimeout as delay } from 'node:timers/promises';
import type { Children } from '../process/parent.ts';
import { numberLines, type SchoolSize } from './lines.ts';
import type { LmsCounts } from './lms-ledger.ts';

/** How long an LMS takes for a score, in milliseconds. */
export const lmsMilliseconds = 5;

/** What an LMS gives for a token, and wants with every score. */
export const lmsToken = 'bench-lms-token';

/** Gradebooks in processes of their own. */
export interface BenchLms {
  pids: readonly number[];
  originOf(school: number): string;
  /** Together. */
  counts(): Promise<LmsCounts>;
  /**
   * Waits until each line has the score it has to have in the end.
   *
   * @param finals by the line's number; 0 where that is not asked
   * @throws Error when that takes longer than the time given
   */
  waitFor(finals: Int32Array, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** From now on, remembers when each score is stored. */
  noteArrivals(): Promise<void>;
  /** Milliseconds of the shared clock, by the number of the score. */
  takeArrivals(): Promise<Map<number, number>>;
}

/** @param count how many; the schools are theirs in turn */
export async function startBenchLms(
  children: Children,
  sizes: readonly SchoolSize[],
  count: number,
): Promise<BenchLms> {
  const processes = Array.from({ length: count }, () =>
    children.start(new URL('./lms-process.ts', import.meta.url), { NODE_ENV: 'production' }),
  );
  const all = <Answer>(question: string) =>
    Promise.all(processes.map((child) => child.ask<Answer>(question)));
  const origins = await Promise.all(processes.map((child) => child.ask<string>('open', sizes)));
  const lines = numberLines(sizes);
  const numberOf = (school: number) => school % count;
  const share = (finals: Int32Array, lms: number) =>
    finals.map((final, line) => (numberOf(lines.at(line).school) === lms ? final : 0));
  const counts = async () => (await all<LmsCounts>('counts')).reduce(add);
  return {
    pids: processes.map(({ pid }) => pid),
    originOf: (school) => origins[numberOf(school)]!,
    counts,
    waitFor: async (finals, timeoutMs, signal) => {
      const met = Promise.all(processes.map((child, lms) => child.ask('expect', share(finals, lms))));
      if (await isInTime(met, timeoutMs, signal)) return;
      throw new Error(`An LMS still lacks scores after ${timeoutMs} ms: ${JSON.stringify(await counts())}`);
    },
    noteArrivals: async () => {
      await all('noteArrivals');
    },
    takeArrivals: async () =>
      new Map((await all<Map<number, number>>('takeArrivals')).flatMap((each) => [...each])),
  };
}

function add(one: LmsCounts, other: LmsCounts): LmsCounts {
  const names = Object.keys(one) as (keyof LmsCounts)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as LmsCounts;
}

async function isInTime(work: Promise<unknown>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const ended = new AbortController();
  const late = delay(timeoutMs, false, { signal: AbortSignal.any([signal, ended.signal]) });
  // Nobody listens any more once the work is done.
  late.catch(() => undefined);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    ended.abort();
  }
}
