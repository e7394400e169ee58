import {
  type ExchangeCounts,
  type HealthNumbers,
  type SliceFilter,
  type SliceName,
  type WindowName,
  windowMs,
} from '../../../contracts/health.ts';
import { keyOf, type SliceCounts, type SliceValues } from './count-rows.ts';
import { type GradeDelivery, gradeDeliveryOf, readWaiting } from './grade-delivery.ts';
import {
  type Durations,
  type HealthScope,
  rangeOf,
  readDurations,
  readSliceCounts,
} from './health-report.ts';
import { addCounts, noCounts, numbersOf } from './numbers.ts';

const windows = Object.keys(windowMs) as WindowName[];
/** What the page shows side by side. */
const shownApart: readonly SliceName[] = ['partner', 'kind'];

/** Numbers of the usual windows, and how long successes of the last day took. */
export interface OverviewLine {
  readonly slice: SliceValues;
  readonly windows: Readonly<Record<WindowName, HealthNumbers>>;
  readonly durations: Durations | null;
}

/** The first page of whoever answers for integrations. */
export interface Overview {
  readonly total: OverviewLine['windows'];
  /** By partner and kind, the most exchanges first. */
  readonly lines: readonly OverviewLine[];
  readonly delivery: GradeDelivery;
}

/** Reads everything for the first page: from roll-ups, and what waits now. @param now unix milliseconds */
export async function readOverview(scope: HealthScope, filter: SliceFilter, now: number): Promise<Overview> {
  const slicing = { filter, groupBy: shownApart };
  const read = (window: WindowName) => readSliceCounts(scope, rangeOf(window, now), slicing);
  const [month, day, hour, durations, waiting] = await Promise.all([
    read('28d'),
    read('24h'),
    read('1h'),
    readDurations(scope, rangeOf('24h', now), slicing),
    readWaiting(scope, filter, now),
  ]);
  const deliveries = sumOf(day.filter(({ slice }) => slice.kind === 'grade_delivery'));
  return {
    ...composeOverview({ '28d': month, '24h': day, '1h': hour }, durations),
    delivery: gradeDeliveryOf(deliveries, waiting, { now, countsWaiting: true }),
  };
}

function sumOf(counted: readonly SliceCounts[]): ExchangeCounts {
  return counted.reduce((sum, { counts }) => addCounts(sum, counts), noCounts);
}

/** Lines from what was counted window by window; a slice may be in some of them only. */
export function composeOverview(
  counted: Readonly<Record<WindowName, readonly SliceCounts[]>>,
  durations: readonly { slice: SliceValues; durations: Durations }[],
): Omit<Overview, 'delivery'> {
  const slices = new Map<string, SliceValues>();
  const countsOf = new Map<string, ExchangeCounts>();
  for (const window of windows) {
    for (const { slice, counts } of counted[window]) {
      slices.set(keyOf(slice), slice);
      countsOf.set(`${window} ${keyOf(slice)}`, counts);
    }
  }
  const durationsOf = new Map(durations.map((each) => [keyOf(each.slice), each.durations]));
  const lines = [...slices].map(([key, slice]) => ({
    slice,
    windows: ofWindows((window) => numbersOf(countsOf.get(`${window} ${key}`) ?? noCounts)),
    durations: durationsOf.get(key) ?? null,
  }));
  const total = ofWindows((window) => numbersOf(sumOf(counted[window])));
  return { total, lines: lines.toSorted((a, b) => b.windows['28d'].ended - a.windows['28d'].ended) };
}

function ofWindows<Value>(of: (window: WindowName) => Value): Record<WindowName, Value> {
  return { '1h': of('1h'), '24h': of('24h'), '28d': of('28d') };
}
