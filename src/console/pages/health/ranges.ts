import type { WindowName } from '../../../../contracts/health.ts';

const dayMs = 86_400_000;
/** Lengths of time that can be looked at, in milliseconds: the usual windows, a term, a year. */
export const ranges = {
  '1h': 3_600_000,
  '24h': dayMs,
  '28d': 28 * dayMs,
  '13w': 91 * dayMs,
  '12m': 365 * dayMs,
} as const;
export type RangeName = keyof typeof ranges;
export const rangeNames = Object.keys(ranges) as readonly RangeName[];

const windows: readonly WindowName[] = ['1h', '24h', '28d'];
const grainMs = 300_000;

/** A stretch of time in a query: a window of the hub's own, or between two instants. */
export type AskedRange = { window: WindowName } | { from: string; to: string };

/**
 * What to ask for, of the time that ends now: by name where the hub knows it. In whole five minutes, as the hub counts, so that
 * asking again within them is the same question.
 *
 * @param now Unix milliseconds
 */
export function planRange(name: RangeName, now: number): AskedRange {
  const window = windows.find((each) => each === name);
  if (window !== undefined) return { window };
  const to = Math.ceil(now / grainMs) * grainMs;
  return { from: new Date(to - ranges[name]).toISOString(), to: new Date(to).toISOString() };
}
