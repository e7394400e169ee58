import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Connection, insertConnection, renameConnection } from './connection-store.ts';

/** Adds a connection; what it is made of, and its audit event, is its feature's own. @param now Unix milliseconds */
export function addConnection(tx: TenantTx, connection: Connection, now: number): Promise<void> {
  return insertConnection(tx, connection, now);
}

/** Gives a connection another name. */
export function nameConnection(tx: TenantTx, connectionId: ConnectionId, name: string): Promise<void> {
  return renameConnection(tx, connectionId, name);
}
