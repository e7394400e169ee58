import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tooLarge } from './failures.ts';
import type { ReadableFile } from './readable-file.ts';

/** Where some bytes of a temporary file lie. */
export interface Stretch {
  start: number;
  bytes: number;
}

/** A file that has no name: it vanishes with the process, however that ends. */
export interface TemporaryFile {
  readonly handle: FileHandle;
  /** Writes behind what is there. @throws ConnectorError files_unsafe past the limit of all together */
  append(chunks: AsyncIterable<Buffer>): Promise<Stretch>;
  read(stretch: Stretch): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Opens an empty file that nobody else can read, of so many bytes at most. */
export async function openTemporaryFile(
  mostBytes: number,
  options: { folder?: string } = {},
): Promise<TemporaryFile> {
  const name = path.join(options.folder ?? tmpdir(), `gatehouse-${randomUUID()}`);
  const handle = await open(name, 'wx+', 0o600);
  try {
    // People's data: without a name it is gone even after a kill, and nothing has to be swept up.
    await unlink(name);
  } catch (error) {
    await handle.close();
    throw error;
  }
  let end = 0;
  return {
    handle,
    async append(chunks) {
      const start = end;
      for await (const chunk of chunks) {
        if (end + chunk.length > mostBytes) throw tooLarge(mostBytes);
        for (let written = 0; written < chunk.length; ) {
          const { bytesWritten } = await handle.write(chunk, written, chunk.length - written, end + written);
          written += bytesWritten;
        }
        end += chunk.length;
      }
      return { start, bytes: end - start };
    },
    read: (stretch) => readStretch(handle, stretch),
    close: () => handle.close(),
  };
}

const pieceBytes = 256 * 1024;

/** Reads a part of an open file, piece by piece; several readers do not disturb each other. */
export async function* readStretch(
  handle: ReadableFile,
  { start, bytes }: Stretch,
): AsyncGenerator<Buffer, void, undefined> {
  for (let done = 0; done < bytes; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bytes - done));
    const { bytesRead } = await handle.read(piece, 0, piece.length, start + done);
    if (bytesRead === 0) return;
    done += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
