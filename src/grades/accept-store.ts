import { z } from 'zod';
import type { ConnectionId, ContextId, DeliveryId, LineItemId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';

export interface ScoreEntry {
  deliveryId: DeliveryId;
  toolId: ToolId;
  contextId: ContextId;
  lineItemId: LineItemId;
  deploymentId: string | undefined;
  /** The person by the name the tool knows. */
  userId: string;
  /** To the microsecond, with its offset. */
  timestamp: string;
  /** SHA-256 of `body`. */
  hash: Buffer;
  /** The score without the person, as JSON. */
  body: string;
  now: Date;
}

const acceptedRow = z.object({ connection_id: z.uuid() });

const lineItemOf = (tenantId: string, entry: ScoreEntry): Sql => sql`
  li.tenant_id = ${tenantId} and li.line_item_id = ${entry.lineItemId} and li.context_id = ${entry.contextId}
    and li.tool_id = ${entry.toolId} and li.status = 'active'`;

const enabledFor = (tenantId: string, entry: ScoreEntry): Sql => sql`
  e.tenant_id = ${tenantId} and e.tool_id = ${entry.toolId} and e.status = 'active'
    and (${entry.deploymentId ?? null}::text is null or e.deployment_id = ${entry.deploymentId ?? null})
    and t.tool_id = ${entry.toolId} and t.status = 'active'`;

const knownPerson = (tenantId: string, entry: ScoreEntry): Sql => sql`
  p.tenant_id = ${tenantId} and p.tool_id = ${entry.toolId} and p.sub = ${entry.userId}`;

/**
 * Writes the delivery and makes its line due, where tool, line item and person fit and the score is newer than the newest
 * one. A line under lease or waiting for its next try keeps its time: whoever holds it finds the new score afterwards. A
 * copy whose clock runs ahead makes no score wait for that.
 *
 * @returns the line item's connection; undefined when nothing was written
 */
export async function insertScore(tx: TenantTx, entry: ScoreEntry): Promise<ConnectionId | undefined> {
  const { tenantId } = tx;
  const row = await tx.maybeOne(
    sql`
    with target as (
      select li.connection_id, coalesce(p.alias_of, p.person_id) as person_id
      from line_item li, tool_enablement e, tool t, pseudonym p
      where ${lineItemOf(tenantId, entry)} and ${enabledFor(tenantId, entry)} and ${knownPerson(tenantId, entry)}),
    line as (
      insert into grade_line as l (tenant_id, line_item_id, person_id, connection_id, newest_at, newest_hash, pending,
        due_at)
      select ${tenantId}, ${entry.lineItemId}, person_id, connection_id, ${entry.timestamp}::timestamptz, ${entry.hash},
        1, least(${entry.now}::timestamptz, now()) from target
      on conflict (tenant_id, line_item_id, person_id) do update
        set newest_at = excluded.newest_at, newest_hash = excluded.newest_hash, pending = l.pending + 1,
          due_at = coalesce(l.due_at, excluded.due_at)
        where l.newest_at < excluded.newest_at
      returning person_id, connection_id)
    insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id,
      score_timestamp, score, state, accepted_at)
    select ${tenantId}, ${entry.deliveryId}, connection_id, ${entry.toolId}, ${entry.lineItemId}, person_id,
      ${entry.timestamp}::timestamptz, ${entry.body}::json, 'pending', ${entry.now} from line
    returning connection_id`,
    acceptedRow,
  );
  return row?.connection_id as ConnectionId | undefined;
}

const placeRow = z.object({
  enabled: z.boolean(),
  line_item: z.boolean(),
  person: z.boolean(),
  age: z.enum(['older', 'same', 'newer']).nullable(),
  newest_hash: z.instanceof(Buffer).nullable(),
});

/** What stands where a score did not fit. */
export interface ScorePlace {
  enabled: boolean;
  lineItem: boolean;
  person: boolean;
  /** The newest score of the person on the line item, and its age compared to this one. */
  newest: { age: 'older' | 'same' | 'newer'; hash: Buffer } | undefined;
}

/** Looks at what `insertScore` found in its way. */
export async function findScorePlace(tx: TenantTx, entry: ScoreEntry): Promise<ScorePlace> {
  const { tenantId } = tx;
  const row = await tx.one(
    sql`
    select place.*, l.newest_hash, case when l.newest_at < ${entry.timestamp}::timestamptz then 'older'
      when l.newest_at = ${entry.timestamp}::timestamptz then 'same' when l.newest_at is not null then 'newer' end as age
    from (
      select exists (select from tool_enablement e, tool t where ${enabledFor(tenantId, entry)}) as enabled,
        exists (select from line_item li where ${lineItemOf(tenantId, entry)}) as line_item,
        exists (select from pseudonym p where ${knownPerson(tenantId, entry)}) as person
    ) place
    left join pseudonym p on ${knownPerson(tenantId, entry)}
    left join grade_line l on l.tenant_id = ${tenantId} and l.line_item_id = ${entry.lineItemId}
      and l.person_id = coalesce(p.alias_of, p.person_id)`,
    placeRow,
  );
  return {
    enabled: row.enabled,
    lineItem: row.line_item,
    person: row.person,
    newest:
      row.newest_hash === null || row.age === null ? undefined : { age: row.age, hash: row.newest_hash },
  };
}
