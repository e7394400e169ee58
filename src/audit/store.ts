import { z } from 'zod';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { json, type Sql, type SqlValue, sql } from '../platform/sql/sql.ts';
import { type AuditEvent, type AuditValues, type ChainHead, emptyChain } from './chain.ts';

type OwnerTx = TenantTx | HubTx;

const bytes = z.instanceof(Buffer);
const headRow = z.object({ sequence: z.coerce.number(), hash: bytes });

/** Lets one transaction at a time extend the tenant's chain; held until the transaction ends. */
export async function lockChain(tx: OwnerTx): Promise<void> {
  await tx.exec(sql`select pg_advisory_xact_lock(hashtextextended(${`gatehouse.audit.${tx.tenantId}`}, 0))`);
}

/** The tenant's last event. */
export async function readHead(tx: OwnerTx): Promise<ChainHead> {
  const head = await tx.maybeOne(
    sql`select sequence, hash from audit_event where tenant_id = ${tx.tenantId} order by sequence desc limit 1`,
    headRow,
  );
  return head ?? emptyChain;
}

/** Adds an event and its values. */
export async function insertEvent(tx: OwnerTx, event: AuditEvent, values: AuditValues): Promise<void> {
  await tx.exec(
    sql`with event as (
          insert into audit_event
            (tenant_id, sequence, at, actor, action, subject, value_hash, previous_hash, hash)
          values (${event.tenantId}, ${event.sequence}, ${new Date(event.at)}, ${event.actor}, ${event.action},
            ${event.subject}, ${event.valueHash}, ${event.previousHash}, ${event.hash})
        )
        insert into audit_value (tenant_id, sequence, salt, reason, before, after, origin)
        values (${event.tenantId}, ${event.sequence}, ${values.salt}, ${values.reason},
          ${jsonOrNull(values.before)}, ${jsonOrNull(values.after)}, ${values.origin ?? null})`,
  );
}

function jsonOrNull(value: unknown): SqlValue {
  return value === null || value === undefined ? null : json(value);
}

/** An event with its values, which are undefined once erased. */
export interface RecordedEvent {
  event: AuditEvent;
  values: AuditValues | undefined;
}

const recordedRow = z
  .object({
    tenant_id: z.string(),
    sequence: z.coerce.number(),
    at: z.date(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    value_hash: bytes,
    previous_hash: bytes,
    hash: bytes,
    salt: bytes.nullable(),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    origin: z.string().nullable(),
  })
  .transform((row): RecordedEvent => {
    const { tenant_id, value_hash, previous_hash, salt, reason, before, after, origin, at, ...same } = row;
    return {
      event: {
        ...same,
        tenantId: tenant_id,
        at: at.getTime(),
        valueHash: value_hash,
        previousHash: previous_hash,
      },
      values: salt === null ? undefined : { salt, reason, before, after, origin },
    };
  });

/** Up to `limit` events in order, from after `after`. */
export function listEvents(tx: OwnerTx, input: { after: number; limit: number }): Promise<RecordedEvent[]> {
  return tx.many(
    sql`select tenant_id, sequence, at, actor, action, subject, value_hash, previous_hash, hash,
          salt, reason, before, after, origin
        from audit_event left join audit_value using (tenant_id, sequence)
        where tenant_id = ${tx.tenantId} and sequence > ${input.after}
        order by sequence limit ${input.limit}`,
    recordedRow,
  );
}

/** Which events are meant; what is absent does not matter. */
export interface EventFilter {
  actor?: string | undefined;
  /** An action, or how it begins. */
  action?: string | undefined;
  subject?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Where the page before ended. */
  before?: number | undefined;
}

/** Who has done what fits, each once. @param action how it begins */
export async function selectActors(
  tx: OwnerTx,
  { action, subject, since }: { action: string; subject: string; since: Date },
): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct actor from audit_event
        where tenant_id = ${tx.tenantId} and subject = ${subject} and at >= ${since} and starts_with(action, ${action})
        order by actor`,
    z.object({ actor: z.string() }),
  );
  return rows.map(({ actor }) => actor);
}

/** Events that fit, the newest first. */
export function searchEvents(tx: OwnerTx, filter: EventFilter, limit: number): Promise<RecordedEvent[]> {
  const { actor, action, subject, since, until, before } = filter;
  const when = (isAsked: boolean, condition: Sql) => (isAsked ? condition : sql``);
  return tx.many(
    sql`select tenant_id, sequence, at, actor, action, subject, value_hash, previous_hash, hash,
          salt, reason, before, after, origin
        from audit_event left join audit_value using (tenant_id, sequence)
        where tenant_id = ${tx.tenantId} ${when(actor !== undefined, sql`and actor = ${actor ?? null}`)}
          ${when(action !== undefined, sql`and starts_with(action, ${action ?? null})`)}
          ${when(subject !== undefined, sql`and subject = ${subject ?? null}`)}
          ${when(since !== undefined, sql`and at >= ${since ?? null}`)}
          ${when(until !== undefined, sql`and at < ${until ?? null}`)}
          ${when(before !== undefined, sql`and sequence < ${before ?? null}`)}
        order by sequence desc limit ${limit}`,
    recordedRow,
  );
}
