import { z } from 'zod';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

/** What goes out next: everything written by transactions after one and up to another. */
export interface SinkPlan {
  readonly after: bigint;
  readonly upTo: bigint;
}

const planRow = z
  .object({ sent: z.coerce.bigint(), planned: z.coerce.bigint().nullable() })
  .transform(({ sent, planned }) => ({ after: sent, upTo: planned }));

/**
 * Plans what goes out next, about so many rows, and keeps the plan until it is done. Only of transactions that are over, so that
 * nothing comes later into what has gone out; all rows of one go together.
 *
 * @returns undefined where nothing waits
 */
export async function planNext(
  tx: RollupTx,
  sink: string,
  { most, now }: { most: number; now: Date },
): Promise<SinkPlan | undefined> {
  await tx.exec(
    sql`insert into sink_cursor (sink, sent, changed_at) values (${sink}, 0, ${now}) on conflict do nothing`,
  );
  await tx.exec(sql`select from sink_cursor where sink = ${sink} for update`);
  const { after, upTo } = await tx.one(
    sql`update sink_cursor set changed_at = ${now}, planned = coalesce(planned, (
        select max(recorded) from (
          select recorded from exchange where recorded > sink_cursor.sent
            and recorded < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          order by recorded limit ${most}) next))
      where sink = ${sink} returning sent, planned`,
    planRow,
  );
  return upTo === null ? undefined : { after, upTo };
}

const lineRow = z.object({ line: z.string() });

/** RFC 3339 to the microsecond, in UTC. */
function instantOf(time: Sql): Sql {
  return sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/**
 * The rows of a plan as lines of JSON, always in the same order, each with its tries: of a run of a roster the last one, of
 * all others every one. What was sent again after its end has a line for each end, with the tries since the end before. No
 * personal data: ids and codes.
 */
export async function readLines(tx: RollupTx, { after, upTo }: SinkPlan): Promise<string[]> {
  const rows = await tx.many(
    sql`select jsonb_build_object('tenantId', tenant_id, 'exchangeId', exchange_id, 'kind', kind, 'connectionId', connection_id,
        'toolId', tool_id, 'partner', partner, 'tier', tier, 'connectorVersion', connector_version, 'outcome', outcome,
        'reason', reason, 'attempts', attempts, 'failedAttempts', failed_attempts, 'offered', offered, 'rejected', rejected,
        'startedAt', ${instantOf(sql`started_at`)}, 'endedAt', ${instantOf(sql`ended_at`)},
        'tries', coalesce(tries, '[]'))::text as line
      from exchange e cross join lateral (
        select jsonb_agg(jsonb_build_object('attempt', attempt, 'outcome', outcome, 'reason', reason,
          'httpStatusClass', http_status_class, 'startedAt', ${instantOf(sql`started_at`)},
          'endedAt', ${instantOf(sql`ended_at`)}) order by attempt) as tries
        from (select * from exchange_attempt a where a.tenant_id = e.tenant_id and a.exchange_id = e.exchange_id
            and a.ended_at between e.started_at and e.ended_at
          order by a.attempt desc limit e.attempts) own) t
      where recorded > ${after} and recorded <= ${upTo}
      order by recorded, tenant_id, exchange_id, ended_at`,
    lineRow,
  );
  return rows.map(({ line }) => line);
}

/** Notes that a plan is done, unless another copy has. */
export async function settlePlan(
  tx: RollupTx,
  sink: string,
  { upTo }: SinkPlan,
  { rows, now }: { rows: number; now: Date },
): Promise<void> {
  await tx.exec(sql`update sink_cursor set sent = planned, planned = null, rows_sent = rows_sent + ${rows},
      last_sent_at = ${now}, failure = null, changed_at = ${now}
    where sink = ${sink} and planned = ${upTo}`);
}

/** Notes why nothing goes out. @param failure a stable code */
export async function noteFailure(tx: RollupTx, sink: string, failure: string, now: Date): Promise<void> {
  await tx.exec(sql`update sink_cursor set failure = ${failure}, changed_at = ${now} where sink = ${sink}`);
}

const standingRow = z
  .object({
    sink: z.string(),
    rows_sent: z.coerce.number(),
    last_sent_at: z.date().nullable(),
    failure: z.string().nullable(),
    waiting: z.coerce.number(),
    oldest: z.date().nullable(),
  })
  .transform(({ rows_sent, last_sent_at, ...rest }) => ({
    ...rest,
    rowsSent: rows_sent,
    lastSentAt: last_sent_at,
  }));

/** How far a sink has come: what waits, and when the oldest of that ended. */
export type SinkStanding = z.output<typeof standingRow>;

export function listStandings(tx: RollupTx): Promise<SinkStanding[]> {
  return tx.many(
    sql`select sink, rows_sent, last_sent_at, failure, w.waiting, w.oldest from sink_cursor c, lateral (
        select count(*) as waiting, min(ended_at) as oldest from exchange where recorded > c.sent) w order by sink`,
    standingRow,
  );
}
