import { cpus } from 'node:os';
import type { BenchResult } from '../main.ts';
import { packageVersions } from '../measure/machine.ts';
import { median, rounded, spread } from '../measure/statistics.ts';
import type { RowSums } from './check.ts';
import type { FinishedRun } from './hub-side.ts';

/** Both sides of a round, in seconds. */
export interface RosterRound {
  hub: FinishedRun;
  limit: Readonly<Record<string, number>>;
}

export interface RosterMeasurements {
  bench: string;
  title: string;
  scale: number;
  rounds: RosterRound[];
  sums: RowSums;
  /** The most the hub may take, as a multiple of the limit. */
  toReach: number;
  yardstick: number[];
  postgresVersion: string;
  /** What only one benchmark has. */
  more?: { fields: Record<string, unknown>; lines: string[] };
}

const memoryToReachMb = 512;

const secondsOf = (limit: Readonly<Record<string, number>>) =>
  Object.values(limit).reduce((sum, seconds) => sum + seconds, 0);

/** The measurements as the fields of `--json` and as a table. */
export function describeRoster(measured: RosterMeasurements): BenchResult {
  const { bench, scale, rounds, sums, toReach, more } = measured;
  const hub = rounds.map((round) => round.hub.seconds);
  const limit = rounds.map((round) => secondsOf(round.limit));
  const rows = Object.values(sums).reduce((sum, entity) => sum + entity.rows, 0);
  const fields = {
    bench,
    scale,
    seconds: rounded(median(hub)),
    limit_seconds: rounded(median(limit)),
    ratio_limit: rounded(median(hub.map((seconds, round) => seconds / (limit[round] ?? Number.NaN)))),
    ratio_to_reach: toReach,
    peak_rss_mb: Math.round(Math.max(...rounds.map((round) => round.hub.peakRssMb))),
    peak_rss_to_reach_mb: memoryToReachMb,
    rows,
    rows_per_s: Math.round(rows / median(hub)),
    ...more?.fields,
    states: rounds.map((round) => roundAll(round.hub.states)),
    limit_parts: rounds.map((round) => roundAll(round.limit)),
    checked: sums,
    machine_noise: rounded(spread(measured.yardstick), 3),
    cores: cpus().length,
    versions: {
      node: process.versions.node,
      postgres: measured.postgresVersion,
      ...packageVersions(['pg', 'pg-copy-streams', 'csv-parse', 'yauzl']),
    },
  };
  return { fields, table: tableOf(fields, measured) };
}

function tableOf(
  fields: {
    rows: number;
    seconds: number;
    limit_seconds: number;
    ratio_limit: number;
    peak_rss_mb: number;
    machine_noise: number;
  },
  { title, rounds, toReach, scale, more }: RosterMeasurements,
): string {
  const [first] = rounds;
  const parts = (numbers: Readonly<Record<string, number>>) =>
    Object.entries(numbers)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
      .join(', ');
  return [
    `${title}: ${fields.rows.toLocaleString('en')} rows${scale === 1 ? '' : `, ${scale} of the whole`}`,
    `  hub    ${fields.seconds.toFixed(1).padStart(7)} s   (${parts(first?.hub.states ?? {})})`,
    `  limit  ${fields.limit_seconds.toFixed(1).padStart(7)} s   (${parts(first?.limit ?? {})})`,
    '',
    `  ${fields.ratio_limit} × the limit (at most ${toReach})`,
    `  ${fields.peak_rss_mb} MB at most in the process that worked the run (at most ${memoryToReachMb})`,
    ...(more?.lines ?? []).map((line) => `  ${line}`),
    '',
    'Checked: the count and the sum of all rows of each entity, against the files.',
    `The same work took up to ${(fields.machine_noise * 100).toFixed(0)} % longer or shorter: what others on this machine did meanwhile.`,
  ].join('\n');
}

function roundAll(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, rounded(value)]));
}
