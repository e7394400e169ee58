import type { ExchangeEvent, SliceName, TimeRange } from '../../../contracts/health.ts';

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

/** The value of an event for a slice. */
export function sliceOf(event: ExchangeEvent, slice: SliceName): string | null {
  switch (slice) {
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
