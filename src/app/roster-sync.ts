import { connectors } from '../../connectors/index.ts';
import type { Worker } from '../platform/jobs/queue.ts';
import type { Jobs } from '../platform/jobs.ts';
import { createEngine } from '../sync/engine/create-engine.ts';
import { createHost } from '../sync/host/host.ts';
import { type SyncServices, syncWorkers } from '../sync/sync.ts';
import type { Closers } from './closers.ts';
import { openAppDatabase, type Platform, type PlatformOptions } from './platform.ts';

/** Connections for runs under way: few, and not those that requests wait for. */
const connections = 4;

/** The syncing part of a copy. */
export interface RosterSync {
  /** For requests: what is asked for is done by the workers. */
  services: SyncServices;
  /** None in a copy that does no background work. */
  workers: readonly Worker[];
  /** The queue of this copy, once it is open. */
  useJobs(jobs: Jobs): void;
}

/** Builds what rosters are synced with; what it opens is closed through `closers`. */
export async function openRosterSync(
  options: PlatformOptions & { work: boolean },
  platform: Pick<Platform, 'db' | 'clock' | 'secrets' | 'partnerFetch'> & Partial<Pick<Platform, 'breakers'>>,
  closers: Closers,
): Promise<RosterSync> {
  const { config, log, work } = options;
  const { db, clock, secrets, partnerFetch, breakers } = platform;
  const opened = Promise.withResolvers<Jobs>();
  const host = createHost({
    outbound: partnerFetch,
    breakers,
    clock,
    log,
    dropFolder: config.dropFolder,
    allowLoopback: config.allowLoopback,
    onAttempt: ({ tenantId, connectionId, host, attempt, status = 0, errorCode = 'none' }) => {
      log.debug('roster_call', { tenantId, connectionId, host, attempt, status, code: errorCode });
    },
  });
  const services: SyncServices = {
    db,
    clock,
    log,
    secrets,
    engine: createEngine({ db }),
    host,
    connectors,
    enqueue: async (...job) => (await opened.promise).enqueue(...job),
  };
  return {
    services,
    workers: work ? syncWorkers(await withOwnDatabase(services, options, closers)) : [],
    useJobs: opened.resolve,
  };
}

/** Runs take minutes: launches never wait for their connections. */
async function withOwnDatabase(
  services: SyncServices,
  options: PlatformOptions,
  closers: Closers,
): Promise<SyncServices> {
  const db = await openAppDatabase(options, connections);
  closers.add(() => db.close());
  return { ...services, db, engine: createEngine({ db }) };
}
