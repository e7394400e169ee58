import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DomainError } from '../../../platform/errors.ts';
import type { World } from '../../world.ts';
import type { Gradebook, GradebookRecord } from './gradebook.ts';
import { createGradebook } from './gradebook.ts';
import { lineItemBody } from './line-item-body.ts';
import { keptFields } from './score-body.ts';

const fileForm = z.object({
  lineItems: z.array(
    lineItemBody.extend({
      id: z.string(),
      courseId: z.string(),
      clientId: z.string().nullable(),
      deleted: z.boolean(),
    }),
  ),
  scores: z.array(keptFields.extend({ lineItemId: z.string(), personId: z.string(), arrivedAt: z.number() })),
});

/**
 * The gradebook of a world, kept in a file of JSON so that scores outlive the process.
 *
 * @throws DomainError internal `gradebook_unreadable` for a file that holds something else
 */
export async function openGradebook(world: World, file: string): Promise<Gradebook> {
  const recorded = await readRecord(file);
  await mkdir(path.dirname(file), { recursive: true });
  return createGradebook(world, recorded, createWriter(file));
}

async function readRecord(file: string): Promise<GradebookRecord | undefined> {
  try {
    return fileForm.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const message = `The simulated LMS cannot read its gradebook. Remove ${file} to begin with an empty one.`;
    throw new DomainError('internal', 'gradebook_unreadable', message, { cause });
  }
}

/** Writes one at a time. Whoever asks while one is under way shares the next, which holds every change until then. */
function createWriter(file: string): (read: () => GradebookRecord) => Promise<void> {
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
