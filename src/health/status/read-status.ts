import type { HealthNumbers } from '../../../contracts/health.ts';
import { dateOf } from '../calendars/days.ts';
import { rangeOf } from '../metrics/health-report.ts';
import { readSeries } from '../metrics/series.ts';
import { type PastIncident, readPastIncidents } from '../reports/past-incidents.ts';
import type { ReportScope } from '../reports/read-report.ts';

const dayMs = 86_400_000;
const shownDays = 90;

export const statusStates = ['good', 'trouble', 'down', 'quiet'] as const;
export type StatusState = (typeof statusStates)[number];

/** What a status page tells: nothing of a person, no id, no name of an institution but its own. */
export interface Status {
  readonly at: Date;
  readonly state: StatusState;
  readonly lastDay: HealthNumbers;
  /** Days by UTC, the oldest first; today is the last one. */
  readonly days: readonly { readonly date: string; readonly numbers: HealthNumbers }[];
  /** The newest first. */
  readonly incidents: readonly PastIncident[];
}

/**
 * How it stands. A few failures of a few exchanges are no trouble yet: the interval's lower bound counts, not the share.
 *
 * @param hasIncident somebody was woken for it, and it is not over
 */
export function decideState(
  { ended, failureRate: { low } }: HealthNumbers,
  hasIncident: boolean,
): StatusState {
  if (low !== null && low > 0.2) return 'down';
  if (hasIncident || (low !== null && low > 0.02)) return 'trouble';
  return ended === 0 ? 'quiet' : 'good';
}

/** Reads a status page, from roll-ups. @param now unix milliseconds */
export async function readStatus(scope: ReportScope, now: number): Promise<Status> {
  const today = Math.floor(now / dayMs);
  const first = today - shownDays + 1;
  const dates = Array.from({ length: shownDays }, (_, index) => first + index);
  const ranges = dates.map((day) => ({ from: new Date(day * dayMs), to: new Date((day + 1) * dayMs) }));
  const filter = scope.partner === undefined ? {} : { partner: scope.partner };
  const [lastHour, lastDay, ...days] = await readSeries(
    scope,
    [rangeOf('1h', now), rangeOf('24h', now), ...ranges],
    filter,
  );
  if (lastHour === undefined || lastDay === undefined) throw new Error('As many numbers as ranges');
  const incidents = await readPastIncidents(scope, { from: new Date(first * dayMs), to: new Date(now + 1) });
  const hasIncident = incidents.some(
    ({ severity, recoveredMs }) => severity === 'page' && recoveredMs === null,
  );
  // The last hour says how it is now; where it is silent, the day does.
  const state = decideState(lastHour.failureRate.whole === 0 ? lastDay : lastHour, hasIncident);
  return {
    ...{ at: new Date(now), state, lastDay, incidents: incidents.toReversed() },
    days: days.map((numbers, index) => ({ date: dateOf(first + index), numbers })),
  };
}
