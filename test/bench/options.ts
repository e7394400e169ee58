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
}

/** @throws Error that says which option is wrong */
export function parseOptions(argv: readonly string[]): { name: string | undefined; options: BenchOptions } {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      profile: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new Error('Name one benchmark.');
  const { json, profile } = values;
  return {
    name: positionals[0],
    options: {
      json,
      profile,
      seconds: positive('--seconds', values.seconds),
      rounds: positive('--rounds', values.rounds),
    },
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new Error(`${option} must be a number from 1 to 600.`);
  return Math.ceil(value);
}
