import { z } from 'zod';
import { type WorkShape, workShapes } from '../../../contracts/burden.ts';
import { HUB_TENANT, newId, type TenantId, type WorkSourceId } from '../../../contracts/ids.ts';
import { mostWorkItems, type NewWorkItem, newWorkItem } from '../../../contracts/work-items.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { newSecret } from '../../platform/handle.ts';
import { parseJson } from '../../platform/http/json.ts';
import { parseInput } from '../../platform/input.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { inScope } from '../notifications/targets.ts';
import { type Headers, isSigned } from './signature.ts';
import { readTracked } from './trackers.ts';
import {
  deleteSource,
  findSource,
  insertSource,
  listSources,
  removeWork,
  saveWork,
  type WorkSource,
} from './work-store.ts';

export type { WorkSource } from './work-store.ts';

type Scopes = Pick<Database, 'withTenant' | 'withHub'>;
const items = z.array(newWorkItem).max(mostWorkItems);
const newSource = z.strictObject({ shape: z.enum(workShapes), name: z.string().trim().min(1).max(200) });

/** The address of a tracker's secret among sealed records. */
function placeOf(sourceId: WorkSourceId) {
  return { table: 'work_source', row: sourceId, column: 'sealed_secret' } as const;
}

/** Where a tracker sends its messages, from the hub's root. */
export function hookPath(tenantId: TenantId, sourceId: WorkSourceId): string {
  return `/hooks/trackers/${tenantId}/${sourceId}`;
}

/**
 * Takes work that somebody hands over, for a school or under the nil tenant for the hub; what is known by its id is replaced.
 *
 * @returns how many pieces
 * @throws DomainError input `work_invalid`
 */
export async function importWork(
  db: Scopes,
  tenantId: TenantId,
  { source, work }: { source: 'csv' | 'api'; work: readonly z.input<typeof newWorkItem>[] },
  by: ChangeBy,
): Promise<number> {
  const parsed: NewWorkItem[] = parseInput(items, work, 'work_invalid');
  return inScope(db, tenantId, async (tx) => {
    const count = await saveWork(tx, source, parsed, new Date(by.now));
    await record(tx, 'work.imported', { source, count }, by);
    return count;
  });
}

/**
 * Lets a tracker tell of work. Its secret is shown now and never again.
 *
 * @throws DomainError input `work_source_invalid`
 */
export async function addWorkSource(
  { db, secrets }: { db: Scopes; secrets: Pick<Secrets, 'seal'> },
  tenantId: TenantId,
  input: { shape: WorkShape; name: string },
  by: ChangeBy,
): Promise<{ source: WorkSource; secret: string; path: string }> {
  const { shape, name } = parseInput(newSource, input, 'work_source_invalid');
  const sourceId = newId<WorkSourceId>(by.now);
  const secret = newSecret();
  const source: WorkSource = { sourceId, shape, name, createdAt: new Date(by.now) };
  await inScope(db, tenantId, async (tx) => {
    const sealedSecret = await secrets.seal(tx, placeOf(sourceId), secret);
    await insertSource(tx, { ...source, sealedSecret });
    await record(tx, 'work_source.added', { sourceId, shape, name }, by);
  });
  return { source, secret, path: hookPath(tenantId, sourceId) };
}

export function readWorkSources(db: Scopes, tenantId: TenantId): Promise<WorkSource[]> {
  return inScope(db, tenantId, listSources);
}

/** Takes no more from a tracker; what it told of stays. @throws DomainError not_found `work_source_unknown` */
export async function removeWorkSource(
  db: Scopes,
  tenantId: TenantId,
  sourceId: WorkSourceId,
  by: ChangeBy,
): Promise<WorkSource> {
  return inScope(db, tenantId, async (tx) => {
    const source = await deleteSource(tx, sourceId);
    if (source === undefined) {
      const message = 'There is no such tracker here. List the trackers to see their ids.';
      throw new DomainError('not_found', 'work_source_unknown', message);
    }
    await record(tx, 'work_source.removed', { sourceId }, by);
    return source;
  });
}

/**
 * Takes a tracker's message. A message that comes twice changes nothing more.
 *
 * @returns what it was
 * @throws DomainError unauthenticated `hook_refused`: an unknown tracker and a wrong signature alike; input `json_malformed`
 */
export async function takeHook(
  { db, secrets, now }: { db: Scopes; secrets: Pick<Secrets, 'open'>; now: number },
  { tenantId, sourceId }: { tenantId: TenantId; sourceId: WorkSourceId },
  { headers, body }: { headers: Headers; body: Uint8Array },
): Promise<'work' | 'none' | 'other_event'> {
  return inScope(db, tenantId, async (tx) => {
    const source = await findSource(tx, sourceId);
    if (source === undefined) throw refused();
    const secret = (await secrets.open(tx, placeOf(sourceId), source.sealedSecret)).toString();
    if (!isSigned(source.shape, secret, headers, body)) throw refused();
    const tracked = readTracked(source.shape, parseJson(body), now);
    if (tracked.kind === 'work') await saveWork(tx, sourceId, [tracked.item], new Date(now));
    if (tracked.kind === 'none') await removeWork(tx, sourceId, tracked.externalId);
    return tracked.kind;
  });
}

function refused(): DomainError {
  const message = 'The message is of no tracker that is known here, or is not signed with its secret.';
  return new DomainError('unauthenticated', 'hook_refused', message);
}

function record(tx: TenantTx | HubTx, action: string, after: object, by: ChangeBy): Promise<void> {
  const announce = `tenant:${tx.tenantId}` as const;
  return recordChange(tx, { announce, action, subject: announce, after }, by);
}

/** Whether these words can name a tracker. */
export function readHookName(tenant: unknown, source: unknown) {
  const [tenantId, sourceId] = [z.uuid().safeParse(tenant).data, z.uuid().safeParse(source).data];
  const isHub = tenant === HUB_TENANT;
  if ((tenantId === undefined && !isHub) || sourceId === undefined) throw refused();
  return { tenantId: (tenantId ?? HUB_TENANT) as TenantId, sourceId: sourceId as WorkSourceId };
}
