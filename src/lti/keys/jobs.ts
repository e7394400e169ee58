import { z } from 'zod';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { advanceKeys, type KeyDependencies } from './keys.ts';

/** Promotes published signing keys and publishes successors of old ones when their time has come. */
export const advanceSigningKeys = defineQueue({
  name: 'advance_signing_keys',
  payload: z.strictObject({}),
  policy: 'short',
  schedule: '7 * * * *',
});

export function keyWorkers(dependencies: KeyDependencies): Worker[] {
  return [
    workOn(advanceSigningKeys, async () => {
      await advanceKeys(dependencies, { actor: 'job:advance_signing_keys' });
    }),
  ];
}
