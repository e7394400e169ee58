import { createClosers } from '../app/closers.ts';
import type { PlatformOptions } from '../app/platform.ts';
import { openRosterSync } from '../app/roster-sync.ts';
import type { Storage } from '../app/storage.ts';
import type { Database } from '../platform/db.ts';
import { openJobs } from '../platform/jobs.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import { telemetryOff } from '../platform/telemetry.ts';
import type { SyncServices } from '../sync/sync.ts';

/** What commands need to ask and change the sources of rosters. Runs are put into the queue, for a hub that works. */
export async function openCliSync(
  options: PlatformOptions & { storage: Pick<Storage, 'url' | 'directUrl'> },
  platform: { db: Database; secrets: Secrets; fetch: OutboundFetch },
): Promise<{ services: SyncServices; close(): Promise<void> }> {
  const { storage, log, clock } = options;
  const closers = createClosers(log);
  const jobs = await openJobs({ url: storage.directUrl, log, telemetry: telemetryOff, workers: [] });
  closers.add((timeoutMs) => jobs.stop(timeoutMs));
  const { fetch, ...rest } = platform;
  // Somebody waits for the answer of the source itself.
  const own = { ...rest, clock, partnerFetch: fetch };
  const sync = await openRosterSync({ ...options, work: false }, own, closers);
  sync.useJobs(jobs);
  return { services: sync.services, close: () => closers.close(1_000) };
}
