import { z } from 'zod';
import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { countsSince } from '../slo/budget-store.ts';
import { type Bucket, burnWindowMs, type Counts, type Windows } from '../slo/burn.ts';
import type { Blame } from './alert.ts';

/** Stands for "none" in the key of a series. */
const noConnection = '00000000-0000-0000-0000-000000000000';

/** What identifies what is watched: a connection's exchanges of a kind; without a tenant, a partner's over all schools. */
export interface WatchedKey {
  tenantId: string | undefined;
  connectionId: string | undefined;
  partner: string | undefined;
  kind: (typeof exchangeKinds)[number];
  tier: (typeof serviceTiers)[number];
}

export interface WatchedCounts {
  key: WatchedKey;
  windows: Omit<Windows, '3d'>;
  blame: Blame;
  schools: number;
}

const keyFields = {
  tenant_id: z.uuid().nullable(),
  connection_id: z.uuid().nullable(),
  partner: z.string(),
  kind: z.enum(exchangeKinds),
  tier: z.enum(serviceTiers).nullable(),
};
const count = z.coerce.number();

function toKey(row: z.output<z.ZodObject<typeof keyFields>>): WatchedKey {
  const { tenant_id, connection_id, partner, kind, tier } = row;
  return {
    tenantId: tenant_id ?? undefined,
    connectionId: connection_id === noConnection ? undefined : (connection_id ?? undefined),
    partner: partner === '' ? undefined : partner,
    kind,
    // A pool holds connections of all tiers; the usual one stands for them.
    tier: tier ?? 'standard',
  };
}

const watchedRow = z
  .object({
    ...keyFields,
    ...{ valid_5m: count, failed_5m: count, valid_30m: count, failed_30m: count },
    ...{ valid_1h: count, failed_1h: count, valid_6h: count, failed_6h: count },
    ...{
      failed_partner: count,
      failed_hub: count,
      failed_config: count,
      expired_unknown: count,
      schools: count,
    },
  })
  .transform(
    (row): WatchedCounts => ({
      key: toKey(row),
      windows: {
        '5m': { valid: row.valid_5m, failed: row.failed_5m },
        '30m': { valid: row.valid_30m, failed: row.failed_30m },
        '1h': { valid: row.valid_1h, failed: row.failed_1h },
        '6h': { valid: row.valid_6h, failed: row.failed_6h },
      },
      blame: {
        ...{ failedPartner: row.failed_partner, failedHub: row.failed_hub },
        ...{ failedConfig: row.failed_config, expiredUnknown: row.expired_unknown },
      },
      schools: row.schools,
    }),
  );

const failed = sql`failed_partner + failed_hub + failed_config + expired_unknown`;
const valid = sql`success + ${failed}`;
/** Each connection by itself, and each partner over all schools. */
const groups = sql`grouping sets ((s.tenant_id, s.connection_id, s.partner, s.kind, s.tier), (s.partner, s.kind))`;

/** What has to be looked at besides what fails: the series of incidents that are not over. */
export interface Watched {
  partners: readonly string[];
  connectionIds: readonly string[];
}

/**
 * Counts over the windows up to six hours, of every series that has a failure in them or is watched.
 *
 * @param now rounded down to five minutes: the stretch that has only begun counts too
 */
export function readWatchedCounts(tx: RollupTx, now: number, watched: Watched): Promise<WatchedCounts[]> {
  const from = (name: keyof typeof burnWindowMs) => new Date(now - burnWindowMs[name]);
  // Summed by series first: what is then grouped in two ways is a row for each, and no more one for every five minutes.
  return tx.many(
    sql`select s.tenant_id, s.connection_id, s.partner, s.kind, s.tier,
        sum(valid_5m) as valid_5m, sum(failed_5m) as failed_5m, sum(valid_30m) as valid_30m,
        sum(failed_30m) as failed_30m, sum(valid_1h) as valid_1h, sum(failed_1h) as failed_1h,
        sum(valid_6h) as valid_6h, sum(failed_6h) as failed_6h, sum(failed_partner) as failed_partner,
        sum(failed_hub) as failed_hub, sum(failed_config) as failed_config, sum(expired_unknown) as expired_unknown,
        count(distinct s.tenant_id) filter (where failed_1h > 0) as schools
      from (
        select tenant_id, series_id,
          coalesce(sum(${valid}) filter (where at >= ${from('5m')}), 0) as valid_5m,
          coalesce(sum(${failed}) filter (where at >= ${from('5m')}), 0) as failed_5m,
          coalesce(sum(${valid}) filter (where at >= ${from('30m')}), 0) as valid_30m,
          coalesce(sum(${failed}) filter (where at >= ${from('30m')}), 0) as failed_30m,
          coalesce(sum(${valid}) filter (where at >= ${from('1h')}), 0) as valid_1h,
          coalesce(sum(${failed}) filter (where at >= ${from('1h')}), 0) as failed_1h,
          sum(${valid}) as valid_6h, sum(${failed}) as failed_6h, sum(failed_partner) as failed_partner,
          sum(failed_hub) as failed_hub, sum(failed_config) as failed_config, sum(expired_unknown) as expired_unknown
        from exchange_5m where at >= ${from('6h')} group by tenant_id, series_id
      ) c join exchange_series s using (tenant_id, series_id)
      group by ${groups}
      having sum(failed_6h) > 0 or s.partner = any (${watched.partners}::text[])
        or s.connection_id = any (${watched.connectionIds}::uuid[])`,
    watchedRow,
  );
}

const longRow = z.object({ ...keyFields, valid: count, failed: count }).transform((row) => ({
  key: toKey(row),
  counts: { valid: row.valid, failed: row.failed } satisfies Counts,
}));

/** The same over three days. */
export function readLongCounts(tx: RollupTx, now: number): Promise<{ key: WatchedKey; counts: Counts }[]> {
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const since = new Date(hour - burnWindowMs['3d'] + 3_600_000);
  return tx.many(
    sql`select s.tenant_id, s.connection_id, s.partner, s.kind, s.tier, sum(valid) as valid, sum(failed) as failed
      from (
        select tenant_id, series_id, sum(${valid}) as valid, sum(${failed}) as failed
        from ${countsSince(since, now)} h group by tenant_id, series_id
      ) c join exchange_series s using (tenant_id, series_id)
      group by ${groups} having sum(failed) > 0`,
    longRow,
  );
}

const bucketRow = z
  .object({ at: z.date(), valid: count, failed: count })
  .transform((row): Bucket => ({ ...row, at: row.at.getTime() }));

/** Stretches of five minutes of one series, the oldest first. */
export function readStretches(tx: RollupTx, key: WatchedKey, from: number): Promise<Bucket[]> {
  const own =
    key.tenantId === undefined
      ? sql`true`
      : sql`s.tenant_id = ${key.tenantId} and s.connection_id = ${key.connectionId ?? noConnection} and s.tier = ${key.tier}`;
  return tx.many(
    sql`select at, sum(${valid}) as valid, sum(${failed}) as failed
      from exchange_5m c join exchange_series s using (tenant_id, series_id)
      where at >= ${new Date(from)} and s.partner = ${key.partner ?? ''} and s.kind = ${key.kind} and ${own}
      group by at order by at`,
    bucketRow,
  );
}

const pendingRow = z
  .object({
    tenant_id: z.uuid(),
    connection_id: z.uuid(),
    partner: z.string(),
    oldest: z.date(),
    waiting: count,
  })
  .transform((row) => ({
    tenantId: row.tenant_id,
    connectionId: row.connection_id,
    partner: row.partner,
    oldest: row.oldest.getTime(),
    waiting: row.waiting,
  }));

/** Connections for which a grade has waited since before a moment, with the oldest one. */
export function listPending(tx: RollupTx, before: Date) {
  return tx.many(
    sql`select tenant_id, connection_id, c.partner, min(accepted_at) as oldest, count(*) as waiting
      from grade_delivery d join connection c using (tenant_id, connection_id)
      where d.ended_at is null and d.accepted_at < ${before}
      group by tenant_id, connection_id, c.partner`,
    pendingRow,
  );
}
