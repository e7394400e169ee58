import { Router } from 'express';
import { createCache } from '../platform/cache.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPrograms } from '../platform/http/request-context.ts';
import { listAppliedMigrations } from './store.ts';

/** Whether this copy takes requests. */
export interface Readiness {
  stopping: boolean;
}

export interface ProbeRouterOptions {
  database: Pick<Database, 'hub'>;
  readiness: Readonly<Readiness>;
  /** Names of the migrations of this version. */
  migrations: readonly string[];
  clock: Clock;
  /** How long the database may take to answer, in milliseconds. */
  timeoutMs?: number;
}

/** How long an answer of the database is passed on, in milliseconds: anybody may ask, as often as they like. */
const keptMs = 1_000;

/**
 * `GET /healthz`: the process answers. `GET /readyz`: it should get requests, since the database answers, has every
 * migration of this version and the copy is not stopping.
 */
export function createProbeRouter(options: ProbeRouterOptions): Router {
  const router = Router();
  const checks = createCache<DatabaseChecks>({ capacity: 1, timeToLiveMs: keptMs, clock: options.clock });
  endpoint(router, '/healthz', {
    get: (_request, response) => {
      response.set('Cache-Control', 'no-store').json({ status: 'ok' });
    },
  });
  endpoint(router, '/readyz', {
    get: [
      forPrograms,
      async (_request, response) => {
        const database = await checks.get('database', () => checkDatabase(options));
        const details = { running: !options.readiness.stopping, ...database };
        if (!Object.values(details).every(Boolean)) {
          throw new DomainError('upstream', 'not_ready', 'This copy should not get requests now.', {
            details,
          });
        }
        response.set('Cache-Control', 'no-store').json({ status: 'ready', ...details });
      },
    ],
  });
  return router;
}

interface DatabaseChecks {
  database: boolean;
  migrations: boolean;
}

async function checkDatabase(options: ProbeRouterOptions): Promise<DatabaseChecks> {
  const { database, migrations, timeoutMs = 2_000 } = options;
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    const applied = await Promise.race([
      listAppliedMigrations(database.hub()),
      new Promise<never>((_resolve, reject) => {
        timeout.addEventListener('abort', () => reject(timeout.reason), { once: true });
      }),
    ]);
    // Migrations this version does not know are those of a newer one, which are safe for it.
    return { database: true, migrations: migrations.every((name) => applied.includes(name)) };
  } catch {
    return { database: false, migrations: false };
  }
}
