import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { LinkKey } from './linking-store.ts';

/** Keeps roster users away: runs leave them out from now on. */
export async function insertTombstones(tx: TenantTx, users: readonly LinkKey[], now: Date): Promise<void> {
  await tx.exec(sql`
    insert into person_tombstone (tenant_id, connection_id, key_hash, erased_at)
    select ${tx.tenantId}, u.connection_id, tombstone_key(u.connection_id, u.sourced_id), ${now}
    from unnest(${users.map(({ connectionId }) => connectionId)}::uuid[], ${users.map(({ subject }) => subject)}::text[])
      as u (connection_id, sourced_id)
    on conflict (tenant_id, connection_id, key_hash) do nothing`);
}

/** @returns whether there was one */
export async function deleteTombstone(tx: TenantTx, { connectionId, subject }: LinkKey): Promise<boolean> {
  const deleted = await tx.exec(sql`
    delete from person_tombstone where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and key_hash = tombstone_key(${connectionId}::uuid, ${subject}::text)`);
  return deleted === 1;
}

/** How many users of a roster are kept away. */
export async function countTombstones(tx: TenantTx, connectionId: ConnectionId): Promise<number> {
  const { count } = await tx.one(
    sql`select count(*)::integer as count from person_tombstone
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
    z.object({ count: z.number() }),
  );
  return count;
}
