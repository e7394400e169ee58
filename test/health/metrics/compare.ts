import { expect } from 'vitest';
import {
  type ExchangeEvent,
  grainMs,
  type NumberName,
  type Rate,
  type SliceFilter,
  type SliceName,
  type TimeRange,
} from '../../../contracts/health.ts';
import { readGradeDelivery } from '../../../src/health/metrics/grade-delivery.ts';
import { type HealthScope, readDurations, readNumbers } from '../../../src/health/metrics/health-report.ts';
import { listRowsBehind } from '../../../src/health/metrics/rows.ts';
import {
  bruteForce,
  bruteForceDeliveries,
  bruteForcePercentile,
  type Calendars,
  isLeft,
  sliceOf,
  within,
} from './brute-force.ts';

/** What is asked, and everything that is known, by brute force. */
export interface Compared {
  scope: HealthScope;
  events: readonly ExchangeEvent[];
  calendars: Calendars;
  range: TimeRange;
  filter: SliceFilter;
}

const counted = ({ part, whole }: Rate) => [part, whole];

/** As wide as what is counted. */
function wide({ from, to }: TimeRange, size: number): TimeRange {
  return {
    from: new Date(Math.floor(+from / size) * size),
    to: new Date(Math.ceil(+to / size) * size),
  };
}

function leftOf({ scope, events, calendars, range, filter }: Compared): ExchangeEvent[] {
  return within(events, wide(range, grainMs['5m'])).filter(
    (event) =>
      isLeft(placed(event, range), filter, calendars) &&
      (scope.tenantId === undefined || event.tenantId === scope.tenantId),
  );
}

/** Every number of every group is that of the events. */
export async function compareNumbers(compared: Compared, groupBy: readonly SliceName[]): Promise<void> {
  const { scope, calendars, range, filter } = compared;
  const valuesOf = (event: ExchangeEvent) =>
    Object.fromEntries(
      groupBy.map((slice) => [fieldOf(slice), sliceOf(placed(event, range), slice, calendars)]),
    );
  const found = await readNumbers(scope, range, { filter, groupBy });
  const expected = [...Map.groupBy(leftOf(compared), (event) => keyOf(valuesOf(event)))];
  const shown = found.map(({ slice, numbers }) => [
    keyOf(slice),
    {
      ended: numbers.ended,
      failureRate: counted(numbers.failureRate),
      attemptErrorRate: counted(numbers.attemptErrorRate),
      amplification: numbers.amplification,
      firstTrySuccess: counted(numbers.firstTrySuccess),
      userErrorRate: counted(numbers.userErrorRate),
      recordRejection: counted(numbers.recordRejection),
      lastSuccess: numbers.lastSuccess,
    },
  ]);
  expect(new Map(shown as [string, unknown][])).toEqual(
    new Map(expected.map(([key, those]) => [key, bruteForce(those)])),
  );
  expect(shown).toHaveLength(expected.length);
}

/** Over more than 92 days a day is of the period in which its noon lies, or what of the range is nearest to that. */
function placed(event: ExchangeEvent, range: TimeRange): ExchangeEvent {
  const { from, to } = wide(range, grainMs['5m']);
  if (+to - +from <= 92 * grainMs['1d']) return event;
  const noon = (Math.floor(+event.endedAt / grainMs['1d']) + 0.5) * grainMs['1d'];
  return { ...event, endedAt: new Date(Math.min(Math.max(noon, +from), +to - 1)) };
}

function fieldOf(slice: SliceName): string {
  return slice === 'tenant' || slice === 'connection' ? `${slice}Id` : slice;
}

function keyOf(values: object): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Scores that ended are those of the events, where none waits. */
export async function compareDeliveries(compared: Compared, now: number): Promise<void> {
  const { kind: _kind, ...filter } = compared.filter;
  const left = leftOf({ ...compared, filter });
  const found = await readGradeDelivery(compared.scope, compared.range, filter, now);
  expect(counted(found.onTime)).toEqual(bruteForceDeliveries(left));
}

/** Durations are those of whole hours that are over, an hour being of the period that it begins in, as long as days are not. */
export async function compareDurations(compared: Compared, now: number): Promise<void> {
  const { scope, events, calendars, range, filter } = compared;
  const hourOf = (at: Date) => wide({ from: at, to: at }, grainMs['1h']).from;
  const over = within(events, wide(range, grainMs['1h'])).filter(
    (event) =>
      +hourOf(event.endedAt) + grainMs['1h'] <= now &&
      isLeft(
        placed({ ...event, endedAt: hourOf(event.endedAt) }, wide(range, grainMs['1h'])),
        filter,
        calendars,
      ),
  );
  const found = await readDurations(scope, range, { filter, groupBy: ['kind'] });
  for (const [kind, those] of Map.groupBy(over, (event) => event.kind)) {
    const durations = found.find(({ slice }) => slice.kind === kind)?.durations;
    for (const [share, value = null] of [
      [0.5, durations?.p50],
      [0.9, durations?.p90],
      [0.95, durations?.p95],
      [0.99, durations?.p99],
    ] as const) {
      const exact = bruteForcePercentile(those, share);
      if (exact === null || value === null) expect(value).toBe(exact);
      else expect(Math.abs(value - exact) / exact, `${kind} ${exact} ${value}`).toBeLessThanOrEqual(0.0101);
    }
  }
}

const rules: Readonly<Record<NumberName, (event: ExchangeEvent) => boolean>> = {
  ended: () => true,
  valid: isValid,
  failed: ({ outcome }) => /^failed_|^expired_/.test(outcome),
  failedAttempts: ({ failedAttempts }) => failedAttempts > 0,
  firstTry: ({ outcome, attempts }) => outcome === 'success' && attempts < 2,
  retried: (event) => isValid(event) && (event.outcome !== 'success' || event.attempts > 1),
  userErrors: ({ outcome }) => outcome === 'user_error',
  rejected: ({ rejected }) => rejected > 0,
  late: (event) =>
    event.kind === 'grade_delivery' &&
    isValid(event) &&
    (event.outcome !== 'success' || +event.endedAt - +event.startedAt > 900_000),
};

function isValid({ outcome }: ExchangeEvent): boolean {
  return outcome !== 'user_error' && outcome !== 'suppressed';
}

/** A number opens exactly its rows, page by page, the newest first. */
export async function compareRows(compared: Compared, number: NumberName, limit = 7): Promise<void> {
  const read: string[] = [];
  const write = ({ endedAt, exchangeId }: { endedAt: Date; exchangeId: string }) =>
    `${endedAt.toISOString()} ${exchangeId}`;
  let before: { endedAt: Date; exchangeId: string } | undefined;
  for (;;) {
    const { scope, range, filter } = compared;
    const page = await listRowsBehind(scope, { number, filter, range, limit, ...(before && { before }) });
    read.push(...page.map(write));
    before = page.at(-1);
    if (before === undefined) break;
  }
  expect(read, number).toEqual(leftOf(compared).filter(rules[number]).map(write).sort().reverse());
}
