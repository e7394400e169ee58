import { z } from 'zod';
import { ConnectorError, defineConnector, secret } from '../../../contracts/connector.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Database } from '../../../src/platform/db.ts';
import { openLog } from '../../../src/platform/log.ts';
import type { Secrets } from '../../../src/platform/secrets/secrets.ts';
import type { RosterEngine } from '../../../src/sync/engine.ts';
import { createHost } from '../../../src/sync/host/host.ts';
import type { SyncServices } from '../../../src/sync/services.ts';

/** A source with one setting of every kind. It answers unless its address says otherwise. */
const paperSis = defineConnector({
  id: 'paper-sis',
  version: '1.2.0',
  title: 'Paper SIS',
  settings: z.strictObject({
    url: z.string().describe('Where it is'),
    password: secret(z.string().min(3)),
    key: secret(z.string()).optional(),
    pages: z.int().min(1).default(10),
    strict: z.boolean().default(false),
    years: z.array(z.string()).default([]),
    mapping: z.record(z.string(), z.string()).optional(),
    from: z.enum(['upload', 'folder']).default('upload'),
  }),
  capabilities: { entities: ['orgs', 'users'], delta: 'cursor', deletes: 'absence', packages: true },
  limits: { concurrency: 1, requestsPerSecond: 10, pageSize: 100 },
  check: async ({ settings }) => {
    if (settings.url.includes('down')) {
      throw new ConnectorError('unavailable', 'source_down', 'The SIS does not answer. Try again later.');
    }
    if (settings.password !== 'right') {
      throw new ConnectorError(
        'settings',
        'password_refused',
        'The SIS refuses the password. Enter it anew.',
      );
    }
    return { source: 'Paper SIS 9', entities: ['orgs', 'users'], warnings: ['It is slow on Mondays.'] };
  },
  discover: async () => ({
    schools: [
      { sourcedId: 's1', name: 'North' },
      { sourcedId: 's2', name: 'South' },
    ],
  }),
  // biome-ignore lint/correctness/useYield: nothing is read in these tests
  read: async function* () {
    throw new Error('nothing is read here');
  },
});

const idle = () => Promise.reject(new Error('no rows are moved here'));
const engine: RosterEngine = {
  begin: idle,
  load: idle,
  forget: idle,
  validate: idle,
  plan: idle,
  apply: idle,
  undo: async () => ({ created: 0, changed: 0, removed: 0, restored: 0 }),
  release: async () => true,
};

/** What syncing needs, around a source that is asked and never read. What is put into the queue is counted. */
export function createSyncServices(options: {
  db: Database;
  clock: Clock;
  secrets: Secrets;
}): SyncServices & { enqueued: string[] } {
  const enqueued: string[] = [];
  const log = openLog({ level: 'silent' });
  const outbound = () => Promise.reject(new Error('nothing is called here'));
  return {
    ...options,
    log,
    engine,
    host: createHost({ outbound, clock: options.clock, log, dropFolder: undefined }),
    connectors: [paperSis],
    enqueue: async (_tx, queue) => {
      enqueued.push(queue.name);
      return undefined;
    },
    limits: { uploadBytes: 10_000 },
    enqueued,
  };
}
