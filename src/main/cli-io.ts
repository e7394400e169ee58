import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { CliIo } from '../cli/command.ts';
import { systemClock } from '../platform/clock.ts';
import { DomainError } from '../platform/errors.ts';

/** The terminal and the file system, as commands reach them. */
export function createCliIo(hub: Pick<CliIo, 'openHub' | 'migrate'>): CliIo {
  return {
    clock: systemClock,
    out: (said) => void process.stdout.write(said),
    err: (said) => void process.stderr.write(said),
    readFile: (path) =>
      (path === '-' ? text(process.stdin) : readFile(path, 'utf8')).catch((cause: unknown) =>
        refuse('read', path, cause),
      ),
    readLines: (path) => readLines(path),
    readBytes: (path) => readBytes(path),
    wait: (ms) => wait(ms),
    writeFile: async (path, pieces) => {
      // An export may hold what only its reader should see, and never takes the place of an earlier one.
      const file = await open(path, 'wx', 0o600).catch((cause: unknown) => refuse('written', path, cause));
      try {
        for await (const piece of pieces) await file.write(piece);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    ...hub,
  };
}

async function* readLines(path: string): AsyncIterable<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    refuse('read', path, cause);
  } finally {
    stream.destroy();
  }
}

async function* readBytes(path: string): AsyncIterable<Buffer> {
  const stream = createReadStream(path);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (cause) {
    refuse('read', path, cause);
  } finally {
    stream.destroy();
  }
}

function refuse(what: 'read' | 'written', path: string, cause: unknown): never {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  throw new DomainError('input', 'file_unusable', `The file ${path} cannot be ${what} (${code}).`, { cause });
}
