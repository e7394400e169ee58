import { z } from 'zod';
import {
  exchangeKinds,
  type Grain,
  grainMs,
  type NumberName,
  outcomeMeanings,
  outcomes,
  type SliceFilter,
  serviceTiers,
  type TimeRange,
} from '../../../contracts/health.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import { failures } from '../recording/copy-store.ts';
import { onTimeMs } from '../rollups/sketch.ts';
import { conditionOf, countTables, type HealthTx, inPeriod, ofTenant, tenantOf } from './count-read-store.ts';
import type { TenantPeriods } from './tenant-periods.ts';

const counted: readonly string[] = outcomes.filter((outcome) => outcomeMeanings[outcome].counted);
const valid = sql`outcome = any (${counted}::text[])`;
const validSum = sql`success + failed_partner + failed_hub + failed_config + expired_unknown`;

/** What a number counts: as a condition of exchanges, and as columns of the counts, which are above 0 where there are any. */
const conditions: Readonly<Record<NumberName, { ofRow: Sql; ofCounts: Sql }>> = {
  ended: { ofRow: sql`true`, ofCounts: sql`${validSum} + user_error + suppressed` },
  valid: { ofRow: valid, ofCounts: validSum },
  failed: {
    // What is said twice names the index.
    ofRow: sql`outcome <> 'success' and outcome = any (${failures}::text[])`,
    ofCounts: sql`${validSum} - success`,
  },
  failedAttempts: { ofRow: sql`failed_attempts > 0`, ofCounts: sql`failed_attempts` },
  firstTry: { ofRow: sql`outcome = 'success' and attempts <= 1`, ofCounts: sql`first_try` },
  retried: {
    ofRow: sql`${valid} and not (outcome = 'success' and attempts <= 1)`,
    ofCounts: sql`${validSum} - first_try`,
  },
  userErrors: { ofRow: sql`outcome <> 'success' and outcome = 'user_error'`, ofCounts: sql`user_error` },
  rejected: { ofRow: sql`rejected > 0`, ofCounts: sql`rejected` },
  late: {
    ofRow: sql`kind = 'grade_delivery' and ${valid}
      and not (outcome = 'success' and ended_at - started_at <= make_interval(secs => ${onTimeMs / 1000}))`,
    ofCounts: sql`case s.kind when 'grade_delivery' then ${validSum} - on_time else 0 end`,
  },
};

const stretch = z.object({ at: z.date() });

/** Whose exchanges, and when tenants are in which period, where that matters. */
export interface RowFilter {
  readonly filter: SliceFilter;
  readonly periods: TenantPeriods;
}

/**
 * Beginnings of the stretches of a range that have an exchange the number counts, the newest first; where a period is asked
 * for, stretches that lie in it in part may have none.
 */
export async function listStretches(
  tx: HealthTx,
  number: NumberName,
  { filter, periods }: RowFilter,
  { grain, from, to, most }: { grain: Grain; from: number; to: number; most: number },
): Promise<number[]> {
  const last = sql`at + make_interval(secs => ${grainMs[grain] / 1000 - 1})`;
  const inTime = inPeriod(filter, periods, { tenant: sql`c.tenant_id`, from: sql`at`, to: last });
  const rows = await tx.many(
    sql`select at from ${countTables[grain]} c join exchange_series s using (tenant_id, series_id)
      where at >= ${new Date(from)} and at < ${new Date(to)} and ${ofTenant(tx, filter)} and ${conditionOf(tx, filter)}
        and ${conditions[number].ofCounts} > 0 and ${inTime}
      group by at order by at desc limit ${most}`,
    stretch,
  );
  return rows.map(({ at }) => at.getTime());
}

const attempt = z.object({
  attempt: z.number(),
  outcome: z.enum(outcomes),
  reason: z.string().nullable(),
  httpStatusClass: z.number().nullable(),
  startedAt: z.coerce.date(),
  endedAt: z.coerce.date(),
});

const exchangeRow = z
  .object({
    tenant_id: z.string(),
    exchange_id: z.string(),
    kind: z.enum(exchangeKinds),
    connection_id: z.string().nullable(),
    tool_id: z.string().nullable(),
    partner: z.string().nullable(),
    tier: z.enum(serviceTiers),
    connector_version: z.string().nullable(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    attempts: z.number(),
    failed_attempts: z.number(),
    offered: z.coerce.number(),
    rejected: z.coerce.number(),
    started_at: z.date(),
    ended_at: z.date(),
    tries: z.array(attempt).nullable(),
  })
  .transform((row) => ({
    tenantId: row.tenant_id,
    exchangeId: row.exchange_id,
    kind: row.kind,
    connectionId: row.connection_id,
    toolId: row.tool_id,
    partner: row.partner,
    tier: row.tier,
    connectorVersion: row.connector_version,
    outcome: row.outcome,
    reason: row.reason,
    attempts: row.attempts,
    failedAttempts: row.failed_attempts,
    offered: row.offered,
    rejected: row.rejected,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    tries: row.tries ?? [],
  }));

/** An exchange with what is kept of its tries. */
export type ExchangeRow = z.output<typeof exchangeRow>;

/** Where a page ends: the next one begins after it, going back in time. */
export interface RowCursor {
  readonly endedAt: Date;
  readonly exchangeId: string;
}

/** Exchanges of a range that the number counts, the newest first. */
export async function listExchanges(
  tx: HealthTx,
  number: NumberName,
  { filter, periods }: RowFilter,
  page: TimeRange & { before: RowCursor | undefined; most: number },
): Promise<ExchangeRow[]> {
  const { from, to, before, most } = page;
  const cursor =
    before === undefined
      ? sql`true`
      : sql`(ended_at, exchange_id) < (${before.endedAt}, ${before.exchangeId}::uuid)`;
  const ended = { tenant: sql`exchange.tenant_id`, from: sql`ended_at`, to: sql`ended_at` };
  return tx.many(
    sql`select s.*, (
        select jsonb_agg(jsonb_build_object('attempt', attempt, 'outcome', outcome, 'reason', reason, 'httpStatusClass',
          http_status_class, 'startedAt', started_at, 'endedAt', ended_at) order by a.ended_at, attempt)
        from exchange_attempt a where a.tenant_id = s.tenant_id and a.exchange_id = s.exchange_id) as tries
      from (
        select tenant_id, exchange_id, kind, connection_id, tool_id, partner, tier, connector_version, outcome, reason,
          attempts, failed_attempts, offered, rejected, started_at, ended_at
        from exchange
        where ended_at >= ${from} and ended_at < ${to} and ${conditions[number].ofRow} and ${cursor}
          and ${rawCondition(tx, filter)} and ${inPeriod(filter, periods, ended)}
        order by ended_at desc, exchange_id desc limit ${most}) s
      order by ended_at desc, exchange_id desc`,
    exchangeRow,
  );
}

function rawCondition(tx: HealthTx, filter: SliceFilter): Sql {
  const { connectionId, partner, kind, tier, connectorVersion } = filter;
  const tenantId = tenantOf(tx, filter);
  const same = (column: Sql, value: Sql) => sql`${column} is not distinct from ${value}`;
  return [
    sql`kind = any (${exchangeKinds}::text[])`,
    ...(tenantId === undefined ? [] : [sql`tenant_id = ${tenantId}::uuid`]),
    ...(connectionId === undefined ? [] : [same(sql`connection_id`, sql`${connectionId}::uuid`)]),
    ...(partner === undefined ? [] : [same(sql`partner`, sql`${partner}::text`)]),
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(tier === undefined ? [] : [sql`tier = ${tier}`]),
    ...(connectorVersion === undefined ? [] : [same(sql`connector_version`, sql`${connectorVersion}::text`)]),
  ].reduce((all, one) => sql`${all} and ${one}`);
}
