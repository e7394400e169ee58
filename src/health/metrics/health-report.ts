import {
  type Grain,
  type HealthNumbers,
  type TimeRange,
  type WindowName,
  windowMs,
} from '../../../contracts/health.ts';
import type { TenantId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { listPending } from '../rollups/mark-store.ts';
import { ceilTo, floorTo } from '../rollups/roll-up.ts';
import { percentileOf, type SketchBucket } from '../rollups/sketch.ts';
import { type HealthTx, readBuckets, readCounts, type Slicing } from './count-read-store.ts';
import { keyOf, type SliceCounts, type SliceValues } from './count-rows.ts';
import { numbersOf } from './numbers.ts';
import { planReading, type Reading, tellsPeriods } from './reading.ts';
import { readPeriods } from './tenant-periods.ts';

/** Whose numbers are read: a tenant's through its own role, or those of the whole hub. */
export interface HealthScope {
  readonly db: Pick<Database, 'withRollup' | 'withTenant'>;
  readonly tenantId?: TenantId;
}

/** Reads in one transaction, with no more rights than the scope has. */
export function readIn<T>({ db, tenantId }: HealthScope, work: (tx: HealthTx) => Promise<T>): Promise<T> {
  return tenantId === undefined ? db.withRollup(work) : db.withTenant(tenantId, work);
}

/** How long successes took, in milliseconds, to one in a hundred; null where nothing is known. */
export interface Durations {
  /** Whole hours that are counted. */
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The numbers of one group. */
export interface SliceNumbers {
  readonly slice: SliceValues;
  readonly numbers: HealthNumbers;
}

/**
 * The stretch of a window that ends now: the five minutes that run are part of it.
 *
 * @param now unix milliseconds
 */
export function rangeOf(window: WindowName, now: number): TimeRange {
  const to = ceilTo(new Date(now), '5m');
  return { from: new Date(to.getTime() - windowMs[window]), to };
}

/** A range made as wide as what is counted: whole five minutes. */
export function widen({ from, to }: TimeRange): TimeRange {
  return { from: floorTo(from, '5m'), to: ceilTo(to, '5m') };
}

/**
 * What was counted over a range, group by group, from roll-ups only.
 *
 * @param range made as wide as whole five minutes
 */
export async function readSliceCounts(
  scope: HealthScope,
  range: TimeRange,
  slicing: Slicing,
): Promise<SliceCounts[]> {
  const { from, to } = widen(range);
  return readCounted(scope, { from, to }, { slicing, finest: '5m' }, readCounts);
}

/** Reads, in one transaction, the counts of a range as far as they are made. */
async function readCounted<Row>(
  scope: HealthScope,
  range: TimeRange,
  { slicing, finest }: { slicing: Slicing; finest: Grain },
  read: (tx: HealthTx, reading: Reading, slicing: Slicing) => Promise<Row>,
): Promise<Row> {
  const pending = await scope.db.withRollup((tx) => listPending(tx, range));
  return readIn(scope, async (tx) => {
    const periods = tellsPeriods(slicing) ? await readPeriods(tx, range, slicing.filter) : undefined;
    const { period } = slicing.filter;
    return read(tx, planReading(range, pending, { finest, periods, period }), slicing);
  });
}

/** Every number over a range, group by group, as `readSliceCounts`. */
export async function readNumbers(
  scope: HealthScope,
  range: TimeRange,
  slicing: Slicing,
): Promise<SliceNumbers[]> {
  const rows = await readSliceCounts(scope, range, slicing);
  return rows.map(({ slice, counts }) => ({ slice, numbers: numbersOf(counts) }));
}

/** How long successes took, group by group, over the whole hours of a range that are counted. */
export async function readDurations(
  scope: HealthScope,
  range: TimeRange,
  slicing: Slicing,
): Promise<{ slice: SliceValues; durations: Durations }[]> {
  const [from, to] = [floorTo(range.from, '1h'), ceilTo(range.to, '1h')];
  const { buckets, counted } = await readCounted(
    scope,
    { from, to },
    { slicing, finest: '1h' },
    async (tx, reading) => {
      const all = [...reading.segments, ...(reading.periods?.segments ?? [])];
      const end = all.reduce((last, segment) => Math.max(last, segment.to), from.getTime());
      return { buckets: await readBuckets(tx, reading, slicing), counted: { from, to: new Date(end) } };
    },
  );
  return [...Map.groupBy(buckets, ({ slice }) => keyOf(slice)).values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ slice: group[0].slice, durations: durationsOf(group, counted) }],
  );
}

function durationsOf(buckets: readonly SketchBucket[], { from, to }: TimeRange): Durations {
  const at = (share: number) => percentileOf(buckets, share) ?? null;
  const count = buckets.reduce((sum, each) => sum + each.count, 0);
  return { from, to, count, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}
