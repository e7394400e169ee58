import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const connectionKinds = ['lms', 'identity', 'roster', 'grades'] as const;

/** One tenant's configured link to one partner. */
export interface Connection {
  connectionId: ConnectionId;
  kind: (typeof connectionKinds)[number];
  /** The vendor's product on the other side, such as an LMS family. */
  partner: string;
  name: string;
}

const connectionRow = z
  .object({ connection_id: z.uuid(), kind: z.enum(connectionKinds), partner: z.string(), name: z.string() })
  .transform(
    ({ connection_id, ...rest }): Connection => ({ connectionId: connection_id as ConnectionId, ...rest }),
  );

/** A tenant's connections, oldest first. */
export function listConnections(tx: TenantTx): Promise<Connection[]> {
  return tx.many(
    sql`select connection_id, kind, partner, name from connection order by connection_id`,
    connectionRow,
  );
}

export function findConnection(tx: TenantTx, connectionId: ConnectionId): Promise<Connection | undefined> {
  return tx.maybeOne(
    sql`select connection_id, kind, partner, name from connection where connection_id = ${connectionId}`,
    connectionRow,
  );
}

export async function insertConnection(tx: TenantTx, connection: Connection, now: number): Promise<void> {
  await tx.exec(sql`
    insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
    values (${tx.tenantId}, ${connection.connectionId}, ${connection.kind}, ${connection.partner},
      ${connection.name}, ${new Date(now)})`);
}

export async function renameConnection(
  tx: TenantTx,
  connectionId: ConnectionId,
  name: string,
): Promise<void> {
  await tx.exec(sql`
    update connection set name = ${name}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and name <> ${name}`);
}
