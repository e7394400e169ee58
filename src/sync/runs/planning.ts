import type { Seal } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { decideStrict } from '../findings/strict.ts';
import { decideFlow, decideHolds, decideNewHolds, unreadCodes } from '../holds/decide-holds.ts';
import { listHolds, replaceHolds } from '../holds/hold-store.ts';
import type { Hold } from '../run.ts';
import { decideRollover } from '../schedule/rollover.ts';
import { lockSource, type StoredSource } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { type EntityState, readEntityStates } from './entity-store.ts';
import { countFound, listCodes, listEntitiesWith } from './finding-store.ts';
import { giveUp, gotOn, move } from './move.ts';
import { findLastApplied, lockHeldBefore, type StoredRun, saveRun, wasUndoneLast } from './run-store.ts';
import { engineRunOf, type Step, type Work } from './work.ts';

const dayMs = 86_400_000;

/** Looks at what was read. The strict profile ends a run here whose source has what the binding forbids. */
export const validate: Step = async (work, run) => {
  const { deps, lease } = work;
  const engineRun = engineRunOf(work, run);
  await deps.engine.validate(engineRun, await readSeals(work), lease.signal);
  const codes = await listCodes(deps.db.tenant(lease.tenantId), lease.runId);
  const strict = decideStrict(engineRun.profile, codes);
  if (strict.kind === 'refuse') throw new DomainError('input', 'source_forbidden', strict.advice);
  return lease.change(async (_tx, now) => move(now, 'validated', gotOn));
};

/** Compares what was read with the roster. A dry run ends here. */
export const plan: Step = async (work, run) => {
  const { deps, lease } = work;
  // Read before the plan is made: a change of the roster while it is made leaves it stale.
  const base = await lease.change(async (tx, now) => ({ ...now, base: (await getSource(tx, now)).base }));
  const summary = await deps.engine.plan(engineRunOf(work, run), await readSeals(work), lease.signal);
  return lease.change(async (tx, now) => {
    const plannedAt = new Date(deps.clock.now());
    const planned = move(now, 'planned', { plan: summary, base: base.base, plannedAt, ...gotOn });
    if (!run.isDry) return planned;
    await replaceHolds(tx, run.runId, await findHolds(work, tx, planned, await getSource(tx, planned)));
    return { ...planned, endedAt: plannedAt, outcome: 'suppressed', reason: 'dry_run' };
  });
};

/** Lets the plan be applied, or waits for somebody. An earlier plan that waits has had its day. */
export const decide: Step = ({ deps, lease, ...rest }) =>
  lease.change(async (tx, run) => {
    const now = new Date(deps.clock.now());
    const source = await getSource(tx, run);
    if (source.base !== run.base) return move(run, 'overtaken');
    for (const earlier of await lockHeldBefore(tx, run.connectionId, run.runNo)) {
      await saveRun(tx, giveUp(earlier, 'discarded', 'superseded', now));
    }
    // An approval stands where the plan had to be made again and asks for no more than it did.
    const agreed = run.decidedAt === null ? [] : await listHolds(tx, run.runId);
    const holds = decideNewHolds(await findHolds({ deps, lease, ...rest }, tx, run, source), agreed);
    if (holds.length === 0) return move(run, 'approved', { decidedAt: now, removals: true, ...gotOn });
    await replaceHolds(tx, run.runId, holds);
    if (run.plan !== null && decideFlow(holds, run.plan, source.holdsRemovalsOnly) === 'removals_wait') {
      // Nobody has agreed to these, whoever may have agreed to the plan before.
      return move(run, 'approved', { decidedAt: null, removals: false, ...gotOn });
    }
    const expiresAt = new Date(now.getTime() + source.planDays * dayMs);
    return move(run, 'held', {
      decidedAt: null,
      expiresAt,
      reason: holds[0]?.code ?? null,
      removals: true,
      failures: 0,
    });
  });

/** The run's holds, as things stand now. */
async function findHolds(
  { deps, connector }: Work,
  tx: TenantTx,
  run: StoredRun,
  source: StoredSource,
): Promise<Hold[]> {
  if (run.plan === null || run.terms === null) throw new Error('A run is decided on by its plan');
  const now = deps.clock.now();
  const states = await readEntityStates(tx, run.runId);
  // A run of changes touches a few rows: what other terms mean for all the others a full one brings to light.
  const last = await findLastApplied(tx, run.connectionId, run.mode);
  const { terms } = run;
  const was = last?.terms ?? terms;
  return decideHolds({
    plan: run.plan,
    mode: run.mode,
    read: new Map(terms.entities.map((entity) => [entity, states.get(entity)?.rows ?? 0])),
    // Where the source says itself what is gone, that is not told by what is missing.
    unread: new Set(terms.deletes === 'absence' ? await listEntitiesWith(tx, run.runId, unreadCodes) : []),
    recycled: await countFound(tx, run.runId, 'sourced_id_recycled'),
    thresholds: source.thresholds,
    rollover: decideRollover(source.rollovers, source.schedule?.zone ?? 'UTC', now),
    sharingChanged: JSON.stringify(was.schools) !== JSON.stringify(terms.schools),
    readingChanged:
      (was.reading !== terms.reading || was.mapping !== terms.mapping) &&
      connector.capabilities.deletes !== 'none',
    lastWasUndone: await wasUndoneLast(tx, run.connectionId),
    now: new Date(now),
  });
}

async function getSource(tx: TenantTx, { connectionId }: StoredRun): Promise<StoredSource> {
  return (await lockSource(tx, connectionId)) ?? unknownRoster(connectionId);
}

/** The seals of the entities that were read to their end. */
async function readSeals({ deps, lease }: Pick<Work, 'deps' | 'lease'>): Promise<Map<Entity, Seal>> {
  const states = await readEntityStates(deps.db.tenant(lease.tenantId), lease.runId);
  const sealed = [...states.values()].filter(({ sealed }) => sealed);
  return new Map(sealed.map((state) => [state.entity, sealOf(state)]));
}

function sealOf({ expected, state }: EntityState): Seal {
  return { kind: 'seal', expected, state };
}
