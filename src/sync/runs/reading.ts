import type { ConnectorContext, ReadRequest } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { LoadHooks } from '../engine.ts';
import type { Run } from '../run.ts';
import { limitsOf } from '../services.ts';
import { findSource } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { openUpload } from '../uploads/uploads.ts';
import {
  type EntityState,
  readEntityStates,
  readSourceStates,
  removeEntityState,
  removeEntityStates,
  saveEntityState,
} from './entity-store.ts';
import { addFindings, removeFindings } from './finding-store.ts';
import { Interrupted } from './lease.ts';
import { gotOn, move } from './move.ts';
import { noteProgress } from './run-store.ts';
import { planTerms } from './terms.ts';
import { engineRunOf, type Step, type Work } from './work.ts';

/** How often progress is written at most. */
const progressEveryMs = 1_000;

/** Settles how the run reads. What an earlier one has left under the same name cannot be there. */
export const begin: Step = ({ lease, connector, deps }, { connectionId }) =>
  lease.change(async (tx, run) => {
    const source = (await findSource(tx, connectionId)) ?? unknownRoster(connectionId);
    const terms = planTerms(connector, source);
    const states = await readSourceStates(tx, connectionId);
    const { delta } = connector.capabilities;
    // Without a place to begin at for each of them there are no changes to ask for.
    const knowsWhere = delta === 'files' || terms.entities.every((entity) => states.has(entity));
    const mode = run.mode === 'delta' && delta !== 'none' && knowsWhere ? 'delta' : 'full';
    await removeEntityStates(tx, run.runId);
    return move(run, 'begun', {
      mode,
      terms,
      connectorVersion: connector.version,
      startedAt: new Date(deps.clock.now()),
      reason: null,
      advice: null,
      ...gotOn,
    });
  });

/** Reads every entity that is not read yet, each from where it was left. */
export const read: Step = async (work, run) => {
  const { deps, lease, connector, settings } = work;
  const { tenantId, runId } = lease;
  const engineRun = engineRunOf(work, run);
  const { staged } = await deps.engine.begin(engineRun);
  const tx = deps.db.tenant(tenantId);
  const states = await readEntityStates(tx, runId);
  const starts = await readSourceStates(tx, run.connectionId);
  const upload = run.uploadId === null ? undefined : await openUpload(deps, tenantId, run.uploadId);
  const { connectionId } = run;
  const context = deps.host.open({
    tenantId,
    connectionId,
    connector,
    settings,
    upload,
    signal: lease.signal,
  });
  const progress: Run['progress'] = { ...run.progress };
  const show = showProgress(work, progress);
  try {
    for (const entity of engineRun.entities) {
      lease.check();
      const known = await dropWhatIsUnsure(work, engineRun, states.get(entity), {
        entity,
        staged: staged.get(entity) ?? 0,
      });
      if (known?.sealed !== true) {
        const request = planRead(entity, run.mode, known, starts.get(entity));
        await readEntity(work, run, context, request, (rows) => show(entity, { rows, done: false }));
      }
      const { rows = 0 } = (await readEntityStates(tx, runId)).get(entity) ?? {};
      await show(entity, { rows, done: true });
    }
  } finally {
    await context.close();
  }
  return lease.change(async (_tx, now) =>
    move(now, 'read', { progress, reason: null, advice: null, ...gotOn }),
  );
};

/** What is staged goes where it is not exactly what was counted, or where nobody knows how it goes on. */
async function dropWhatIsUnsure(
  { deps, lease }: Work,
  engineRun: ReturnType<typeof engineRunOf>,
  known: EntityState | undefined,
  { entity, staged }: { entity: Entity; staged: number },
): Promise<EntityState | undefined> {
  const goesOn = known !== undefined && (known.sealed || known.checkpoint !== undefined);
  if (staged === (known?.rows ?? 0) && (goesOn || staged === 0)) return known;
  await deps.db.withTenant(lease.tenantId, async (tx) => {
    await removeEntityState(tx, lease.runId, entity);
    await removeFindings(tx, lease.runId, entity);
  });
  await deps.engine.forget(engineRun, entity);
  return undefined;
}

/** From where an entity is read: its checkpoint, else where the last applied run has left it, else its beginning. */
function planRead(
  entity: Entity,
  mode: ReadRequest['mode'],
  known: EntityState | undefined,
  start: string | undefined,
): ReadRequest {
  if (known?.checkpoint !== undefined) return { entity, mode, state: known.checkpoint, resumes: true };
  return { entity, mode, state: mode === 'delta' ? start : undefined, resumes: false };
}

async function readEntity(
  { deps, lease, connector }: Work,
  run: Parameters<Step>[1],
  context: ConnectorContext<object>,
  request: ReadRequest,
  show: (rows: number) => Promise<void>,
): Promise<void> {
  const { tenantId, runId, token, signal } = lease;
  const { entity } = request;
  const tx = deps.db.tenant(tenantId);
  const save = async (state: Omit<EntityState, 'entity'>) => {
    if (!(await saveEntityState(tx, runId, token, { entity, ...state }))) throw new Interrupted('lost');
  };
  const hooks: LoadHooks = {
    signal,
    onProgress: async ({ rows, checkpoint }) => {
      await save({ rows, checkpoint, expected: undefined, sealed: false, state: undefined });
      await show(rows);
    },
    onFindings: (of, findings) =>
      deps.db.withTenant(tenantId, (own) => addFindings(own, runId, of, findings, limitsOf(deps).findings)),
  };
  const engineRun = engineRunOf({ lease }, run);
  const { rows, seal } = await deps.engine.load(engineRun, entity, connector.read(context, request), hooks);
  await save({
    rows,
    checkpoint: undefined,
    expected: seal?.expected,
    sealed: seal !== undefined,
    state: seal?.state,
  });
}

/** Writes progress down at most once a second, and always where an entity is done. */
function showProgress({ deps, lease }: Work, progress: Run['progress']) {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return async (entity: Entity, state: { rows: number; done: boolean }): Promise<void> => {
    progress[entity] = state;
    if (!state.done && performance.now() - writtenAt < progressEveryMs) return;
    writtenAt = performance.now();
    await noteProgress(deps.db.tenant(lease.tenantId), lease.runId, progress);
  };
}
