import { refusingTaken } from '../../platform/db/conflicts.ts';
import type { Database, StagingTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { tables } from '../../roster/tables.ts';
import type { Applied, EngineRun, RosterEngine } from '../engine.ts';
import { keepPlans, removeGone, writeChanged, writeCreated } from './stores/apply-store.ts';
import { countCompared, emptyApplied, inPlace, readCompared, writeCompared } from './stores/place-store.ts';
import { putOverrides } from './stores/settle-store.ts';

/**
 * Writes the plan in one transaction. What was written is noted, and leaves staging, in the same one: asked again after a
 * crash, nothing is left to do and the same is answered; removals that were held back the first time can follow.
 */
export function apply(
  db: Database,
  run: EngineRun,
  { removals, now, signal }: Parameters<RosterEngine['apply']>[1],
): Promise<Applied> {
  return inPlace(db, run, 'alone', async (tx, place) => {
    const compared = await readCompared(tx, place);
    await keepPlans(tx);
    const done = place.applied ?? { created: 0, changed: 0, removed: 0, restored: 0, removals: false };
    for (const entity of run.entities) {
      signal.throwIfAborted();
      if (removals) done.removed += await removeGone(tx, run, entity, now);
      await putOverrides(tx, run, entity);
      const { changed, restored } = await writeChanged(tx, run, entity, now);
      done.changed += changed;
      done.restored += restored;
      done.created += await refusingStale(tx, run, entity, now);
    }
    await emptyApplied(tx, removals);
    const written = { ...done, removals: done.removals || removals };
    await writeCompared(tx, place, { ...compared, filled: await countCompared(tx) }, written);
    const { created, changed, removed, restored } = done;
    return { created, changed, removed, restored };
  });
}

function refusingStale(
  tx: StagingTx,
  run: EngineRun,
  entity: EngineRun['entities'][number],
  now: Date,
): Promise<number> {
  return refusingTaken(
    `${tables[entity]}_pkey`,
    () => writeCreated(tx, run, entity, now),
    (cause) => {
      const message = 'The roster has changed since the plan was made. The run has to be compared again.';
      return new DomainError('conflict', 'plan_stale', message, { cause });
    },
  );
}
