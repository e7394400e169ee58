import { z } from 'zod';
import type { Connector, Page, Seal, SourceRow } from '../../../contracts/connector.ts';
import { ConnectorError, defineConnector, secret } from '../../../contracts/connector.ts';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { Log } from '../../../src/platform/log.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { tables } from '../../../src/roster/tables.ts';
import { createEngine } from '../../../src/sync/engine/create-engine.ts';
import type { RosterEngine } from '../../../src/sync/engine.ts';
import { createHost } from '../../../src/sync/host/host.ts';
import {
  connectRoster,
  getRun,
  type NewRoster,
  type RunRequest,
  requestRun,
  type SyncServices,
  workRun,
} from '../../../src/sync/sync.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import type { TestDatabase } from '../../support/database.ts';

export type Row = Record<string, string> & { sourcedId: string };
export type Roster = Partial<Record<Entity, Row[]>>;

/** A source in memory, and what goes wrong with it. */
export interface Sis {
  roster: Roster;
  /** Entities that are not read to their end. */
  unsealed: Set<Entity>;
  /** Is called before each page. */
  beforePage(entity: Entity, page: number): Promise<void>;
  reads: { entity: Entity; mode: string; state: string | undefined; resumes: boolean }[];
  state: string;
}

const pageRows = 2;
const covered = ['orgs', 'courses', 'users', 'enrollments'] as const satisfies readonly Entity[];

function sisConnector(sis: Sis, delta: 'cursor' | 'none' | 'files', packages: boolean): Connector {
  return defineConnector({
    id: 'memory',
    version: '1.0.0',
    title: 'Memory',
    settings: z.object({
      address: z.string(),
      password: secret(z.string().optional()),
      limit: z.number().default(2),
    }),
    capabilities: { entities: covered, delta, deletes: 'absence', packages },
    limits: { concurrency: 1, requestsPerSecond: 1_000, pageSize: pageRows },
    check: async ({ settings }) => {
      if (settings.password === 'wrong')
        throw new ConnectorError('settings', 'password_wrong', 'Mend the password.');
      return { source: `Memory ${settings.password ?? 'open'}`, entities: [...covered], warnings: [] };
    },
    discover: async () => ({
      schools: (sis.roster.orgs ?? []).map(({ sourcedId, name = '' }) => ({ sourcedId, name })),
    }),
    async *read({ files }, { entity, mode, state, resumes }): AsyncIterable<Page | Seal> {
      sis.reads.push({ entity, mode, state, resumes });
      if (delta === 'files') await files.open({ kind: 'upload' });
      const rows = sis.roster[entity] ?? [];
      let at = resumes ? Number(state) : 0;
      for (; at < rows.length; at += pageRows) {
        await sis.beforePage(entity, at / pageRows);
        const page = rows.slice(at, at + pageRows).map(sourceRow);
        yield {
          kind: 'page',
          part: `memory/${entity}`,
          first: at + 1,
          rows: page,
          checkpoint: String(at + pageRows),
        };
      }
      if (!sis.unsealed.has(entity)) yield { kind: 'seal', expected: rows.length, state: sis.state };
    },
  });
}

function sourceRow({ sourcedId, ...values }: Row): SourceRow {
  return { sourcedId, values };
}

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  flush: () => undefined,
};

/** A school whose roster comes from a source in memory, with the real engine and host. */
export async function createSyncWorld(
  { database, superuser }: TestDatabase,
  slug: string,
  options: {
    roster?: Partial<NewRoster>;
    delta?: 'cursor' | 'none' | 'files';
    packages?: boolean;
    limits?: SyncServices['limits'];
    engine?: (engine: RosterEngine) => RosterEngine;
    tenantId?: TenantId;
  } = {},
) {
  const sis: Sis = {
    roster: {},
    unsealed: new Set(),
    beforePage: async () => undefined,
    reads: [],
    state: 'cursor 1',
  };
  const clock = { at: Date.parse('2026-11-21T12:00:00Z'), now: () => clock.at };
  const by = () => ({ actor: 'operator:test', now: clock.now() });
  const tenantId = options.tenantId ?? (await createTenant(database, { slug, name: slug }, by())).tenantId;
  const enqueued: { queue: string; payload: { runId?: RunId }; startAfterSeconds?: number | undefined }[] =
    [];
  const engine = createEngine({ db: database });
  const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);
  const deps: SyncServices = {
    db: database,
    clock,
    log: quietLog,
    secrets: createSecrets({ kek, clock }),
    engine: options.engine?.(engine) ?? engine,
    host: createHost({
      outbound: () => Promise.reject(new Error('No network')),
      clock,
      log: quietLog,
      dropFolder: undefined,
    }),
    connectors: [sisConnector(sis, options.delta ?? 'cursor', options.packages ?? true)],
    enqueue: async (_tx, queue, payload, wishes = {}) => {
      enqueued.push({ queue: queue.name, payload, startAfterSeconds: wishes.startAfterSeconds });
      return undefined;
    },
    ...(options.limits !== undefined && { limits: options.limits }),
  };
  const { connectionId } = await connectRoster(
    deps,
    tenantId,
    { connector: 'memory', name: 'SIS', settings: { address: 'there' }, ...options.roster },
    by(),
  );
  const request = (given: Partial<RunRequest> = {}, of: ConnectionId = connectionId) =>
    requestRun(deps, tenantId, of, { mode: 'full', isDry: false, ...given }, by());
  const work = (runId: RunId, signal = new AbortController().signal) =>
    workRun(deps, tenantId, runId, signal);
  const run = (runId: RunId) => database.withTenant(tenantId, (tx) => getRun(tx, runId));
  return {
    deps,
    sis,
    clock,
    by,
    tenantId,
    connectionId,
    enqueued,
    request,
    work,
    run,
    /** A whole run. */
    sync: async (given: Partial<RunRequest> = {}) => {
      clock.at += 60_000;
      const runId = await request(given);
      await work(runId);
      return run(runId);
    },
    /** sourcedIds of the roster in use. */
    ids: async (entity: Entity): Promise<string[]> => {
      const { rows } = await superuser.query(
        `select sourced_id from ${tables[entity]} where tenant_id = $1 and connection_id = $2 and removed_at is null
         order by sourced_id`,
        [tenantId, connectionId],
      );
      return rows.map((row) => row.sourced_id);
    },
    /** Whether the run has a place in staging. */
    hasPlace: async (runId: RunId): Promise<boolean> => {
      const { rows } = await superuser.query('select from staging.place where run_id = $1', [runId]);
      return rows.length > 0;
    },
  };
}
export type SyncWorld = Awaited<ReturnType<typeof createSyncWorld>>;

/** A school of so many pupils. @param first the number of the first one */
export function schoolOf(pupils: number, first = 0): Roster {
  const numbers = Array.from({ length: pupils }, (_, index) => first + index);
  return {
    orgs: [{ sourcedId: 's1', name: 'North', type: 'school' }],
    courses: [{ sourcedId: 'c1', title: 'Algebra', orgSourcedId: 's1' }],
    users: numbers.map((number) => ({
      sourcedId: `u${number}`,
      enabledUser: 'true',
      username: `user${number}`,
      givenName: 'Given',
      familyName: `Family ${number}`,
      primaryOrgSourcedId: 's1',
    })),
  };
}
