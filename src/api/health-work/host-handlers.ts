import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { readDownHosts, resetHost } from '../../health/breaker/hosts.ts';
import type { Database } from '../../platform/db.ts';
import type { Handlers } from '../router.ts';

const done = { done: true } as const;
const iso = (time: number) => new Date(time).toISOString();

/** What is done for the endpoints about hosts of partners that are down. */
export function hostHandlers(db: Database): Pick<Handlers<typeof endpoints>, 'listDownHosts' | 'resetHost'> {
  return {
    listDownHosts: async () => ({
      hosts: (await readDownHosts(db)).map(({ host, breaker: { openedAt, until, ...rest } }) => ({
        ...{ host, ...rest, openedAt: iso(openedAt), until: iso(until) },
      })),
    }),
    resetHost: async ({ body, by }) => {
      await resetHost(db, body.host, by);
      return done;
    },
  };
}
