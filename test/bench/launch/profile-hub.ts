import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchResult } from '../main.ts';
import { rounded } from '../measure/statistics.ts';
import type { HotSpot, ProfileSummary } from '../process/profile.ts';
import type { HubSide } from './hub-side.ts';
import type { StatementTimes } from './statement-count.ts';

const launches = 2_000;

/**
 * Where the first hub process spends its time, and its round trips to the database. The times are those of a clock: on
 * a machine with few cores, work that wakes another process (`run` starts a signature, `writev` a statement) is charged
 * for the time the other one then takes the core.
 */
export async function profileHub(hub: HubSide, say: (line: string) => void): Promise<BenchResult> {
  say('Profiling one hub process …');
  const [child] = hub.processes;
  if (child === undefined) throw new Error('No hub process runs');
  await child.ask('startProfile');
  await hub.run(launches);
  const file = path.join(tmpdir(), `gatehouse-hub-${Date.now()}.cpuprofile`);
  const profile = await child.ask<ProfileSummary>('stopProfile', file);

  await Promise.all(hub.processes.map((each) => each.ask('startStatementCount')));
  await hub.run(launches);
  const counts = await Promise.all(
    hub.processes.map((each) => each.ask<StatementTimes[]>('stopStatementCount')),
  );
  const statements = merge(counts.flat());
  const table = [
    `Profile of one hub process (${profile.file})`,
    ...lines('by package or folder', profile.parts.slice(0, 25)),
    ...lines('by function', profile.functions),
    'round trips to the database, a launch and mean ms each',
    ...statements.map(
      ({ text, count, milliseconds }) =>
        `  ${(count / launches).toFixed(2)}  ${(milliseconds / count).toFixed(2).padStart(7)}  ${text}`,
    ),
  ];
  const roundTrips = statements.reduce((sum, { count }) => sum + count, 0) / launches;
  return {
    fields: { ...profile, statements, round_trips_per_launch: rounded(roundTrips) },
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
