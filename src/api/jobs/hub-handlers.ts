import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { listKeys, revokeSigningKey, rotateSigningKey } from '../../lti/keys/keys.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { readQueueStates } from '../../platform/jobs/queue-state-store.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import type { Handlers } from '../router.ts';

type HubEndpoint = 'listQueues' | 'showSettings' | 'listKeys' | 'rotateKeys' | 'revokeKey';

/** How this copy was set up, without anything secret. */
export interface ShownSettings {
  version: string;
  settings: readonly { name: string; value: string | null; secret: boolean; about: string }[];
}

export interface HubServices {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  settings: () => Promise<ShownSettings>;
}

const orNull = (at: Date | null) => at?.toISOString() ?? null;

/** What is done for the endpoints about the hub itself: its queues, settings and signing keys. */
export function hubHandlers(services: HubServices): Pick<Handlers<typeof consoleEndpoints>, HubEndpoint> {
  const { db } = services;
  const show = (changes: Awaited<ReturnType<typeof rotateSigningKey>>) => ({
    changes: changes.map(({ kid, from, to }) => ({ kid, from: from ?? null, to })),
  });
  return {
    listQueues: async () => {
      const queues = await readQueueStates(db.hub());
      return {
        queues: queues.map(({ oldestWaiting, lastDoneAt, lastFailedAt, ...rest }) => ({
          ...rest,
          oldestWaiting: orNull(oldestWaiting),
          lastDoneAt: orNull(lastDoneAt),
          lastFailedAt: orNull(lastFailedAt),
        })),
      };
    },
    showSettings: async () => {
      const { version, settings } = await services.settings();
      return { version, settings: [...settings] };
    },
    listKeys: async () => {
      const keys = await listKeys(services);
      return {
        keys: keys.map(({ kid, state, createdAt, changedAt }) => ({
          ...{ kid, state },
          createdAt: new Date(createdAt).toISOString(),
          changedAt: new Date(changedAt).toISOString(),
        })),
      };
    },
    rotateKeys: async ({ body: { immediately }, by }) =>
      show(await rotateSigningKey(services, by, { immediately })),
    revokeKey: async ({ params, by }) => show(await revokeSigningKey(services, by, params.kid)),
  };
}
