import type { CalendarPeriod, Span } from '../../../contracts/calendars.ts';
import type { ExchangeEvent, SliceFilter, SliceName, TimeRange } from '../../../contracts/health.ts';

/** Calendars of tenants, by their ids. */
export type Calendars = ReadonlyMap<string, { zone: string; spans: readonly Span[] }>;

/**
 * Every number straight from the events, by its definition in words and by nothing of the program: one loop a number, no
 * roll-ups, no table of outcomes.
 */
export function bruteForce(events: readonly ExchangeEvent[]) {
  const count = (holds: (event: ExchangeEvent) => boolean) => events.filter(holds).length;
  const sum = (value: (event: ExchangeEvent) => number) =>
    events.reduce((total, event) => total + value(event), 0);
  const ended = events.length;
  const valid = count(({ outcome }) => outcome !== 'user_error' && outcome !== 'suppressed');
  const failed = count(({ outcome }) => /^failed_|^expired_/.test(outcome));
  const firstTry = count(({ outcome, attempts }) => outcome === 'success' && attempts < 2);
  const successes = events.filter(({ outcome }) => outcome === 'success').map(({ endedAt }) => +endedAt);
  return {
    ended,
    failureRate: [failed, valid],
    attemptErrorRate: [sum((event) => event.failedAttempts), sum((event) => event.attempts)],
    amplification: ended === 0 ? null : sum((event) => event.attempts) / ended,
    firstTrySuccess: [firstTry, valid],
    userErrorRate: [count(({ outcome }) => outcome === 'user_error'), ended],
    recordRejection: [sum((event) => event.rejected), sum((event) => event.offered)],
    lastSuccess: successes.length === 0 ? null : new Date(Math.max(...successes)),
  };
}

/** Grade deliveries that are good, and all that count: not in time is not good, however they ended. */
export function bruteForceDeliveries(events: readonly ExchangeEvent[]): [number, number] {
  const those = events.filter(
    ({ kind, outcome }) => kind === 'grade_delivery' && outcome !== 'user_error' && outcome !== 'suppressed',
  );
  const good = those.filter(
    ({ outcome, startedAt, endedAt }) => outcome === 'success' && +endedAt - +startedAt <= 900_000,
  );
  return [good.length, those.length];
}

/** The smallest duration that at least `share` of the successes do not exceed, of those that took any time. */
export function bruteForcePercentile(events: readonly ExchangeEvent[], share: number): number | null {
  const took = events
    .filter(({ outcome }) => outcome === 'success')
    .map(({ startedAt, endedAt }) => +endedAt - +startedAt)
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  return took[Math.ceil(share * took.length) - 1] ?? null;
}

/** Once each: an exchange that comes again is the same one. */
export function distinct(events: readonly ExchangeEvent[]): ExchangeEvent[] {
  return [...new Map(events.map((event) => [`${event.exchangeId} ${+event.endedAt}`, event])).values()];
}

export function within(events: readonly ExchangeEvent[], { from, to }: TimeRange): ExchangeEvent[] {
  return events.filter(({ endedAt }) => endedAt >= from && endedAt < to);
}

/** The part of the year in which a school is, read off its calendar day by day. */
export function periodOf(calendars: Calendars, tenantId: string, at: Date): CalendarPeriod | null {
  const { zone = 'UTC', spans = [] } = calendars.get(tenantId) ?? {};
  // Swedish dates are those of ISO 8601.
  const day = at.toLocaleDateString('sv-SE', { timeZone: zone });
  const terms = spans.filter(({ kind }) => kind === 'term');
  const isIn = (kind: Span['kind']) =>
    spans.some((span) => span.kind === kind && span.from <= day && day <= span.to);
  const daysFrom = (first: string) => (Date.parse(day) - Date.parse(first)) / 86_400_000;
  if (terms.length === 0) return null;
  if (isIn('exams')) return 'exams';
  if (!isIn('term')) {
    return terms.some(({ from }) => daysFrom(from) < 0 && daysFrom(from) >= -56)
      ? 'pre_term'
      : 'between_terms';
  }
  if (isIn('break')) return 'between_terms';
  const isFresh = terms.some(({ from, to }) => from <= day && day <= to && daysFrom(from) < 14);
  return isFresh ? 'first_two_weeks' : 'term';
}

/** Whether an event is one of those that a filter leaves. */
export function isLeft(event: ExchangeEvent, filter: SliceFilter, calendars: Calendars): boolean {
  const { tenantId: tenant, connectionId: connection, ...rest } = filter;
  const wanted: Partial<Record<SliceName, string | null | undefined>> = { tenant, connection, ...rest };
  return Object.entries(wanted).every(
    ([slice, value]) => value === undefined || sliceOf(event, slice as SliceName, calendars) === value,
  );
}

/** The value of an event for a slice. */
export function sliceOf(event: ExchangeEvent, slice: SliceName, calendars: Calendars): string | null {
  switch (slice) {
    case 'period':
      return periodOf(calendars, event.tenantId, event.endedAt);
    case 'tenant':
      return event.tenantId;
    case 'connection':
      return event.connectionId;
    case 'partner':
      return event.partner;
    case 'kind':
      return event.kind;
    case 'tier':
      return event.tier;
    case 'connectorVersion':
      return event.connectorVersion;
  }
}
