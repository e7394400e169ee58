import type { ConnectorContext, Page, Raw, ReadRequest, Seal } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { LoadHooks } from '../engine.ts';
import { judgeFindings } from '../findings/strict.ts';
import type { Run } from '../run.ts';
import { limitsOf } from '../services.ts';
import { openSource } from '../sources/open-source.ts';
import {
  type EntityState,
  readEntityStates,
  readSourceStates,
  removeEntityState,
  saveEntityState,
} from './entity-store.ts';
import { addFindings, removeFindings } from './finding-store.ts';
import { Interrupted } from './lease.ts';
import { gotOn, move } from './move.ts';
import { planReads } from './plan-reads.ts';
import { noteProgress } from './run-store.ts';
import { settleTerms } from './settle-terms.ts';
import { shareOut } from './share-out.ts';
import { engineRunOf, type Step, type Work } from './work.ts';

/** How often progress is written at most. */
const progressEveryMs = 1_000;

/** Begins to read. */
export const begin: Step = ({ lease, connector, deps }) =>
  lease.change(async (tx, run) => {
    const settled = await settleTerms(tx, run, connector);
    return move(run, 'begun', {
      ...settled,
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
  const context = await openSource(deps, tenantId, {
    connectionId: run.connectionId,
    connector,
    settings,
    uploadId: run.uploadId ?? undefined,
    isProbe: false,
    signal: lease.signal,
  });
  const progress: Run['progress'] = { ...run.progress };
  const show = showProgress(work, progress);
  try {
    const known = new Map<Entity, EntityState | undefined>();
    for (const entity of engineRun.entities) {
      lease.check();
      const place = { entity, staged: staged.get(entity) ?? 0 };
      const state = await dropWhatIsUnsure(work, engineRun, states.get(entity), place);
      if (engineRun.unwanted?.includes(entity) === true) continue;
      known.set(entity, state);
      if (state?.sealed === true) progress[entity] = { rows: state.rows, done: true };
    }
    for (const request of planReads(connector.capabilities, run.mode, known, starts)) {
      lease.check();
      await readEntities(work, run, context, request, show);
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

type Show = ReturnType<typeof showProgress>;

/** Reads an entity, and those that come along with it. */
async function readEntities(
  work: Work,
  run: Parameters<Step>[1],
  context: ConnectorContext<object>,
  request: ReadRequest,
  show: Show,
): Promise<void> {
  const { entity, alongside = [] } = request;
  const source = work.connector.read(context, request);
  const take = (of: Entity, items: typeof source) => takeIn(work, run, of, items, show);
  await (alongside.length === 0 ? take(entity, source) : shareOut(source, [entity, ...alongside], take));
}

/** Takes an entity into staging, and notes how far it has come. */
async function takeIn(
  { deps, lease }: Work,
  run: Parameters<Step>[1],
  entity: Entity,
  source: AsyncIterable<Page | Raw | Seal>,
  show: Show,
): Promise<void> {
  const { tenantId, runId, token, signal } = lease;
  const tx = deps.db.tenant(tenantId);
  const engineRun = engineRunOf({ lease }, run);
  const save = async (state: Omit<EntityState, 'entity'>) => {
    if (!(await saveEntityState(tx, runId, token, { entity, ...state }))) throw new Interrupted('lost');
  };
  const hooks: LoadHooks = {
    signal,
    onProgress: async ({ rows, checkpoint }) => {
      await save({ rows, checkpoint, expected: undefined, sealed: false, state: undefined });
      await show(entity, { rows, done: false });
    },
    onFindings: (of, findings) => {
      const judged = judgeFindings(engineRun.profile, findings);
      return deps.db.withTenant(tenantId, (own) =>
        addFindings(own, runId, of, judged, limitsOf(deps).findings),
      );
    },
  };
  const { rows, seal } = await deps.engine.load(engineRun, entity, source, hooks);
  await save({
    rows,
    checkpoint: undefined,
    expected: seal?.expected,
    sealed: seal !== undefined,
    state: seal?.state,
  });
  await show(entity, { rows, done: true });
}

/** Writes progress down at most once a second, and always where an entity is done. */
function showProgress({ deps, lease }: Work, progress: Run['progress']) {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return async (entity: Entity, state: { rows: number; done: boolean }): Promise<void> => {
    progress[entity] = state;
    if (!state.done && performance.now() - writtenAt < progressEveryMs) return;
    writtenAt = performance.now();
    await noteProgress(deps.db.tenant(lease.tenantId), lease.runId, lease.token, progress);
  };
}
