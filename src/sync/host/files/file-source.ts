import path from 'node:path';
import type { FilePlace, FileSource, OpenedFiles } from '../../../../contracts/connector.ts';
import type { Breakers } from '../../../health/breaker/breakers.ts';
import type { Lookup } from '../../../platform/outbound/connector.ts';
import type { FetchOptions } from '../connector-fetch.ts';
import { openDownload } from './download.ts';
import { missing, wrongSettings } from './failures.ts';
import { openFolder } from './folder.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, openOne } from './opened.ts';
import { openSftp } from './sftp.ts';
import { openTemporaryFile } from './temporary-file.ts';

/** A file that an admin has handed over, as the database gives it. */
export interface UploadReader {
  name: string;
  bytes: number;
  read(): AsyncIterable<Buffer>;
}

export interface FileOptions {
  upload: UploadReader | undefined;
  /** Of this institution alone: a path in settings must not reach another one's files. */
  folder: string | undefined;
  fetch: FetchOptions;
  /** The package is only looked into: what lies elsewhere is read there, where that can be, and not fetched whole. */
  isProbe: boolean;
  allowLoopback: boolean;
  lookup: Lookup | undefined;
  /** Leaves SFTP servers alone that are down; calls by HTTP pass theirs on their own. */
  breakers: Breakers | undefined;
  limits: FileLimits;
  signal: AbortSignal;
}

/** Files from wherever the settings say; what is still open is closed by `close`, also after errors. */
export function createFileSource(options: FileOptions): FileSource & { close(): Promise<void> } {
  const opened = new Set<OpenedFiles>();
  let isClosed = false;
  return {
    async open(place) {
      options.signal.throwIfAborted();
      const files = await openPlace(place, options);
      const close = async () => {
        // Also when it is closed a second time.
        if (opened.delete(known)) await files.close();
      };
      const known: OpenedFiles = { ...files, close };
      opened.add(known);
      // The run has ended meanwhile, and nobody else would close them.
      if (isClosed) await close();
      return known;
    },
    async close() {
      isClosed = true;
      await Promise.all([...opened].map((files) => files.close()));
    },
  };
}

async function openPlace(place: FilePlace, options: FileOptions): Promise<OpenedFiles> {
  if (options.upload !== undefined && place.kind !== 'upload') {
    // Read all the same, other files would be taken for those that somebody has just handed over.
    throw wrongSettings(
      'upload_not_read',
      'A package was handed over, but this source is set to read files from elsewhere. Set it to read what is handed over (place: upload), or ask without a package.',
    );
  }
  switch (place.kind) {
    case 'upload':
      return openUpload(options.upload, options.limits);
    case 'folder':
      if (options.folder === undefined) {
        throw wrongSettings(
          'folder_not_offered',
          'This hub has no folder for packages. Choose upload, HTTPS or SFTP, or ask who runs the hub.',
        );
      }
      return openFolder(options.folder, place.path, options.limits);
    case 'https':
      return openDownload(place, options);
    case 'sftp':
      return openSftp(place, options);
  }
}

async function openUpload(upload: UploadReader | undefined, limits: FileLimits): Promise<OpenedFiles> {
  if (upload === undefined) {
    // Waiting brings none: a run has the package that it was asked for with, or none.
    throw wrongSettings(
      'upload_missing',
      'There is no package for this run: none was handed over with it, or it is gone. Hand over a package and ask for a run of it.',
    );
  }
  const file = await openTemporaryFile(limits.download);
  const close = () => file.close();
  return closeOnFailure(close, async () => {
    const { bytes } = await file.append(upload.read());
    if (bytes !== upload.bytes) {
      throw missing('upload_incomplete', 'The package that was handed over is not whole. Upload it again.');
    }
    const name = path.posix.basename(upload.name);
    return openOne({ handle: file.handle, name }, { modifiedAt: undefined, limits, close });
  });
}
