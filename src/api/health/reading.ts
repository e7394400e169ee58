import type { SliceFilter, SliceName, TimeRange } from '../../../contracts/health.ts';
import { keyOf } from '../../health/metrics/count-rows.ts';
import { type HealthScope, readDurations, readNumbers } from '../../health/metrics/health-report.ts';
import type { ExchangeRow } from '../../health/metrics/rows.ts';
import { listRowsBehind, type RowsQuery } from '../../health/metrics/rows.ts';
import type { Group } from './shown.ts';

/**
 * Every number and the durations of each group of a range, the most exchanges first.
 *
 * @param hasDurations false: they are null
 */
export async function readGroups(
  scope: HealthScope,
  range: TimeRange,
  slicing: { filter: SliceFilter; groupBy: readonly SliceName[] },
  hasDurations = true,
): Promise<Group[]> {
  const [numbers, durations] = await Promise.all([
    readNumbers(scope, range, slicing),
    hasDurations ? readDurations(scope, range, slicing) : [],
  ]);
  const durationsOf = new Map(durations.map((each) => [keyOf(each.slice), each.durations]));
  return numbers
    .map((each) => ({ ...each, durations: durationsOf.get(keyOf(each.slice)) ?? null }))
    .toSorted((a, b) => b.numbers.ended - a.numbers.ended || (keyOf(a.slice) < keyOf(b.slice) ? -1 : 1));
}

/** Every page of the exchanges behind a number, the newest first. */
export async function* pagesBehind(scope: HealthScope, query: RowsQuery): AsyncIterable<ExchangeRow[]> {
  let page = await listRowsBehind(scope, query);
  while (page.length > 0) {
    yield page;
    const before = page.at(-1);
    if (before === undefined || page.length < query.limit) return;
    page = await listRowsBehind(scope, { ...query, before });
  }
}
