import type { Clock } from '../../platform/clock.ts';

/** How long refusals of one directory take, so that none is told from another by its speed. */
export interface RefusalPace {
  /** Notes what a refusal by the directory itself has taken. In milliseconds. */
  note(tookMs: number): void;
  /** What every refusal takes at least: as long as the slowest by the directory of late. In milliseconds. */
  least(): number;
}

/** A directory that was slow once is not held slow for long, and nobody waits longer than this for a refusal. */
const rememberedMs = 10 * 60_000;
const remembered = 32;
const mostMs = 3_000;

/**
 * An unknown name is refused without a bind, and a bind takes as long as the directory likes: some take a second over a wrong
 * password on purpose. A fixed time would tell the two apart there.
 */
export function createRefusalPace(clock: Clock, leastMs: number): RefusalPace {
  let slow: { at: number; tookMs: number }[] = [];
  return {
    note: (tookMs) => {
      slow = [...slow.slice(1 - remembered), { at: clock.now(), tookMs }];
    },
    least: () => {
      const since = clock.now() - rememberedMs;
      const slowest = slow.filter(({ at }) => at > since).map(({ tookMs }) => tookMs);
      return Math.min(Math.max(leastMs, ...slowest), Math.max(leastMs, mostMs));
    },
  };
}
