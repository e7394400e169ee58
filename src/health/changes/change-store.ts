import { z } from 'zod';
import { type ChangeType, changeTypes } from '../../../contracts/changes.ts';
import type { ChangeId, ConnectionId } from '../../../contracts/ids.ts';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

type OwnerTx = TenantTx | HubTx;

/** A change that could break an integration. */
export interface IntegrationChange {
  changeId: ChangeId;
  type: ChangeType;
  /** Null: of every connection; of the hub’s own changes, of every school. */
  connectionId: ConnectionId | null;
  toolId: string | null;
  origin: 'audit' | 'run';
  /** The audit event's sequence; of a connector's version `<connection>:<version>:<run>`. */
  originRef: string;
  action: string;
  actor: string;
  at: Date;
  reverts: string | null;
}

const changeFields = z.object({
  tenant_id: z.string(),
  change_id: z.uuid(),
  type: z.enum(changeTypes),
  connection_id: z.uuid().nullable(),
  tool_id: z.uuid().nullable(),
  origin: z.enum(['audit', 'run']),
  origin_ref: z.string(),
  action: z.string(),
  actor: z.string(),
  at: z.date(),
  reverts: z.uuid().nullable(),
});
const changeRow = changeFields.transform((row): IntegrationChange & { tenantId: string } => {
  const { type, origin, action, actor, at, reverts } = row;
  return {
    ...{ type, origin, action, actor, at, reverts, tenantId: row.tenant_id, toolId: row.tool_id },
    ...{ changeId: row.change_id as ChangeId, originRef: row.origin_ref },
    connectionId: row.connection_id as ConnectionId | null,
  };
});
const columns = sql`tenant_id, change_id, type, connection_id, tool_id, origin, origin_ref, action, actor, at, reverts`;
export type StoredChange = z.output<typeof changeRow>;

/** Adds changes that are not there yet. @returns how many are new */
export function insertChanges(tx: OwnerTx, changes: readonly IntegrationChange[]): Promise<number> {
  const rows = changes.map((each) => ({
    ...{ change_id: each.changeId, type: each.type, connection_id: each.connectionId, tool_id: each.toolId },
    ...{ origin: each.origin, origin_ref: each.originRef, action: each.action, actor: each.actor },
    ...{ at: each.at, reverts: each.reverts },
  }));
  return tx.exec(sql`
    insert into integration_change (${columns})
    select ${tx.tenantId}, change_id, type, connection_id, tool_id, origin, origin_ref, action, actor, at, reverts
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(change_id uuid, type text, connection_id uuid, tool_id uuid,
      origin text, origin_ref text, action text, actor text, at timestamptz, reverts uuid)
    on conflict do nothing`);
}

/** A tenant's changes since a moment, the oldest first. */
export function listChanges(tx: OwnerTx, since: Date, most = 5_000): Promise<StoredChange[]> {
  return tx.many(
    sql`select ${columns} from integration_change where tenant_id = ${tx.tenantId} and at >= ${since}
      order by at, change_id limit ${most}`,
    changeRow,
  );
}

const partnerChangeRow = changeFields
  .extend({ partner: z.string().nullable() })
  .transform((row) => ({ ...changeRow.parse(row), partner: row.partner }));

/** Those of every school and of the hub since a moment, with the connection's partner. */
export function listAllChanges(tx: RollupTx, since: Date, most = 20_000) {
  return tx.many(
    sql`select i.*, c.partner from integration_change i left join connection c using (tenant_id, connection_id)
      where i.at >= ${since} order by i.at desc limit ${most}`,
    partnerChangeRow,
  );
}

const cursorRow = z.object({ audit_sequence: z.coerce.number() });

/** How far the audit chain was read; until the transaction ends, nobody else reads on. */
export async function lockCursor(tx: OwnerTx): Promise<number> {
  await tx.exec(sql`
    insert into change_cursor (tenant_id, audit_sequence) values (${tx.tenantId}, 0) on conflict do nothing`);
  const row = await tx.one(
    sql`select audit_sequence from change_cursor where tenant_id = ${tx.tenantId} for update`,
    cursorRow,
  );
  return row.audit_sequence;
}

export async function moveCursor(tx: OwnerTx, sequence: number): Promise<void> {
  await tx.exec(sql`update change_cursor set audit_sequence = ${sequence} where tenant_id = ${tx.tenantId}`);
}

const versionRow = z
  .object({
    connection_id: z.uuid(),
    run_id: z.uuid(),
    connector: z.string(),
    connector_version: z.string(),
    requested_at: z.date(),
    previous: z.string(),
  })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    runId: row.run_id,
    connector: row.connector,
    version: row.connector_version,
    previous: row.previous,
    at: row.requested_at,
  }));
export type VersionChange = z.output<typeof versionRow>;

/** The runs since a moment that were the first of a connection with another version of its connector. */
export function listVersionChanges(tx: TenantTx, since: Date): Promise<VersionChange[]> {
  return tx.many(
    sql`select * from (
        select connection_id, run_id, connector, connector_version, requested_at,
          lag(connector_version) over (partition by connection_id order by run_no) as previous
        from sync_run where tenant_id = ${tx.tenantId} and requested_at >= ${since}) r
      where previous <> connector_version order by requested_at`,
    versionRow,
  );
}

const revertRow = z
  .object({ change_id: z.uuid(), sequence: z.coerce.number() })
  .transform(({ change_id, sequence }): Reverted => ({ sequence, reverts: change_id }));

/** An audit event, and the change that it takes back. */
export interface Reverted {
  sequence: number;
  reverts: string;
}

/**
 * The changes that audit events take back: an event whose values after it are those that a change of the same subject and
 * action had before it, the last such within three days. Values that were erased take nothing back.
 */
export function findReverted(tx: OwnerTx, sequences: readonly number[]): Promise<Reverted[]> {
  return tx.many(
    sql`select distinct on (e.sequence) e.sequence, i.change_id
      from audit_event e join audit_value v using (tenant_id, sequence)
      join audit_event b on b.tenant_id = e.tenant_id and b.subject = e.subject and b.action = e.action
        and b.sequence < e.sequence and b.at > e.at - interval '72 hours'
      join audit_value w on w.tenant_id = b.tenant_id and w.sequence = b.sequence
      join integration_change i on i.tenant_id = b.tenant_id and i.origin = 'audit' and i.origin_ref = b.sequence::text
      where e.tenant_id = ${tx.tenantId} and e.sequence = any (${sequences}::bigint[])
        and v.after is not null and w.before is not null and w.after is not null
        and v.after - 'entered' = w.before - 'entered' and w.before - 'entered' <> w.after - 'entered'
      order by e.sequence, b.sequence desc`,
    revertRow,
  );
}

export async function setReverted(tx: OwnerTx, reverted: readonly Reverted[]): Promise<void> {
  const rows = reverted.map(({ sequence, reverts }) => ({ origin_ref: String(sequence), reverts }));
  await tx.exec(sql`
    update integration_change i set reverts = r.reverts
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(origin_ref text, reverts uuid)
    where i.tenant_id = ${tx.tenantId} and i.origin = 'audit' and i.origin_ref = r.origin_ref`);
}

const tenantRow = z.object({ tenant_id: z.string(), is_stale: z.boolean() });

/**
 * Whose changes have to be derived: whose audit chain has grown since it was read, and who had a run since a moment. With
 * those who were read at all, since a tenant that never was is not among them.
 */
export async function listStaleTenants(
  tx: RollupTx,
  runsSince: Date,
): Promise<{ read: Set<string>; stale: Set<string> }> {
  const rows = await tx.many(
    sql`select c.tenant_id, exists (select from audit_event a
          where a.tenant_id = c.tenant_id and a.sequence > c.audit_sequence)
        or exists (select from sync_run r
          where r.tenant_id = c.tenant_id and r.requested_at >= ${runsSince}) as is_stale
      from change_cursor c`,
    tenantRow,
  );
  return {
    read: new Set(rows.map(({ tenant_id }) => tenant_id)),
    stale: new Set(rows.filter(({ is_stale }) => is_stale).map(({ tenant_id }) => tenant_id)),
  };
}
