import { createHash, randomInt } from 'node:crypto';

/** Chance that comes again with the same seed. */
export interface Random {
  /** 0 ≤ number < 1. */
  next(): number;
  /** A whole number, both bounds included. */
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Chance of its own for one part, so that parts at work together do not change what each other draws. */
  part(name: string): Random;
}

/** The seed of this run: FAULTS_SEED, to run again what has failed, else a new one. */
export function chooseSeed(): string {
  return process.env.FAULTS_SEED || String(randomInt(1, 2 ** 32));
}

/** Marsaglia's xorshift of 32 bits: plenty for choosing when to kill what. */
export function createRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE() || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => list[whole(0, list.length - 1)]!,
    part: (name) => createRandom(`${seed} ${name}`),
  };
}
