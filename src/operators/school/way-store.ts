import { z } from 'zod';
import type { ConnectionId, OperatorId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { handedMs } from '../hands.ts';

const wayRow = z
  .object({ connection_id: z.uuid(), opened_at: z.date(), admins: z.coerce.number() })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    openedAt: row.opened_at,
    /** How many accounts are linked. */
    admins: row.admins,
  }));
export type OpenWay = z.output<typeof wayRow>;

/** The connections by which admins come to the console. */
export function selectWays(tx: TenantTx): Promise<OpenWay[]> {
  return tx.many(
    sql`select w.connection_id, w.opened_at,
        (select count(*) from operator_identity i
          where i.tenant_id = w.tenant_id and i.connection_id = w.connection_id) as admins
      from operator_way w where w.tenant_id = ${tx.tenantId} order by w.connection_id`,
    wayRow,
  );
}

/** Whether admins come to the console by a connection. */
export async function hasWay(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from operator_way
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/** @returns false where it was open already */
export async function insertWay(
  tx: TenantTx,
  given: { connectionId: ConnectionId; actor: string; openedAt: Date },
): Promise<boolean> {
  const count = await tx.exec(sql`
    insert into operator_way (tenant_id, connection_id, actor, opened_at)
    values (${tx.tenantId}, ${given.connectionId}, ${given.actor}, ${given.openedAt})
    on conflict do nothing`);
  return count === 1;
}

/** Notes who has said whom a connection trusts, beside whoever did so lately. @returns whether there is such a one */
export async function noteTrusted(
  tx: TenantTx,
  connectionId: ConnectionId,
  by: readonly string[],
  at: Date,
): Promise<boolean> {
  const since = new Date(at.getTime() - handedMs);
  const count = await tx.exec(sql`
    update identity_source set handed_at = ${at}, handed_by = array(
        select distinct unnest(case when handed_at > ${since} then handed_by else '{}' end || ${by}::text[]))
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
  return count === 1;
}

const handedWayRow = z
  .object({ connection_id: z.uuid(), handed_by: z.array(z.string()), handed_at: z.date() })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    by: row.handed_by,
    at: row.handed_at,
  }));

/** Open ways of which somebody has said since then whom they trust, the latest first. */
export function selectHandedWays(tx: TenantTx, since: Date): Promise<z.output<typeof handedWayRow>[]> {
  return tx.many(
    sql`select connection_id, i.handed_by, i.handed_at
      from operator_way w join identity_source i using (tenant_id, connection_id)
      where w.tenant_id = ${tx.tenantId} and i.handed_at > ${since} order by i.handed_at desc, connection_id`,
    handedWayRow,
  );
}

/** With it go the links of every account. @returns whether it was open */
export async function deleteWay(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const count = await tx.exec(
    sql`delete from operator_way where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
  );
  return count === 1;
}

/** Whose account somebody is linked with. */
export async function findLinked(
  tx: TenantTx,
  connectionId: ConnectionId,
  keyHash: Buffer,
): Promise<OperatorId | undefined> {
  const row = await tx.maybeOne(
    sql`select operator_id from operator_identity
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and key_hash = ${keyHash}`,
    z.object({ operator_id: z.uuid() }),
  );
  return row?.operator_id as OperatorId | undefined;
}

/** Links an account, in place of whom the connection knew it as before. @returns false where that is linked elsewhere by now */
export async function putLinked(
  tx: TenantTx,
  link: { connectionId: ConnectionId; keyHash: Buffer; operatorId: OperatorId; at: Date },
): Promise<boolean> {
  const { connectionId, keyHash, operatorId, at } = link;
  await deleteLinked(tx, operatorId, connectionId);
  const count = await tx.exec(sql`
    insert into operator_identity (tenant_id, connection_id, key_hash, operator_id, linked_at)
    values (${tx.tenantId}, ${connectionId}, ${keyHash}, ${operatorId}, ${at}) on conflict do nothing`);
  return count === 1;
}

/** Takes the links of an account off: of one connection, or all. @returns how many there were */
export function deleteLinked(
  tx: TenantTx,
  operatorId: OperatorId,
  connectionId?: ConnectionId,
): Promise<number> {
  const of = connectionId === undefined ? sql`` : sql`and connection_id = ${connectionId}`;
  return tx.exec(
    sql`delete from operator_identity where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} ${of}`,
  );
}
