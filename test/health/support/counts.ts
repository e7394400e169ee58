import type pg from 'pg';

export interface SeriesOf {
  tenantId: string;
  connectionId: string;
  partner: string;
  kind: string;
  tier?: string;
}

export type Counted = Partial<
  Record<
    'success' | 'failed_partner' | 'failed_hub' | 'failed_config' | 'user_error' | 'expired_unknown',
    number
  >
>;

async function seriesId(superuser: pg.Client, series: SeriesOf): Promise<number> {
  const { tenantId, connectionId, partner, kind, tier = 'standard' } = series;
  const { rows } = await superuser.query(
    `insert into exchange_series (tenant_id, series_id, connection_id, partner, kind, tier, connector_version)
     select $1, coalesce(max(series_id), 0) + 1, $2, $3, $4, $5, '' from exchange_series where tenant_id = $1
     on conflict (tenant_id, connection_id, partner, kind, tier, connector_version)
       do update set partner = excluded.partner returning series_id`,
    [tenantId, connectionId, partner, kind, tier],
  );
  return rows[0].series_id;
}

async function insert(superuser: pg.Client, table: string, series: SeriesOf, at: number, counted: Counted) {
  const names = [
    'success',
    'failed_partner',
    'failed_hub',
    'failed_config',
    'user_error',
    'expired_unknown',
  ] as const;
  const values = names.map((name) => counted[name] ?? 0);
  const updates = names.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ');
  await superuser.query(
    `insert into ${table} (tenant_id, series_id, at, ${names.join(', ')}, suppressed, attempts, failed_attempts,
       first_try, on_time, offered, rejected)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, 0, 0, 0)
     on conflict (tenant_id, series_id, at) do update set ${updates}`,
    [series.tenantId, await seriesId(superuser, series), new Date(at), ...values],
  );
}

/** Writes counts of an hour, as rolling up leaves them. */
export function countHour(
  superuser: pg.Client,
  series: SeriesOf,
  at: number,
  counted: Counted,
): Promise<void> {
  return insert(superuser, 'exchange_1h', series, Math.floor(at / 3_600_000) * 3_600_000, counted);
}

/** Writes counts of five minutes, and of the hour they are in. */
export async function countFive(
  superuser: pg.Client,
  series: SeriesOf,
  at: number,
  counted: Counted,
): Promise<void> {
  await insert(superuser, 'exchange_5m', series, Math.floor(at / 300_000) * 300_000, counted);
  await countHour(superuser, series, at, counted);
}
