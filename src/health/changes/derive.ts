import { z } from 'zod';
import {
  type ChangeId,
  type ConnectionId,
  HUB_TENANT,
  newId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { auditEventsAfter, type RecordedEvent } from '../../audit/audit.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { listTenants } from '../../tenants/tenants.ts';
import {
  findReverted,
  type IntegrationChange,
  insertChanges,
  listStaleTenants,
  listVersionChanges,
  lockCursor,
  moveCursor,
  setReverted,
} from './change-store.ts';
import { decideChangeType, readSubject } from './classify.ts';

export interface DeriveDeps {
  db: Pick<Database, 'withTenant' | 'withHub' | 'withRollup' | 'directory'>;
  clock: Clock;
  log: Log;
}

const pageSize = 500;
/** Runs are looked at again for so long; what is known already is not added twice. */
const runsBackMs = 7 * 86_400_000;

/**
 * Derives a tenant's changes from what is recorded of them: the audit trail, read on from where it was read to, and the
 * versions of connectors that its runs were made with. Safe to run at any time.
 *
 * @returns how many were new
 */
export async function deriveChanges(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  now: number,
): Promise<number> {
  let made = 0;
  for (let read = pageSize; read === pageSize; ) {
    const page = await db.withTenant(tenantId, readPage);
    read = page.read;
    made += page.made;
  }
  return made + (await db.withTenant(tenantId, (tx) => addVersions(tx, now)));
}

/** Derives the changes of whoever may have new ones. One tenant that fails stops no other. */
export async function deriveAllChanges({ db, clock, log }: DeriveDeps, signal?: AbortSignal): Promise<void> {
  const now = clock.now();
  const attempt = (work: Promise<unknown>, tenantId: TenantId) =>
    work.catch((error: unknown) => log.warn('changes_not_derived', { tenantId, error }));
  await attempt(deriveHubChanges(db), HUB_TENANT);
  const { read, stale } = await db.withRollup((tx) => listStaleTenants(tx, new Date(now - 3_600_000)));
  for (const { tenantId } of await listTenants(db.directory)) {
    if (signal?.aborted === true) return;
    if (stale.has(tenantId) || !read.has(tenantId)) await attempt(deriveChanges(db, tenantId, now), tenantId);
  }
}

/** The same for the hub's own audit trail. */
export async function deriveHubChanges(db: Pick<Database, 'withHub'>): Promise<number> {
  let made = 0;
  for (let read = pageSize; read === pageSize; ) {
    const page = await db.withHub(readPage);
    read = page.read;
    made += page.made;
  }
  return made;
}

async function readPage(tx: TenantTx | HubTx): Promise<{ read: number; made: number }> {
  const after = await lockCursor(tx);
  const events = await auditEventsAfter(tx, { after, limit: pageSize });
  const last = events.at(-1);
  if (last === undefined) return { read: 0, made: 0 };
  const changes = events.flatMap(toChange);
  const made = await insertChanges(tx, changes);
  const reverted = await findReverted(
    tx,
    changes.map(({ originRef }) => Number(originRef)),
  );
  await setReverted(tx, reverted);
  await moveCursor(tx, last.event.sequence);
  return { read: events.length, made };
}

const entered = z.object({ entered: z.array(z.string()) });

function toChange({ event, values }: RecordedEvent): IntegrationChange[] {
  const { action, subject, actor, at, sequence } = event;
  const named = entered.safeParse(values?.after);
  const type = decideChangeType({ action, subject, entered: named.success ? named.data.entered : [] });
  if (type === undefined) return [];
  const { connectionId = null, toolId = null } = readSubject(subject);
  return [
    {
      ...{ changeId: newId<ChangeId>(at), type, toolId, actor, at: new Date(at), reverts: null },
      // A version is what tells releases apart.
      action: type === 'hub_release' ? `hub:${subject.slice(subject.indexOf(':') + 1)}` : action,
      connectionId: connectionId as ConnectionId | null,
      ...{ origin: 'audit', originRef: String(sequence) },
    },
  ];
}

async function addVersions(tx: TenantTx, now: number): Promise<number> {
  const found = await listVersionChanges(tx, new Date(now - runsBackMs));
  return insertChanges(
    tx,
    found.map(
      ({ connectionId, connector, version, runId, at }): IntegrationChange => ({
        ...{ changeId: newId<ChangeId>(at.getTime()), type: 'connector_version', connectionId, toolId: null },
        ...{ origin: 'run', originRef: runId, action: `connector:${connector}:${version}` },
        ...{ actor: 'job:work_roster_run', at, reverts: null },
      }),
    ),
  );
}
