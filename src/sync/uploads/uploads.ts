import { type ConnectionId, newId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { UploadReader } from '../host/files/file-source.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { getConnector } from '../sources/source-settings.ts';
import { getRoster } from '../sources/sources.ts';
import {
  findUpload,
  insertPiece,
  insertUpload,
  readPiece,
  removeUpload,
  saveUploadBytes,
} from './upload-store.ts';

const pieceBytes = 1024 * 1024;

/** Names one package that was handed over. */
export type UploadId = string;

/**
 * Takes in a package of files, piece by piece, so that none is held in memory. It is kept until the run that reads it has
 * ended; one that no run has taken up goes after a day.
 *
 * @throws DomainError not_found `roster_unknown`, conflict `package_not_read`, input `package_name_invalid`, `package_empty`, too_large
 *   `package_too_large`
 */
export async function handOverPackage(
  deps: Pick<SyncServices, 'db' | 'limits' | 'connectors'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  given: { name: string; bytes: AsyncIterable<Buffer> },
  by: ChangeBy,
): Promise<UploadId> {
  // A name only, of whatever system it comes from: it is shown, and never a path.
  const name = given.name.split(/[/\\]/).at(-1)?.trim() ?? '';
  if (name === '' || name.length > 255) {
    throw new DomainError('input', 'package_name_invalid', 'Give the package a name of 1 to 255 characters.');
  }
  const uploadId = newId<UploadId>(by.now);
  await deps.db.withTenant(tenantId, async (tx) => {
    const { connector } = await getRoster(tx, connectionId);
    if (getConnector(deps, connector).capabilities.packages !== true) throw packageNotRead();
    await insertUpload(tx, { uploadId, connectionId, name, bytes: 0 }, by.now);
  });
  const tx = deps.db.tenant(tenantId);
  try {
    const bytes = await storePieces(given.bytes, limitsOf(deps).uploadBytes, (piece, content) =>
      insertPiece(tx, uploadId, piece, content),
    );
    await deps.db.withTenant(tenantId, async (own) => {
      await saveUploadBytes(own, uploadId, bytes);
      const subject = `connection:${connectionId}`;
      await recordAudit(own, {
        ...by,
        action: 'roster.package_handed_over',
        subject,
        after: { uploadId, bytes },
      });
    });
  } catch (error) {
    await removeUpload(tx, uploadId);
    throw error;
  }
  return uploadId;
}

/** Refuses a package that the roster connection does not have: DomainError not_found `package_unknown`. */
export function unknownPackage(): DomainError {
  return new DomainError(
    'not_found',
    'package_unknown',
    'There is no such package of this roster connection. Hand it over again.',
  );
}

function packageNotRead(): DomainError {
  return new DomainError(
    'conflict',
    'package_not_read',
    'This source reads no files, so that a package would be ignored. Ask without one.',
  );
}

async function storePieces(
  source: AsyncIterable<Buffer>,
  most: number,
  store: (piece: number, content: Buffer) => Promise<void>,
): Promise<number> {
  let gathered: Buffer[] = [];
  let [held, total, piece] = [0, 0, 0];
  const flush = async () => {
    await store(piece, Buffer.concat(gathered));
    piece += 1;
    gathered = [];
    held = 0;
  };
  for await (const chunk of source) {
    total += chunk.length;
    if (total > most) throw tooLarge(most);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + pieceBytes - held);
      gathered.push(part);
      held += part.length;
      at += part.length;
      if (held === pieceBytes) await flush();
    }
  }
  if (held > 0) await flush();
  if (total === 0) {
    throw new DomainError('input', 'package_empty', 'The package has no bytes. Choose the file again.');
  }
  return total;
}

function tooLarge(most: number): DomainError {
  const mebibytes = Math.floor(most / 1024 ** 2);
  return new DomainError(
    'too_large',
    'package_too_large',
    `The package is larger than ${mebibytes} MiB. Hand it over compressed, or let the hub fetch it over SFTP or HTTPS.`,
  );
}

/** @returns undefined where it is gone, or was never handed over whole */
export async function openUpload(
  { db }: Pick<SyncServices, 'db'>,
  tenantId: TenantId,
  uploadId: UploadId,
): Promise<UploadReader | undefined> {
  const tx = db.tenant(tenantId);
  const upload = await findUpload(tx, uploadId);
  if (upload === undefined || upload.bytes === 0) return undefined;
  return {
    name: upload.name,
    bytes: upload.bytes,
    async *read() {
      for (let piece = 0; ; piece++) {
        const content = await readPiece(tx, uploadId, piece);
        if (content === undefined) return;
        yield content;
      }
    },
  };
}
