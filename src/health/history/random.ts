import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 on, below 1. */
  next(): number;
  /** Whole numbers from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** How many of what happens `mean` times on average. */
  count(mean: number): number;
}

/** A generator of its own for each name: what one draws moves no other (sfc32). */
export function randomOf(...names: readonly (string | number)[]): Random {
  const digest = createHash('sha256').update(names.join('\0')).digest();
  let [a, b, c, counter] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (values) => values[between(0, values.length - 1)] as (typeof values)[number],
    count: (mean) => {
      // Knuth's way for small means; large ones are nearly normal.
      if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(next)));
      const limit = Math.exp(-mean);
      let [drawn, product] = [0, next()];
      for (; product > limit; drawn += 1) product *= next();
      return drawn;
    },
  };
}

/** Box–Muller. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A UUIDv7 (RFC 9562 §5.7) of a moment whose other bits are the seed's. @param at unix milliseconds */
export function idOf(random: Random, at: number): string {
  const hex = () =>
    Math.floor(random.next() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  const time = at.toString(16).padStart(12, '0');
  const [some, more, rest] = [hex(), hex(), hex()];
  // The two bits of the variant are 10: 8 to b.
  const variant = (8 + (Number.parseInt(some.slice(0, 1), 16) & 3)).toString(16);
  const [a, b] = [some.slice(1, 4), some.slice(4, 7)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${b}-${more}${rest.slice(0, 4)}`;
}
