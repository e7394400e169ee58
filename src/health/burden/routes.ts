import { Router } from 'express';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { readBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { limitByAddress } from '../../platform/http/rate-limit.ts';
import { forPrograms } from '../../platform/http/request-context.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { readHookName, takeHook } from './work.ts';

export interface WorkHookOptions {
  db: Pick<Database, 'withTenant' | 'withHub'>;
  secrets: Pick<Secrets, 'open'>;
  clock: Clock;
}

/** A message holds an issue with its text; more is no message of a tracker. */
const largestMessage = 1024 * 1024;

/** `POST /hooks/trackers/…`: trackers tell of work on integrations, each message signed. */
export function createWorkHookRouter({ db, secrets, clock }: WorkHookOptions): Router {
  const router = Router({ caseSensitive: true });
  endpoint(router, '/hooks/trackers/:tenantId/:sourceId', {
    post: [
      forPrograms,
      limitByAddress({ name: 'work_hook', clock, perSecond: 10, burst: 100 }),
      async (request, response) => {
        const named = readHookName(request.params.tenantId, request.params.sourceId);
        // The signature is of the bytes, so they are read before anything is parsed.
        const body = await readBody(request, largestMessage);
        const message = { headers: request.headers, body };
        const taken = await takeHook({ db, secrets, now: clock.now() }, named, message);
        response.set('Cache-Control', 'no-store').json({ taken });
      },
    ],
  });
  return router;
}
