import type { WindowName } from '../../../../contracts/health.ts';

/** A stretch of time of a chart. */
export interface Stretch {
  from: string;
  to: string;
}

/** How a window is cut: whole five minutes, hours or days, as the hub counts. */
const cuts: Readonly<Record<WindowName, { ms: number; count: number }>> = {
  '1h': { ms: 300_000, count: 12 },
  '24h': { ms: 3_600_000, count: 24 },
  '28d': { ms: 86_400_000, count: 28 },
};

/** The stretches of a window, the oldest first; the last is the one that is not over yet. UTC. */
export function planStretches(window: WindowName, now: number): Stretch[] {
  const { ms, count } = cuts[window];
  const end = (Math.floor(now / ms) + 1) * ms;
  return Array.from({ length: count }, (_, index) => {
    const from = end - (count - index) * ms;
    return { from: new Date(from).toISOString(), to: new Date(from + ms).toISOString() };
  });
}
