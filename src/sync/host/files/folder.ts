import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { OpenedFiles } from '../../../../contracts/connector.ts';
import { decideFolder, type ListedFile } from './choose-files.ts';
import { findNameFault, isLitter, normaliseName } from './entry-names.ts';
import { codeOf, missing, unsafe, wrongSettings } from './failures.ts';
import type { FileLimits } from './limits.ts';
import { closeOnFailure, type HeldFile, offer, openOne } from './opened.ts';

interface FoundFile extends ListedFile {
  absolute: string;
}

/**
 * Opens what lies at a path below an institution's own folder. Nothing outside of it can be reached: neither by the path
 * nor by links, which are refused wherever they stand.
 *
 * @param base the institution's folder
 */
export async function openFolder(base: string, below: string, limits: FileLimits): Promise<OpenedFiles> {
  const name = normaliseName(below).replace(/\/$/, '');
  const fault = name === '' ? undefined : findNameFault(name, 16);
  if (fault !== undefined) {
    throw unsafe(
      'folder_path_refused',
      'Give a path below the folder for packages, without "..", such as "roster".',
    );
  }
  const root = await resolveRoot(base);
  const place = await walk(root, name === '' ? [] : name.split('/'));
  if (place.isFile) return openFile(root, place, limits);
  const listed = await list(place.absolute, '', limits);
  const choice = decideFolder(listed);
  if (choice.kind === 'empty') {
    throw missing('folder_empty', 'The folder holds no files yet. Check where the export is written to.');
  }
  if (choice.kind === 'archive') {
    const passedOver = choice.others.map(({ modifiedAt }) => modifiedAt);
    return { ...(await openFile(root, choice.file, limits)), passedOver };
  }
  return openFiles(root, choice.files);
}

async function resolveRoot(base: string): Promise<string> {
  try {
    return await realpath(base);
  } catch (cause) {
    throw missing(
      'folder_missing',
      'This institution has no folder for packages on the hub. Ask who runs it.',
      cause,
    );
  }
}

/** Goes down step by step, so that a link is met where it stands and not followed. */
async function walk(root: string, parts: readonly string[]): Promise<FoundFile & { isFile: boolean }> {
  let absolute = root;
  let stat = await lstat(root);
  for (const part of parts) {
    absolute = path.join(absolute, part);
    try {
      stat = await lstat(absolute);
    } catch (cause) {
      throw missing(
        'folder_missing',
        'The file or folder is not there. Check where the export is written to.',
        cause,
      );
    }
    if (stat.isSymbolicLink()) throw linkRefused();
  }
  if (!stat.isFile() && !stat.isDirectory()) throw linkRefused();
  const name = path.basename(absolute);
  return { name, absolute, bytes: stat.size, modifiedAt: stat.mtimeMs, isFile: stat.isFile() };
}

async function list(folder: string, prefix: string, limits: FileLimits): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    const absolute = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) throw linkRefused();
    if (entry.isDirectory() && name.split('/').length < limits.depth) {
      found.push(...(await list(absolute, `${name}/`, limits)));
    } else if (entry.isFile() && !isLitter(name)) {
      const { size, mtimeMs } = await lstat(absolute);
      found.push({ name: normaliseName(name), absolute, bytes: size, modifiedAt: mtimeMs });
    }
    if (found.length > limits.entries) {
      throw wrongSettings(
        'folder_too_many',
        'The folder holds too many files. Name the one the export is written to.',
      );
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function openFile(root: string, file: FoundFile, limits: FileLimits): Promise<OpenedFiles> {
  const handle = await openBelow(root, file.absolute);
  const close = once(() => handle.close());
  return closeOnFailure(close, () =>
    openOne({ handle, name: file.name }, { modifiedAt: file.modifiedAt, limits, close }),
  );
}

async function openFiles(root: string, files: readonly FoundFile[]): Promise<OpenedFiles> {
  const held: (HeldFile & { handle: FileHandle })[] = [];
  const close = once(async () => {
    await Promise.all(held.map(({ handle }) => handle.close()));
  });
  return closeOnFailure(close, async () => {
    for (const { absolute, name } of files) {
      const handle = await openBelow(root, absolute);
      held.push({ handle, name, start: 0, bytes: 0 });
    }
    const sized = await Promise.all(
      held.map(async (file) => ({ ...file, bytes: (await file.handle.stat()).size })),
    );
    const modifiedAt = Math.max(...files.map((file) => file.modifiedAt));
    return offer(sized, { modifiedAt, findings: [], close });
  });
}

/** Opens an ordinary file; what was a file a moment ago may be a link now, so it is looked at again once it is open. */
async function openBelow(root: string, absolute: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (codeOf(cause) === 'ELOOP') throw linkRefused();
    throw missing('file_missing', 'A file of the folder cannot be read. Check who may read it.', cause);
  }
  return closeOnFailure(
    () => handle.close(),
    async () => {
      const [opened, named, real] = await Promise.all([handle.stat(), lstat(absolute), realpath(absolute)]);
      const isSame = opened.isFile() && opened.ino === named.ino && opened.dev === named.dev;
      if (!isSame || !real.startsWith(`${root}${path.sep}`)) throw linkRefused();
      return handle;
    },
  );
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= close();
    return closed;
  };
}

function linkRefused(): Error {
  return unsafe(
    'folder_link_refused',
    'The path leads over a link. Put the files themselves into the folder.',
  );
}
