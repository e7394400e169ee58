import type pg from 'pg';
import { readChart } from '../../../src/health/chart/chart.ts';
import { rangeOf, readNumbers } from '../../../src/health/metrics/health-report.ts';
import { type Overview, readOverview } from '../../../src/health/metrics/overview.ts';
import type { Database } from '../../../src/platform/db.ts';

const pages = 200;
const warmUp = 20;
const yearPages = 20;
const [fiveMs, hourMs, dayMs] = [300_000, 3_600_000, 86_400_000];

/** Milliseconds of each page, of each chart of 28 days, and of the page's month alone as one bare statement over days. */
export interface PageTimes {
  page: number[];
  chart: number[];
  bare: number[];
  /** A year by part of the school year, over all institutions. */
  periods: number[];
}

/**
 * The first page and the chart below it, again and again in turns with a bare statement. Of each quarter of an hour's page
 * every line is compared with what other statements say.
 */
export async function measurePages(
  database: Database,
  client: pg.Client,
  { now, signal }: { now: number; signal: AbortSignal },
): Promise<PageTimes> {
  const times: PageTimes = { page: [], chart: [], bare: [], periods: [] };
  for (let n = 0; n < pages + warmUp; n++) {
    signal.throwIfAborted();
    // As time goes on windows begin and end elsewhere.
    const at = now - (n % 12) * fiveMs;
    const page = await timed(() => readOverview({ db: database }, {}, at));
    if (n < 12) await checkPage(client, page.value, at);
    const range = rangeOf('28d', at);
    const asked = { range, step: '1d', filter: {}, now: at } as const;
    const chart = await timed(() => readChart({ db: database }, asked));
    const drawn = chart.value.points.reduce((sum, { numbers }) => sum + numbers.ended, 0);
    // The first day of a chart is a whole one.
    if (drawn < page.value.total['28d'].ended) throw new Error('The chart shows less than the page.');
    const bare = await timed(() => client.query(monthByDays, [range.from, range.to]));
    if (n < warmUp) continue;
    times.page.push(page.ms);
    times.chart.push(chart.ms);
    times.bare.push(bare.ms);
  }
  const slicing = { filter: {}, groupBy: ['period'] } as const;
  for (let n = 0; n < yearPages; n++) {
    signal.throwIfAborted();
    const range = { from: new Date(now - 365 * dayMs), to: new Date(now) };
    times.periods.push((await timed(() => readNumbers({ db: database }, range, slicing))).ms);
  }
  return times;
}

const ended =
  'success + failed_partner + failed_hub + failed_config + user_error + suppressed + expired_unknown';
const monthByDays = `select partner, kind, sum(${ended}), sum(attempts), sum(failed_attempts), sum(first_try), max(last_success)
  from exchange_1d join exchange_series using (tenant_id, series_id) where at >= $1 and at < $2 group by partner, kind`;

async function checkPage(client: pg.Client, page: Overview, at: number): Promise<void> {
  for (const window of ['28d', '24h'] as const) {
    const { from, to } = rangeOf(window, at);
    const expected = await countApart(client, from.getTime(), to.getTime());
    const shown = new Map<string, number>(
      page.lines
        .map(({ slice, windows }) => [`${slice.partner} ${slice.kind}`, windows[window].ended] as const)
        .filter(([, count]) => count > 0),
    );
    const differs = [...new Set([...expected.keys(), ...shown.keys()])].filter(
      (line) => expected.get(line) !== shown.get(line),
    );
    if (expected.size === 0 || differs.length > 0) {
      throw new Error(`The page of ${window} is wrong in ${differs.length} of ${expected.size} lines.`);
    }
  }
  const sketched = page.lines.reduce((sum, { durations }) => sum + (durations?.count ?? 0), 0);
  if (sketched === 0) throw new Error('The page has no durations.');
}

/** What ended by partner and kind: days that lie in the time as a whole, hours at their ends, five minutes at those of hours. */
async function countApart(client: pg.Client, from: number, to: number): Promise<Map<string, number>> {
  const [firstHour, lastHour] = [Math.ceil(from / hourMs) * hourMs, Math.floor(to / hourMs) * hourMs];
  const [firstDay, lastDay] = [Math.ceil(from / dayMs) * dayMs, Math.floor(to / dayMs) * dayMs];
  const { rows } = await client.query<{ line: string; count: string }>(
    `select partner || ' ' || kind as line, sum(${ended}) as count from (
       select * from exchange_1d where at >= $3 and at < $4
       union all select * from exchange_1h where at >= $2 and at < $5 and (at < $3 or at >= $4)
       union all select * from exchange_5m where at >= $1 and at < $6 and (at < $2 or at >= $5)) c
     join exchange_series using (tenant_id, series_id) group by 1 having sum(${ended}) > 0`,
    [from, firstHour, firstDay, lastDay, lastHour, to].map((time) => new Date(time)),
  );
  return new Map(rows.map(({ line, count }) => [line, Number(count)]));
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}
