import path from 'node:path';
import type { OpenedFiles, SourceFinding } from '../../../../contracts/connector.ts';
import { openArchive } from './archive.ts';
import { normaliseName } from './entry-names.ts';
import { missing } from './failures.ts';
import type { FileLimits } from './limits.ts';
import type { ReadableFile } from './readable-file.ts';
import { readStretch, type Stretch } from './temporary-file.ts';

/** A file and where its bytes lie. */
export interface HeldFile extends Stretch {
  name: string;
  handle: ReadableFile;
}

/** Runs `use` over something that has to be closed where it fails. */
export async function closeOnFailure<Result>(
  close: () => Promise<void>,
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * What one file offers: the files of the archive that it is, else itself under its own name. Which of the two is told by
 * its first bytes, since names of downloads say nothing.
 */
export async function openOne(
  { handle, name }: Pick<HeldFile, 'handle' | 'name'>,
  options: { modifiedAt: number | undefined; limits: FileLimits; close: () => Promise<void> },
): Promise<OpenedFiles> {
  const { modifiedAt, limits, close } = options;
  if (await isArchive(handle)) {
    const { stop, ...archive } = await openArchive(handle, limits);
    const stopAndClose = () => {
      stop();
      return close();
    };
    return { ...archive, modifiedAt, close: stopAndClose };
  }
  const { size } = await handle.stat();
  const file = { handle, start: 0, bytes: size, name: path.posix.basename(normaliseName(name)) || 'file' };
  return offer([file], { modifiedAt, findings: [], close });
}

/** Files as they lie. */
export function offer(
  files: readonly HeldFile[],
  rest: { modifiedAt: number | undefined; findings: readonly SourceFinding[]; close: () => Promise<void> },
): OpenedFiles {
  const byName = new Map(files.map((file) => [file.name, file]));
  return {
    ...rest,
    entries: files.map(({ name, bytes }) => ({ name, bytes })),
    read: (name) => {
      const file = byName.get(name);
      if (file === undefined) throw missing('file_missing', 'The file that is asked for is not there.');
      return readStretch(file.handle, file);
    },
  };
}

async function isArchive(handle: ReadableFile): Promise<boolean> {
  const buffer = Buffer.alloc(4);
  const { bytesRead } = await handle.read(buffer, 0, 4, 0);
  const magic = buffer.subarray(0, bytesRead).toString('latin1');
  // A first file; an archive without one (APPNOTE 4.3.7, 4.3.16).
  return magic === 'PK\u0003\u0004' || magic === 'PK\u0005\u0006';
}
