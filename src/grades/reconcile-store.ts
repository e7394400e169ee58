import { z } from 'zod';
import type { ConnectionId, LineItemId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import type { Drift, ExpectedResult } from './compare.ts';

/** Which lines are worth comparing: none of their scores waits, and their last score is not too old. */
export interface Comparable {
  /** Not compared since then. */
  comparedBefore: Date;
  /** The last score is, by the tool's own time, of then or later. */
  sentAfter: Date;
}

function comparableLine({ comparedBefore, sentAfter }: Comparable): Sql {
  return sql`exists (select from grade_line l
    where l.tenant_id = i.tenant_id and l.line_item_id = i.line_item_id and l.pending = 0
      and l.sent_at >= ${sentAfter} and (l.compared_at is null or l.compared_at < ${comparedBefore}))`;
}

/** Connections with something to compare. */
export async function listComparableConnections(tx: TenantTx, which: Comparable): Promise<ConnectionId[]> {
  const rows = await tx.many(
    sql`select c.connection_id from connection c
      where c.tenant_id = ${tx.tenantId} and exists (select from line_item i
        where i.tenant_id = c.tenant_id and i.connection_id = c.connection_id and i.status = 'active'
          and ${comparableLine(which)})
      order by c.connection_id`,
    z.object({ connection_id: z.uuid() }),
  );
  return rows.map((row) => row.connection_id as ConnectionId);
}

export interface ComparableItem {
  lineItemId: LineItemId;
  lineItemUrl: string;
  deploymentId: string;
}

const itemRow = z
  .object({ line_item_id: z.uuid(), lms_url: z.string(), deployment_id: z.string() })
  .transform(
    (row): ComparableItem => ({
      lineItemId: row.line_item_id as LineItemId,
      lineItemUrl: row.lms_url,
      deploymentId: row.deployment_id,
    }),
  );

/** Line items with something to compare, in no order, so that a few that cannot be read never hide the others. */
export function listComparableItems(
  tx: TenantTx,
  connectionId: ConnectionId,
  which: Comparable,
  most: number,
): Promise<ComparableItem[]> {
  return tx.many(
    sql`select i.line_item_id, i.lms_url, i.deployment_id from line_item i
      where i.tenant_id = ${tx.tenantId} and i.connection_id = ${connectionId} and i.status = 'active'
        and ${comparableLine(which)}
      order by random() limit ${most}`,
    itemRow,
  );
}

/** What a person's result on a line item should be. */
export interface ExpectedLine extends ExpectedResult {
  lineItemId: LineItemId;
  personId: PersonId;
  /** The person as the connection knows them. */
  subjects: string[];
  /** Tells whether another score was taken meanwhile. */
  sentAt: string;
}

const expectedRow = z
  .object({
    line_item_id: z.uuid(),
    person_id: z.uuid(),
    subjects: z.array(z.string()),
    sent_at: z.string(),
    score_given: z.number().nullable(),
    score_maximum: z.number().nullable(),
    grading_progress: z.string(),
  })
  .transform(
    (row): ExpectedLine => ({
      lineItemId: row.line_item_id as LineItemId,
      personId: row.person_id as PersonId,
      subjects: row.subjects,
      sentAt: row.sent_at,
      scoreGiven: row.score_given,
      scoreMaximum: row.score_maximum,
      gradingProgress: row.grading_progress,
    }),
  );

/** The last delivered score of every person on some line items, where it is kept still. */
export function listExpected(tx: TenantTx, lineItemIds: readonly LineItemId[]): Promise<ExpectedLine[]> {
  return tx.many(
    sql`
    select l.line_item_id, l.person_id, l.sent_at::text as sent_at,
      array(select k.subject from person_link k where k.tenant_id = ${tx.tenantId} and k.person_id = l.person_id
        and k.connection_id = l.connection_id) as subjects,
      (d.score ->> 'scoreGiven')::float8 as score_given, (d.score ->> 'scoreMaximum')::float8 as score_maximum,
      d.score ->> 'gradingProgress' as grading_progress
    from grade_line l
    join grade_delivery d on d.tenant_id = ${tx.tenantId} and d.delivery_id = l.delivered_id
    where l.tenant_id = ${tx.tenantId} and l.line_item_id = any (${lineItemIds}::uuid[]) and l.pending = 0
      and l.sent_at is not null and d.score is not null`,
    expectedRow,
  );
}

export interface ComparedLine {
  personId: PersonId;
  sentAt: string;
  drift: Drift;
}

/**
 * Notes how results compare, for lines whose last score is the one that was compared still.
 *
 * @returns how many were noted as what
 */
export async function saveDrift(
  tx: TenantTx,
  lineItemId: LineItemId,
  lines: readonly ComparedLine[],
  now: Date,
): Promise<Record<Drift, number>> {
  const rows = lines.map(({ personId, sentAt, drift }) => ({ person_id: personId, sent_at: sentAt, drift }));
  return tx.one(
    sql`
    with news as (
      select * from jsonb_to_recordset(${json(rows)}::jsonb) as n(person_id uuid, sent_at timestamptz, drift text)),
    same as (
      select l.person_id, n.drift from grade_line l join news n using (person_id)
      where l.tenant_id = ${tx.tenantId} and l.line_item_id = ${lineItemId} and l.pending = 0 and l.sent_at = n.sent_at
      order by l.person_id for update of l),
    noted as (
      update grade_line l set drift = same.drift, compared_at = ${now} from same
      where l.tenant_id = ${tx.tenantId} and l.line_item_id = ${lineItemId} and l.person_id = same.person_id
      returning same.drift)
    select count(*) filter (where drift = 'none')::integer as none,
      count(*) filter (where drift = 'differs')::integer as differs,
      count(*) filter (where drift = 'missing')::integer as missing from noted`,
    z.object({ none: z.number(), differs: z.number(), missing: z.number() }),
  );
}

/** One person's result that is not as it was sent. */
export interface DriftedLine {
  connectionId: ConnectionId;
  lineItemId: LineItemId;
  personId: PersonId;
  drift: Exclude<Drift, 'none'>;
  comparedAt: Date;
}

const driftedRow = z
  .object({
    connection_id: z.uuid(),
    line_item_id: z.uuid(),
    person_id: z.uuid(),
    drift: z.enum(['differs', 'missing']),
    compared_at: z.date(),
  })
  .transform(
    (row): DriftedLine => ({
      connectionId: row.connection_id as ConnectionId,
      lineItemId: row.line_item_id as LineItemId,
      personId: row.person_id as PersonId,
      drift: row.drift,
      comparedAt: row.compared_at,
    }),
  );

/** Results that were not as sent when they were last compared. */
export function listDrift(
  tx: TenantTx,
  { connectionId, limit }: { connectionId?: ConnectionId | undefined; limit: number },
): Promise<DriftedLine[]> {
  return tx.many(
    sql`select connection_id, line_item_id, person_id, drift, compared_at from grade_line
      where tenant_id = ${tx.tenantId} and drift in ('differs', 'missing')
        ${connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`}
      order by line_item_id, person_id limit ${limit}`,
    driftedRow,
  );
}
