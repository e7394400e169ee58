import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import type { OpenedFiles } from '../../../../contracts/connector.ts';
import { type ArchiveEntry, type ArchiveFault, planArchive } from './archive-plan.ts';
import { damaged, missing, unsafe } from './failures.ts';
import { inflateApart, pieceBytes } from './inflate-apart.ts';
import type { FileLimits } from './limits.ts';
import type { ReadableFile } from './readable-file.ts';
import { readStretch } from './temporary-file.ts';

interface ZipEntry extends ArchiveEntry {
  entry: yauzl.Entry;
}

const advice: Readonly<Record<ArchiveFault, string>> = {
  archive_name_empty: 'The archive holds a file without a proper name. Make it anew.',
  archive_path_absolute: 'The archive holds a file with an absolute path. Make it from inside its folder.',
  archive_path_leads_out: 'The archive holds a path that leads out of it. Make it from inside its folder.',
  archive_nested: 'The archive holds folders within folders. Put the files at its top.',
  archive_encrypted:
    'The archive is protected by a password. Make it without one; the way to the hub is encrypted.',
  archive_method: 'The archive is compressed in an unusual way. Make an ordinary ZIP archive (deflate).',
  archive_symlink: 'The archive holds a symbolic link. Put the file itself into it.',
  archive_duplicate: 'The archive holds two files of the same name. Make it anew.',
  archive_overlap:
    'Files of the archive share their bytes, as in archives that are made to do harm. It is not read.',
  archive_too_many: 'The archive holds too many files. Send the files of the roster only.',
  archive_too_large: 'The archive unpacks to more than the hub takes. Export fewer years or schools at once.',
  archive_bomb: 'The archive unpacks to far more than its own size, as bombs do. It is not read.',
};

/**
 * Opens a ZIP archive for reading; the handle stays the caller's to close, after `stop`, which ends all reading. Sizes and
 * checksums are held against the directory while files are read, so that nothing larger than announced ever comes out.
 *
 * @throws ConnectorError files_unsafe, source_missing `archive_damaged`
 */
export async function openArchive(
  handle: ReadableFile,
  limits: FileLimits,
): Promise<Pick<OpenedFiles, 'entries' | 'findings' | 'read'> & { stop(): void }> {
  const { zip, entries } = await readDirectory(handle, limits);
  const plan = planArchive(entries, zip.fileSize, limits);
  if (plan.kind === 'refuse') throw unsafe(plan.fault, advice[plan.fault]);
  const { files, litter } = plan;
  const stopped = new AbortController();
  return {
    stop: () => stopped.abort(),
    entries: [...files].map(([name, { uncompressed }]) => ({ name, bytes: uncompressed })),
    findings: litter === 0 ? [] : [{ code: 'file_left_out', severity: 'repaired', count: litter }],
    read: (name) => {
      const found = files.get(name);
      if (found === undefined)
        throw missing('file_missing', 'The archive does not hold the file that is asked for.');
      return readEntry(handle, zip, found.entry, stopped.signal);
    },
  };
}

async function readDirectory(
  handle: ReadableFile,
  limits: FileLimits,
): Promise<{ zip: yauzl.ZipFile; entries: ZipEntry[] }> {
  const entries: ZipEntry[] = [];
  try {
    const { size } = await handle.stat();
    const zip = await yauzl.fromRandomAccessReaderPromise(new HandleReader(handle), size, {
      autoClose: false,
      // Names are judged here, where each fault has a code.
      decodeStrings: false,
      validateEntrySizes: false,
    });
    // One more than allowed is enough to refuse it.
    if (zip.entryCount > limits.entries) throw unsafe('archive_too_many', advice.archive_too_many);
    for await (const entry of zip.eachEntry()) {
      entries.push(describe(entry));
      if (entries.length > limits.entries) break;
    }
    return { zip, entries };
  } catch (error) {
    throw asDamage(error);
  }
}

function describe(entry: yauzl.Entry): ZipEntry {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3;
  return {
    entry,
    name: yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true),
    compressed: entry.compressedSize,
    uncompressed: entry.uncompressedSize,
    offset: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    isEncrypted: entry.isEncrypted(),
    mode: madeOnUnix ? entry.externalFileAttributes >>> 16 : 0,
  };
}

/** Reads by the handle and never by its number, which may be another file's once the handle is closed. */
class HandleReader extends yauzl.RandomAccessReader {
  readonly #handle: ReadableFile;

  constructor(handle: ReadableFile) {
    super();
    this.#handle = handle;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readStretch(this.#handle, { start, bytes: end - start }));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#handle.read(buffer, offset, length, position).then(
      ({ bytesRead }) => done(null, bytesRead),
      (error: Error) => done(error),
    );
  }
}

async function* readEntry(
  handle: ReadableFile,
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let checksum = 0;
  try {
    const header = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const raw = readStretch(handle, { start: header.fileDataStart, bytes: entry.compressedSize });
    for await (const chunk of unpack(entry, raw, signal)) {
      bytes += chunk.length;
      if (bytes > entry.uncompressedSize) throw unsafe('archive_bomb', advice.archive_bomb);
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
    if (bytes !== entry.uncompressedSize || checksum !== entry.crc32) throw damaged();
  } catch (error) {
    throw asDamage(error);
  }
}

const stored = 0;

/** A thread of its own is not worth beginning for less. */
const largeBytes = 16 * 1024 * 1024;

function unpack(entry: yauzl.Entry, raw: AsyncIterable<Buffer>, signal: AbortSignal): AsyncIterable<Buffer> {
  if (entry.compressionMethod === stored) return raw;
  return entry.uncompressedSize < largeBytes ? inflate(raw) : inflateApart(raw, signal);
}

async function* inflate(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: pieceBytes });
  // Its failure is met below, as the inflater's own.
  const copied = pipeline(compressed, inflater).catch(() => {});
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } finally {
    inflater.destroy();
    await copied;
  }
}

/** What the reader of archives throws has no code: an archive it cannot read is one that is not whole. */
function asDamage(error: unknown): unknown {
  const isOurs = error instanceof Error && error.name === 'ConnectorError';
  return isOurs ? error : damaged(error);
}
