import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import { type Connection, insertConnection, renameConnection } from './connection-store.ts';

/** Adds a connection; what it is made of, and its audit event, is its feature's own. @param now Unix milliseconds */
export function addConnection(tx: TenantTx, connection: Connection, now: number): Promise<void> {
  return insertConnection(tx, connection, now);
}

/** Gives a connection another name. */
export function nameConnection(tx: TenantTx, connectionId: ConnectionId, name: string): Promise<void> {
  return renameConnection(tx, connectionId, name);
}

/** Audits a change of a connection and announces it to the caches that hold it. */
export function recordConnectionChange(
  tx: TenantTx,
  action: string,
  connectionId: ConnectionId,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  const subject = `connection:${connectionId}`;
  return recordChange(tx, { announce: `tenant:${tx.tenantId}`, action, subject, ...values }, by);
}
