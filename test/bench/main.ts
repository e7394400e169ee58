import { fairnessBench } from './grades/fairness-bench.ts';
import { gradesBench } from './grades/grades-bench.ts';
import { healthBench } from './health/health-bench.ts';
import { launchBench } from './launch/launch-bench.ts';
import { type BenchOptions, parseOptions } from './options.ts';
import { rosterFirstBench } from './roster/roster-first-bench.ts';
import { rosterNightlyBench } from './roster/roster-nightly-bench.ts';
import { rosterRestBench } from './roster/roster-rest-bench.ts';

/** A benchmark measures one thing beside what it is compared with, and gives what it found. */
export interface Bench {
  summary: string;
  /** Where they differ from the usual ones. */
  defaults?: { rounds?: number };
  /** @param say for progress; the result is printed by the caller */
  run(options: BenchOptions, signal: AbortSignal, say: (line: string) => void): Promise<BenchResult>;
}

export interface BenchResult {
  /** The fields that `--json` prints. */
  fields: Record<string, unknown>;
  /** The same for people. */
  table: string;
}

const benches: Readonly<Record<string, Bench>> = {
  launch: launchBench,
  grades: gradesBench,
  fairness: fairnessBench,
  'roster-first': rosterFirstBench,
  'roster-nightly': rosterNightlyBench,
  'roster-rest': rosterRestBench,
  health: healthBench,
};

const usage = `npm run bench -- <name> [--json] [--seconds n] [--rounds n] [--scale share] [--profile]

${Object.entries(benches)
  .map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  .join('\n')}
`;

/** Ctrl-C ends the measurement and everything it started; a second one ends this program at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error('Stopped.'));
    });
  }
  return controller.signal;
}

async function main(argv: readonly string[]): Promise<number> {
  const benchOf = (name: string) => (Object.hasOwn(benches, name) ? benches[name] : undefined);
  const { name = '', options } = parseOptions(argv, (named) => benchOf(named)?.defaults ?? {});
  const bench = benchOf(name);
  if (bench === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const signal = stopSignal();
  const { fields, table } = await bench.run(options, signal, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(options.json ? `${JSON.stringify(fields)}\n` : `${table}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
