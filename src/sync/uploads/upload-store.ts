import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

export interface StoredUpload {
  uploadId: string;
  connectionId: ConnectionId;
  name: string;
  bytes: number;
}

const uploadRow = z
  .object({ upload_id: z.uuid(), connection_id: z.uuid(), name: z.string(), bytes: z.coerce.number() })
  .transform(
    ({ upload_id, connection_id, ...rest }): StoredUpload => ({
      uploadId: upload_id,
      connectionId: connection_id as ConnectionId,
      ...rest,
    }),
  );

/** No run that has not ended is to read the package (`u`). */
const unread = sql`not exists (select from sync_run r
  where r.tenant_id = u.tenant_id and r.upload_id = u.upload_id and r.ended_at is null)`;

export function findUpload(tx: TenantTx, uploadId: string): Promise<StoredUpload | undefined> {
  return tx.maybeOne(
    sql`select upload_id, connection_id, name, bytes from roster_upload
      where tenant_id = ${tx.tenantId} and upload_id = ${uploadId}`,
    uploadRow,
  );
}

/** Begins a package; its size is known when all of it is there. */
export async function insertUpload(tx: TenantTx, upload: StoredUpload, now: number): Promise<void> {
  await tx.exec(sql`
    insert into roster_upload (tenant_id, upload_id, connection_id, name, bytes, created_at)
    values (${tx.tenantId}, ${upload.uploadId}, ${upload.connectionId}, ${upload.name}, ${upload.bytes}, ${new Date(now)})`);
}

export async function saveUploadBytes(tx: TenantTx, uploadId: string, bytes: number): Promise<void> {
  await tx.exec(sql`
    update roster_upload set bytes = ${bytes} where tenant_id = ${tx.tenantId} and upload_id = ${uploadId}`);
}

export async function insertPiece(
  tx: TenantTx,
  uploadId: string,
  piece: number,
  bytes: Buffer,
): Promise<void> {
  await tx.exec(sql`
    insert into roster_upload_piece (tenant_id, upload_id, piece, bytes)
    values (${tx.tenantId}, ${uploadId}, ${piece}, ${bytes})`);
}

/** @returns undefined past the last one */
export async function readPiece(tx: TenantTx, uploadId: string, piece: number): Promise<Buffer | undefined> {
  const row = await tx.maybeOne(
    sql`select bytes from roster_upload_piece
      where tenant_id = ${tx.tenantId} and upload_id = ${uploadId} and piece = ${piece}`,
    z.object({ bytes: z.instanceof(Buffer) }),
  );
  return row?.bytes;
}

/** Deletes a package with its pieces, unless a run is still to read it. */
export async function removeUpload(tx: TenantTx, uploadId: string): Promise<void> {
  await tx.exec(sql`
    delete from roster_upload u where u.tenant_id = ${tx.tenantId} and u.upload_id = ${uploadId} and ${unread}`);
}

/** Deletes packages that were handed over before a moment and that no run has taken. @returns how many went */
export function removeOrphanedUploads(tx: TenantTx, before: Date): Promise<number> {
  return tx.exec(sql`
    delete from roster_upload u
    where u.tenant_id = ${tx.tenantId} and u.created_at < ${before} and ${unread}`);
}
