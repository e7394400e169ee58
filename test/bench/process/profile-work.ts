import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchResult } from '../main.ts';
import { rounded } from '../measure/statistics.ts';
import type { Child } from './parent.ts';
import type { HotSpot, ProfileSummary } from './profile.ts';
import type { StatementTimes } from './statement-count.ts';

export interface ProfiledWork {
  /** What one piece of the work is called. */
  unit: string;
  /** What has to be there before each run. */
  prepare?(): Promise<unknown>;
  /** Does some work and says how many pieces it was. */
  run(): Promise<number>;
}

/**
 * Where the first of these processes spends its time, and the round trips of all to the database. The times are those
 * of a clock: on a machine with few cores, work that wakes another process (`run` starts a signature, `writev` a
 * statement) is charged for the time the other one then takes the core.
 */
export async function profileWork(
  processes: readonly Child[],
  { unit, run, prepare = async () => undefined }: ProfiledWork,
): Promise<BenchResult> {
  const [first] = processes;
  if (first === undefined) throw new Error('No process runs');
  await prepare();
  await first.ask('startProfile');
  await run();
  const file = path.join(tmpdir(), `gatehouse-${unit}-${Date.now()}.cpuprofile`);
  const profile = await first.ask<ProfileSummary>('stopProfile', file);

  await prepare();
  await Promise.all(processes.map((each) => each.ask('startStatementCount')));
  const done = await run();
  const counts = await Promise.all(processes.map((each) => each.ask<StatementTimes[]>('stopStatementCount')));
  const statements = merge(counts.flat());
  const table = [
    `Profile of one process (${profile.file})`,
    ...lines('by package or folder', profile.parts.slice(0, 25)),
    ...lines('by function', profile.functions),
    `round trips to the database for a ${unit}, and mean ms each`,
    ...statements.map(
      ({ text, count, milliseconds }) =>
        `  ${(count / done).toFixed(2)}  ${(milliseconds / count).toFixed(2).padStart(7)}  ${text}`,
    ),
  ];
  const roundTrips = statements.reduce((sum, { count }) => sum + count, 0) / done;
  return {
    fields: { ...profile, statements, [`round_trips_per_${unit}`]: rounded(roundTrips) },
    table: table.join('\n'),
  };
}

function lines(title: string, spots: HotSpot[]): string[] {
  return [title, ...spots.map(({ place, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${place}`)];
}

function merge(all: StatementTimes[]): StatementTimes[] {
  const merged = new Map<string, StatementTimes>();
  for (const { text, count, milliseconds } of all) {
    const known = merged.get(text) ?? { text, count: 0, milliseconds: 0 };
    merged.set(text, { text, count: known.count + count, milliseconds: known.milliseconds + milliseconds });
  }
  return [...merged.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
