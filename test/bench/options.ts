import { parseArgs } from 'node:util';

/** What every benchmark is told. */
export interface BenchOptions {
  /** One JSON object on standard output in place of a table. */
  json: boolean;
  /** About how long each side runs in each round, in seconds. */
  seconds: number;
  rounds: number;
  /** Shows where a hub process spends its time, after the measurement. */
  profile: boolean;
  /** Part of the whole amount of work, from 0.001 to 1: what needs minutes and gigabytes can be tried with a tenth. */
  scale: number;
}

/**
 * @param defaultsOf what a benchmark of a name takes where nothing is said
 * @throws Error that says which option is wrong
 */
export function parseOptions(
  argv: readonly string[],
  defaultsOf: (name: string) => { rounds?: number },
): { name: string | undefined; options: BenchOptions } {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string' },
      scale: { type: 'string', default: '1' },
      profile: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new Error('Name one benchmark.');
  const { json, profile } = values;
  const [name] = positionals;
  const { rounds = 5 } = defaultsOf(name ?? '');
  return {
    name,
    options: {
      json,
      profile,
      seconds: positive('--seconds', values.seconds),
      rounds: positive('--rounds', values.rounds ?? String(rounds)),
      scale: share('--scale', values.scale),
    },
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new Error(`${option} must be a number from 1 to 600.`);
  return Math.ceil(value);
}

function share(option: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0.001 && value <= 1)) throw new Error(`${option} must be a number from 0.001 to 1.`);
  return value;
}
