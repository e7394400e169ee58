import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { hasErasedSince } from '../erase-store.ts';
import type { SyncServices } from '../services.ts';
import { removeUpload } from '../uploads/upload-store.ts';
import { removeEntityStates } from './entity-store.ts';
import { giveRoom } from './room.ts';
import { findRun, lockRun, markCleared } from './run-store.ts';
import { listOpenRuns } from './turn-store.ts';

/** So long after its end a run gives its rows back at the latest, in milliseconds, even while people launch. */
const longestWaitMs = 30 * 60_000;

type Deps = Pick<SyncServices, 'db' | 'clock' | 'engine' | 'enqueue'>;

/**
 * Gives back what an ended run takes: how far it had come, its package, its rows in staging. A package that another run is
 * still to read stays, and that of a dry run stays for the run that follows it, and goes after a day. Rows whose going would
 * keep people waiting who launch are left to the sweep, unless one of their people was erased since the run began.
 */
export async function clearRun(deps: Deps, tenantId: TenantId, runId: RunId): Promise<void> {
  const { db, clock, engine } = deps;
  const run = await findRun(db.tenant(tenantId), runId);
  if (run === undefined || run.endedAt === null) return;
  const { requestedAt, endedAt, connectionId, uploadId, isDry } = run;
  const hasErased = await db.withTenant(tenantId, async (tx) => {
    await removeEntityStates(tx, runId);
    if (uploadId !== null && !isDry) await removeUpload(tx, uploadId);
    return hasErasedSince(tx, connectionId, requestedAt);
  });
  const age = clock.now() - endedAt.getTime();
  // A clock that was set back tells no age.
  const canWait = !hasErased && age >= 0 && age < longestWaitMs;
  const isReleased = await engine.release({ tenantId, runId }, { canWait });
  if (isReleased) await markCleared(db.tenant(tenantId), runId);
  // Its place can be taken in either case.
  await giveRoom(deps);
}

/** Gives back the room in staging of a run that waits, for somebody or for its source: it is read again when it goes on. */
export async function clearIdle(deps: Deps, tenantId: TenantId, runId: RunId): Promise<void> {
  const { db, clock, engine } = deps;
  await db.withTenant(tenantId, async (tx) => {
    // While its row is locked nobody approves it or takes it up.
    const run = await lockRun(tx, runId);
    const open = await listOpenRuns(tx, new Date(clock.now()));
    const own = open.find((each) => each.runId === runId);
    if (run === undefined || own === undefined || own.isWorked) return;
    if (run.state !== 'held' && (!own.isPutOff || run.state === 'applying')) return;
    // Others wait for its room.
    await engine.release({ tenantId, runId }, { canWait: false });
    await markCleared(tx, runId);
  });
  await giveRoom(deps);
}
