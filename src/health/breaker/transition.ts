const minute = 60_000;

/** Failures of a host in a row after which it counts as down, and is asked by one call at a time. */
export const breakerThreshold = 5;

/** How long a host that is down is left alone, in milliseconds. @param random 0 ≤ random < 1 */
export function planBlock(failures: number, random: number): number {
  const step = Math.min(failures - breakerThreshold, 6);
  return Math.min(5_000 * 2 ** Math.max(0, step), 5 * minute) * (0.75 + random / 2);
}

/** Longer than a call may take: whoever tries a host and is not back by then is gone, in milliseconds. */
export const trialMs = 150_000;

/**
 * closed: calls pass. open: nothing passes until `until`. half_open: one call tries the host, and counts as gone at `until`.
 * Times in Unix milliseconds.
 */
export type Breaker =
  | { state: 'closed'; failures: number }
  | { state: 'open' | 'half_open'; failures: number; reason: string; openedAt: number; until: number };

export type BreakerEvent =
  /** A call failed by the other side; `reason` is a stable code. `isTrial`: it was the one that tried it. */
  | { type: 'failed'; reason: string; isTrial: boolean; now: number; random: number }
  /** It has answered, whatever it said. */
  | { type: 'worked' }
  /** A call is let through to try it. */
  | { type: 'tried'; now: number };

export const closed: Breaker = { state: 'closed', failures: 0 };

/** The breaker after an event. Late failures of calls that were under way when it opened say nothing new. */
export function transition(breaker: Breaker, event: BreakerEvent): Breaker {
  switch (event.type) {
    case 'worked':
      return closed;
    case 'tried':
      return breaker.state === 'closed'
        ? breaker
        : { ...breaker, state: 'half_open', until: event.now + trialMs };
    case 'failed': {
      if (breaker.state !== 'closed' && !event.isTrial) return breaker;
      const failures = Math.min(breaker.failures + 1, 1_000);
      if (failures < breakerThreshold) return { state: 'closed', failures };
      const openedAt = breaker.state === 'closed' ? event.now : breaker.openedAt;
      const until = event.now + planBlock(failures, event.random);
      return { state: 'open', failures, reason: event.reason, openedAt, until };
    }
  }
}

/** Whether a call may go now: at once, as the one that tries the host, or not. */
export function decideAdmission(breaker: Breaker, now: number): 'go' | 'try' | 'wait' {
  if (breaker.state === 'closed') return 'go';
  return breaker.until <= now ? 'try' : 'wait';
}
