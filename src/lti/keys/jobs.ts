import { z } from 'zod';
import { defineQueue, type Queue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { advanceKeys, type KeyDependencies } from './keys.ts';

/** Hourly, since the shortest step in a key's life is a day; one that is missed is made up by the next. */
export const signingKeysQueue: Queue<Record<string, never>> = defineQueue({
  name: 'signing_keys',
  payload: z.strictObject({}),
  policy: 'short',
  schedule: '17 * * * *',
});

/** Promotes, retires and replaces the hub's signing keys as time asks for. Repeating it changes nothing more. */
export function createSigningKeysWorker(dependencies: KeyDependencies): Worker {
  return workOn(signingKeysQueue, async () => {
    await advanceKeys(dependencies, { actor: `job:${signingKeysQueue.name}` });
  });
}
