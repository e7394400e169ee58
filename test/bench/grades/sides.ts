import { setTimeout as delay } from 'node:timers/promises';
import type { CpuMeter, CpuUse } from '../measure/cpu.ts';

/** One timed run of a side. */
export interface Rate {
  count: number;
  perSecond: number;
  /** CPU milliseconds for one score, by who used them. */
  cpu: CpuUse;
}

/** Both sides run as two processes, with sixteen connections, or loops, to each. */
export const processCount = 2;
export const lanesPerProcess = 16;

/** The share of a queue that is worked off before its rate is measured: how a side starts is another matter. */
export const startingShare = 1 / 3;

/** Waits until so much is done. @returns the count by then */
export async function reach(
  least: number,
  count: () => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const now = await count();
    if (now >= least) return now;
    await delay(2, undefined, { signal });
  }
}

/** Starts the clocks. @returns reads them, for so many scores and, where it was taken elsewhere, their time */
export function beginRate(meter: CpuMeter): (count: number, seconds?: number) => Rate {
  const start = performance.now();
  const used = meter();
  return (count, seconds = (performance.now() - start) / 1000) => ({
    count,
    perSecond: count / seconds,
    cpu: used(count),
  });
}
