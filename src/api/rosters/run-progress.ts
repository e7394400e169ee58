import type { RunProgress } from '../../../contracts/http/run-events.ts';
import type { Entity } from '../../../contracts/roster.ts';
import { isWorking, type Run } from '../../sync/run.ts';

/** How far a run had come at a moment. */
export interface Sample {
  /** Unix milliseconds. */
  at: number;
  read: number;
}

/** What a rate is told from: so many of the newest samples. */
const samplesKept = 30;

/** The samples with one more; the oldest go. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples, sample].slice(-samplesKept);
}

/** Rows read and staged so far. */
export function readSoFar({ progress }: Pick<Run, 'progress'>): number {
  return Object.values(progress).reduce((sum, { rows }) => sum + rows, 0);
}

/** Whether nothing more comes of a run by itself. */
export function isOver({ state }: Pick<Run, 'state'>): boolean {
  return !isWorking(state);
}

/**
 * How far a run has come, how fast, and how long it takes if it goes on so.
 *
 * @param samples of this run, the oldest first, the newest of now
 * @param expected rows there may be in all, from the run before; undefined where there was none
 */
export function progressOf(run: Run, samples: readonly Sample[], expected: number | undefined): RunProgress {
  const read = readSoFar(run);
  const rate = run.state === 'reading' ? rateOf(samples) : undefined;
  const left = expected === undefined || expected <= read ? undefined : expected - read;
  return {
    state: run.state,
    reason: run.reason,
    at: new Date(samples.at(-1)?.at ?? run.requestedAt.getTime()).toISOString(),
    read,
    byEntity: Object.entries(run.progress).map(([entity, { rows, done }]) => ({
      entity: entity as Entity,
      rows,
      done,
    })),
    planned: run.plan === null ? null : run.plan.counts.reduce((sum, each) => sum + changesOf(each), 0),
    applied: run.applied === null ? null : changesOf(run.applied),
    rowsPerSecond: rate ?? null,
    secondsLeft: rate === undefined || rate === 0 || left === undefined ? null : Math.round(left / rate),
  };
}

function changesOf(counts: { created: number; changed: number; removed: number; restored: number }): number {
  return counts.created + counts.changed + counts.removed + counts.restored;
}

function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  // A run that was taken up again may have begun anew.
  return (Math.max(0, last.read - first.read) * 1_000) / (last.at - first.at);
}
