import type { HealthNumbers } from '../../../contracts/health.ts';
import type { GradeDelivery } from '../../health/metrics/grade-delivery.ts';
import type { Durations, SliceNumbers } from '../../health/metrics/health-report.ts';
import type { Overview } from '../../health/metrics/overview.ts';
import type { ExchangeRow } from '../../health/metrics/rows.ts';
import type { RosterFreshness } from './freshness.ts';

/** A group with its numbers and how long its successes took. */
export interface Group extends SliceNumbers {
  durations: Durations | null;
}

const orNull = (time: Date | null) => time?.toISOString() ?? null;

/** A group as the API shows it. */
export function showGroup({ slice, numbers, durations }: Group) {
  return { slice, numbers: showNumbers(numbers), durations: durations && showDurations(durations) };
}

/** The first page as the API shows it. */
export function showOverview({ total, lines, delivery }: Overview) {
  return {
    total: showWindows(total),
    lines: lines.map(({ slice, windows, durations }) => ({
      slice,
      windows: showWindows(windows),
      durations: durations && showDurations(durations),
    })),
    delivery: showDelivery(delivery),
  };
}

function showWindows(windows: Overview['total']) {
  return {
    '1h': showNumbers(windows['1h']),
    '24h': showNumbers(windows['24h']),
    '28d': showNumbers(windows['28d']),
  };
}

export function showNumbers(numbers: HealthNumbers) {
  return { ...numbers, outcomes: { ...numbers.outcomes }, lastSuccess: orNull(numbers.lastSuccess) };
}

function showDurations({ from, to, ...rest }: Durations) {
  return { from: from.toISOString(), to: to.toISOString(), ...rest };
}

/** An exchange as the API shows it, with its tries. */
export function showExchange({ startedAt, endedAt, tries, ...rest }: ExchangeRow) {
  const times = (from: Date, to: Date) => ({ startedAt: from.toISOString(), endedAt: to.toISOString() });
  return {
    ...rest,
    ...times(startedAt, endedAt),
    tries: tries.map((each) => ({ ...each, ...times(each.startedAt, each.endedAt) })),
  };
}

export function showDelivery({ waiting, ...rest }: GradeDelivery) {
  return {
    ...rest,
    waiting: waiting.map(({ tier: _tier, oldest, ...each }) => ({ ...each, oldest: oldest.toISOString() })),
  };
}

export function showFreshness({ lastSuccess, ...rest }: RosterFreshness) {
  return { ...rest, lastSuccess: orNull(lastSuccess) };
}
