import { lockSource, raiseBase } from '../sources/source-store.ts';
import { takeOverStates } from './entity-store.ts';
import { end, giveUp, gotOn, move } from './move.ts';
import { addApplied } from './plan-summary.ts';
import { linkRosterPeople } from './queues.ts';
import { engineRunOf, type Step } from './work.ts';

/** Begins to apply, unless the roster is not any more what the plan was made of, or was switched off. */
export const beginApplying: Step = ({ deps, lease }) =>
  lease.change(async (tx, run) => {
    const source = await lockSource(tx, run.connectionId);
    if (source?.status === 'disabled') {
      return giveUp(run, 'cancelled', 'roster_disabled', new Date(deps.clock.now()));
    }
    if (source?.base !== run.base) return move(run, 'overtaken');
    return move(run, 'applying', gotOn);
  });

/**
 * Writes the plan into the roster. Where removals wait, what is left of the plan is planned again and held; the next delta
 * begins anew only where all of it was applied.
 */
export const apply: Step = async (work, run) => {
  const { deps, lease } = work;
  const { removals } = run;
  const startedAt = new Date(deps.clock.now());
  await deps.engine.apply(engineRunOf(work, run), { removals, now: startedAt, signal: lease.signal });
  return lease.change(async (tx, current) => {
    const { tenantId } = tx;
    const { runId, connectionId } = current;
    const now = new Date(deps.clock.now());
    await raiseBase(tx, connectionId);
    await deps.enqueue(tx, linkRosterPeople, { tenantId, runId });
    const done = {
      appliedAt: now,
      applied: addApplied(current.applied, current.plan, removals),
      ...gotOn,
    };
    if (!removals) return move(current, 'applied_in_part', { ...done, inPart: true, removals: true });
    await takeOverStates(tx, connectionId, runId, now);
    return { ...end(current, 'applied', { outcome: 'success', reason: null }, now), ...done };
  });
};
