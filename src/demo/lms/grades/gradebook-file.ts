import { z } from 'zod';
import type { World } from '../../world.ts';
import { openKeptFile } from '../kept-file.ts';
import type { Gradebook } from './gradebook.ts';
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
  const what = { name: 'gradebook', code: 'gradebook_unreadable' };
  const { recorded, write } = await openKeptFile(file, fileForm, what);
  return createGradebook(world, recorded, write);
}
