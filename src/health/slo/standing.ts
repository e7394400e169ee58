import type { IncidentSeverity } from '../../../contracts/incidents.ts';
import { rateOf } from '../metrics/rate.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long the oldest delivery may wait; a gradebook that is closed at night is no emergency. */
export function decidePending(oldestAgeMs: number): IncidentSeverity | undefined {
  if (oldestAgeMs >= 12 * hourMs) return 'page';
  return oldestAgeMs >= hourMs ? 'ticket' : undefined;
}

/** A certificate or secret that is in use. */
export interface Expiring {
  notAfter: number;
  /** The end of the one that is to follow it, where there is one. */
  nextNotAfter?: number | undefined;
}

/** What ends within three days wakes somebody, within thirty it is work; one that has a follower ends quietly. */
export function decideExpiry(
  { notAfter, nextNotAfter }: Expiring,
  now: number,
): IncidentSeverity | undefined {
  if (nextNotAfter !== undefined && nextNotAfter > notAfter) return undefined;
  const left = notAfter - now;
  if (left <= 3 * dayMs) return 'page';
  return left <= 30 * dayMs ? 'ticket' : undefined;
}

const minuteMs = 60_000;

/** A host that is left alone: a restart is over in minutes, and what waits for longer somebody has to know. */
export function decideHostDown(downForMs: number): IncidentSeverity | undefined {
  if (downForMs >= 30 * minuteMs) return 'page';
  return downForMs >= 5 * minuteMs ? 'ticket' : undefined;
}

/** Failures in a row of a connection that was asked without people: one alone may be chance. */
export function decideProbes(failuresInARow: number): IncidentSeverity | undefined {
  if (failuresInARow >= 4) return 'page';
  return failuresInARow >= 2 ? 'ticket' : undefined;
}

/** What ended in a day, and how much of it by people's errors. */
export interface UserErrors {
  ended: number;
  userErrors: number;
}

/**
 * People's errors have jumped: surely more than three times as many as on the same weekday before, which is usually a
 * misjudged configuration. A class that mistypes its passwords is fewer than `leastErrors`.
 */
export function decideUserErrorJump(today: UserErrors, before: readonly UserErrors[]): boolean {
  const rates = before
    .flatMap(({ ended, userErrors }) => (ended < 20 ? [] : [userErrors / ended]))
    .sort(byValue);
  const usual = rates[Math.floor(rates.length / 2)];
  if (usual === undefined || rates.length < 3 || today.userErrors < leastErrors) return false;
  return (rateOf(today.userErrors, today.ended).low ?? 0) > 3 * Math.max(usual, 0.01);
}

/** Fewer errors of people than this in a day are told to nobody. */
export const leastErrors = 50;

function byValue(a: number, b: number): number {
  return a - b;
}
