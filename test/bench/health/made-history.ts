import type pg from 'pg';
import { makeWorld } from '../../../src/health/history/world.ts';

/** Institutions with four connections each: 500, or a part of them. */
export function institutionsOf(scale: number): number {
  return Math.max(4, Math.round(500 * scale));
}
const historyDays = 547;

/** The id that a number stands for, in the form of UUIDv7 (RFC 9562 §5.7). @param number an expression of SQL */
function idOf(number: string): string {
  return `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/**
 * Series, and what was counted of so many exchanges over 18 months: days of all of it; hours, five
 * minutes and sketches as far back as pages read them.
 */
export async function fillRollUps(client: pg.Client, institutions: number, exchanges: number): Promise<void> {
  await fillSeries(client, institutions);
  await fillCalendars(client, institutions);
  // As the months were made ahead of their time.
  await client.query(
    `select ensure_partitions((date_trunc('month', now()) - n * interval '1 month')::date) from generate_series(0, $1::int) n`,
    [Math.ceil(historyDays / 28)],
  );
  const perDay = exchanges / historyDays / (4 * institutions);
  await fillCounts(client, 'exchange_1d', '1 day', historyDays, perDay);
  await fillCounts(client, 'exchange_1h', '1 hour', 24 * 62, perDay / 24);
  await fillCounts(client, 'exchange_5m', '5 minutes', 12 * 24 * 3, perDay / 288);
  // A month that ends at no whole hour begins at none.
  await fillCounts(client, 'exchange_5m', '5 minutes', 12 * 24, perDay / 288, 12 * 24 * 28);
  await fillSketches(client, 'exchange_sketch_1d', '1 day', 62, perDay);
  await fillSketches(client, 'exchange_sketch_1h', '1 hour', 24 * 14, perDay / 24);
  await client.query('vacuum analyze');
}

async function fillSeries(client: pg.Client, institutions: number): Promise<void> {
  await client.query(
    `insert into exchange_series (tenant_id, series_id, connection_id, partner, kind, tier, connector_version)
     select ${idOf('n % $2')}, n / $2 + 1, ${idOf('n')}, 'partner-' || n % 12,
       (array['launch', 'sign_in', 'grade_delivery', 'sync_run'])[1 + n / $2], 'standard', ''
     from generate_series(0, $1 - 1) n`,
    [4 * institutions, institutions],
  );
}

/** A calendar for each institution: terms that begin on different days, by different clocks. */
async function fillCalendars(client: pg.Client, institutions: number): Promise<void> {
  const { schools } = makeWorld({
    seed: 'bench',
    end: new Date().toISOString().slice(0, 10),
    schools: institutions,
  });
  const rows = JSON.stringify(schools.map(({ zone, spans }, n) => ({ n, zone, spans })));
  await client.query(
    `insert into tenant (tenant_id, slug, name, created_at)
     select ${idOf('n')}, 'made-' || n, 'Made ' || n, now() from generate_series(0, $1 - 1) n`,
    [institutions],
  );
  await client.query(
    `insert into school_calendar (tenant_id, zone, changed_at)
     select ${idOf('n')}, zone, now() from jsonb_to_recordset($1::jsonb) r(n int, zone text)`,
    [rows],
  );
  await client.query(
    `insert into calendar_span (tenant_id, span_id, kind, name, first_day, last_day, source, created_at)
     select ${idOf('n')}, gen_random_uuid(), kind, name, "from", "to", 'manual', now()
     from jsonb_to_recordset($1::jsonb) r(n int, spans jsonb),
       jsonb_to_recordset(spans) s(kind text, name text, "from" date, "to" date)`,
    [rows],
  );
}

/**
 * Counts that differ a little from series to series; what is less than one exchange is one in some stretches only.
 *
 * @param ago how many stretches ago the last of them is
 */
async function fillCounts(
  client: pg.Client,
  table: string,
  step: string,
  stretches: number,
  mean: number,
  ago = 0,
): Promise<void> {
  await client.query(
    `insert into ${table} (tenant_id, series_id, at, success, failed_partner, failed_hub, failed_config, user_error, suppressed,
       expired_unknown, attempts, failed_attempts, first_try, on_time, offered, rejected, last_success)
     select tenant_id, series_id, at, n, n / 50, 0, n / 80, n / 20, 0, 0, n + n / 10, n / 10, n - n / 10, n, 0, 0, at
     from generate_series($4::int, $4::int + $1::int - 1) k,
       lateral (select date_bin($2::interval, now(), '2000-01-01') - k * $2::interval as at) stretch,
       lateral (select *, floor($3::float8 * (0.5 + (hashtext(series_id::text || tenant_id::text) & 1023) / 1023.0)
         + (hashtext(series_id::text || k || tenant_id::text) & 1023) / 1024.0)::int as n from exchange_series) s
     where n > 0 order by at`,
    [stretches, step, mean, ago],
  );
}

/** About as many buckets as so many durations between 20 ms and 5 s fall into. */
async function fillSketches(
  client: pg.Client,
  table: string,
  step: string,
  stretches: number,
  mean: number,
): Promise<void> {
  await client.query(
    `insert into ${table} (tenant_id, series_id, at, bucket, count)
     select tenant_id, series_id, date_bin($2::interval, now(), '2000-01-01') - k * $2::interval,
       150 + b * 276 / $4::int, greatest(1, round($3::float8 / $4::int))::int
     from generate_series(0, $1::int - 1) k, exchange_series, generate_series(0, $4::int - 1) b
     where kind <> 'sign_in' and ($3::float8 >= 1 or (hashtext(series_id::text || k || tenant_id::text) & 1023) / 1024.0 < $3::float8)
     order by 3`,
    [stretches, step, mean, Math.max(1, Math.min(60, Math.round(mean * 0.8)))],
  );
}

/** So many exchanges that ended evenly over a stretch, a twentieth of them not as they should. */
export async function fillStretch(
  client: pg.Client,
  { from, to }: { from: Date; to: Date },
  { exchanges, institutions }: { exchanges: number; institutions: number },
): Promise<void> {
  await client.query(
    `insert into exchange (tenant_id, exchange_id, kind, connection_id, partner, tier, outcome, attempts, failed_attempts,
       started_at, ended_at)
     select tenant_id, gen_random_uuid(), kind, connection_id, partner, tier,
       case when h % 20 > 0 then 'success' when h % 60 = 0 then 'user_error' else 'failed_partner' end, 1 + (h % 40 = 0)::int,
       (h % 20 = 0 and h % 60 <> 0)::int, ended - interval '20 ms' - (h % 5000) * interval '1 ms', ended
     from generate_series(0, $3::int - 1) n,
       lateral (select hashint4(n) & 2147483647 as h,
         $1::timestamptz + n * (($2::timestamptz - $1::timestamptz) / $3::int) as ended) e
       join exchange_series s on s.series_id = 1 + h % 4 and s.tenant_id = ${idOf('h / 4 % $4::int')}
     order by ended`,
    [from, to, exchanges, institutions],
  );
  await client.query('vacuum analyze exchange');
}
