import { grainMs, type NumberName, type SliceFilter, type TimeRange } from '../../../contracts/health.ts';
import { listPending } from '../rollups/mark-store.ts';
import { type HealthScope, readIn, widen } from './health-report.ts';
import { roundStretches } from './reading.ts';
import { type ExchangeRow, listExchanges, listStretches, type RowCursor } from './rows-store.ts';
import { planSegments, type Segment } from './segments.ts';
import { readPeriods, type TenantPeriods } from './tenant-periods.ts';

export type { ExchangeRow, RowCursor } from './rows-store.ts';

export interface RowsQuery {
  readonly number: NumberName;
  readonly filter: SliceFilter;
  /** Made as wide as whole five minutes, as the number itself. */
  readonly range: TimeRange;
  readonly limit: number;
  /** The last row of the page before. */
  readonly before?: RowCursor;
}

/**
 * The exchanges behind a number, the newest first: roll-ups lead to the five minutes in which there are any, so that those of
 * a month are not searched for a handful.
 */
export async function listRowsBehind(scope: HealthScope, query: RowsQuery): Promise<ExchangeRow[]> {
  const { number, filter, limit, before } = query;
  const { from, to } = widen(query.range);
  const end = before === undefined ? to : new Date(Math.min(to.getTime(), endOf(before)));
  const pending = await scope.db.withRollup((tx) => listPending(tx, { from, to: end }));
  const rowFilter = { filter, periods: await readRounded(scope, { from, to }, filter) };
  const rows: ExchangeRow[] = [];
  /** Reads a segment from its end on, until there are enough. */
  const read = async ({ grain, ...range }: Segment): Promise<void> => {
    const most = limit - rows.length;
    if (most <= 0) return;
    const stretches = await readIn(scope, (tx) =>
      listStretches(tx, number, rowFilter, { grain, ...range, most }),
    );
    const [newest, oldest] = [stretches[0], stretches.at(-1)];
    if (grain !== '5m') {
      for (const at of stretches) await read({ grain: '5m', from: at, to: at + grainMs[grain] });
    } else if (newest !== undefined && oldest !== undefined) {
      const page = { from: new Date(oldest), to: new Date(newest + grainMs['5m']), before, most };
      rows.push(...(await readIn(scope, (tx) => listExchanges(tx, number, rowFilter, page))));
    }
    // The page before may have ended within them, and a period may leave out some.
    if (oldest !== undefined && stretches.length === most)
      await read({ grain, from: range.from, to: oldest });
  };
  for (const segment of planSegments(from.getTime(), end.getTime(), pending).reverse()) await read(segment);
  return rows;
}

/** The periods of tenants as the number itself tells them apart: over the whole of its range, whatever page of it is read. */
async function readRounded(
  scope: HealthScope,
  range: TimeRange,
  filter: SliceFilter,
): Promise<TenantPeriods> {
  if (filter.period === undefined) return { tenants: [], stretches: [] };
  const { tenants, stretches } = await readIn(scope, (tx) => readPeriods(tx, range, filter));
  return { tenants, stretches: roundStretches(stretches, range, '5m') };
}

function endOf({ endedAt }: RowCursor): number {
  return widen({ from: endedAt, to: new Date(endedAt.getTime() + 1) }).to.getTime();
}
