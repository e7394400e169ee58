import { Router } from 'express';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPrograms } from '../platform/http/request-context.ts';
import { readMigrations } from '../platform/migrate.ts';
import { listAppliedMigrations } from './store.ts';

/** Whether this copy takes requests. */
export interface Readiness {
  stopping: boolean;
}

export interface ProbeRouterOptions {
  database: Pick<Database, 'withHub'>;
  readiness: Readonly<Readiness>;
  /** How long the database may take to answer, in milliseconds. */
  timeoutMs?: number;
}

/**
 * `GET /healthz`: the process answers. `GET /readyz`: it should get requests, since the database answers, has every
 * migration of this version and the copy is not stopping.
 */
export function createProbeRouter(options: ProbeRouterOptions): Router {
  const router = Router();
  endpoint(router, '/healthz', {
    get: (_request, response) => {
      response.set('Cache-Control', 'no-store').json({ status: 'ok' });
    },
  });
  endpoint(router, '/readyz', {
    get: [
      forPrograms,
      async (_request, response) => {
        const checks = await checkReadiness(options);
        if (!Object.values(checks).every(Boolean)) {
          throw new DomainError('upstream', 'not_ready', 'This copy should not get requests now.', {
            details: checks,
          });
        }
        response.set('Cache-Control', 'no-store').json({ status: 'ready', ...checks });
      },
    ],
  });
  return router;
}

interface Checks extends Record<string, boolean> {
  running: boolean;
  database: boolean;
  migrations: boolean;
}

async function checkReadiness(options: ProbeRouterOptions): Promise<Checks> {
  const { database, readiness, timeoutMs = 2_000 } = options;
  const running = !readiness.stopping;
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    const applied = await Promise.race([
      database.withHub(listAppliedMigrations),
      new Promise<never>((_resolve, reject) => {
        timeout.addEventListener('abort', () => reject(timeout.reason), { once: true });
      }),
    ]);
    // Migrations this version does not know are those of a newer one, which are safe for it.
    const known = await readMigrations();
    return { running, database: true, migrations: known.every(({ name }) => applied.includes(name)) };
  } catch {
    return { running, database: false, migrations: false };
  }
}
