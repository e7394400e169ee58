import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ZodType } from 'zod';
import { DomainError } from '../../platform/errors.ts';

/** What a file holds, and how it is replaced. */
export interface KeptFile<T> {
  /** Undefined: there is no such file yet. */
  recorded: T | undefined;
  /** Resolves when a file has been written that holds every change made before the call. */
  write(read: () => unknown): Promise<void>;
}

/**
 * A file of JSON in which a part of the LMS outlives the process.
 *
 * @throws DomainError internal, with the code given, for a file that holds something else
 */
export async function openKeptFile<T>(
  file: string,
  form: ZodType<T>,
  what: { name: string; code: string },
): Promise<KeptFile<T>> {
  const recorded = await readRecord(file, form, what);
  await mkdir(path.dirname(file), { recursive: true });
  return { recorded, write: createWriter(file) };
}

async function readRecord<T>(
  file: string,
  form: ZodType<T>,
  { name, code }: { name: string; code: string },
): Promise<T | undefined> {
  try {
    return form.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const message = `The simulated LMS cannot read its ${name}. Remove ${file} to begin with an empty one.`;
    throw new DomainError('internal', code, message, { cause });
  }
}

/** Writes one at a time. Whoever asks while one is under way shares the next, which holds every change until then. */
function createWriter(file: string): (read: () => unknown) => Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return (read) => {
    next ??= writing
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        writing = replaceFile(file, JSON.stringify(read()));
        return writing;
      });
    return next;
  };
}

/** A process that ends meanwhile leaves the old file or the new one, never a part. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}
