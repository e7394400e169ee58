import { refusingTaken } from '../../platform/db/conflicts.ts';
import type { Database, StagingTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Applied, EngineRun, RosterEngine } from '../engine.ts';
import type { Besides } from './beside.ts';
import { findHome } from './stores/annex-store.ts';
import { keepPlans, removeGone, type Target, writeChanged, writeCreated } from './stores/apply-store.ts';
import { countCompared, emptyApplied, inPlace, readCompared, writeCompared } from './stores/place-store.ts';
import { putOverrides } from './stores/settle-store.ts';
import { betweenSteps, type Watch } from './traffic.ts';

/**
 * Writes the plan, which is seen with one transaction. What was written is noted, and leaves staging, in the same one: asked
 * again after a crash, nothing is left to do and the same is answered; removals that were held back the first time can follow.
 *
 * @param options.annexRows so many new rows of an entity get a table of their own
 */
export function apply(
  db: Database,
  run: EngineRun,
  { removals, now, signal }: Parameters<RosterEngine['apply']>[1],
  { besides, annexRows, watch }: { besides: Besides; annexRows: number; watch: Watch },
): Promise<Applied> {
  return inPlace(db, run, 'alone', async (tx, place) => {
    // Nothing is left of it to write, nor to be looked for in tables that a crash may have emptied since.
    if (place.applied !== null && (place.applied.removals || !removals)) return counted(place.applied);
    const compared = await readCompared(tx, place);
    await keepPlans(tx);
    const done = place.applied ?? { created: 0, changed: 0, removed: 0, restored: 0, removals: false };
    const goOn = betweenSteps(tx, watch, signal);
    const beside = await besides.begin(tx, place, run, { now, enough: annexRows });
    try {
      for (const entity of run.entities) {
        await goOn();
        const target = { entity, table: await findHome(tx, run, entity) };
        if (removals) done.removed += await removeGone(tx, run, target, now);
        await putOverrides(tx, run, entity);
        const { changed, restored } = await writeChanged(tx, run, target, now);
        done.changed += changed;
        done.restored += restored;
        done.created += (await beside.written(entity)) ?? (await create(tx, run, target, now));
      }
      await emptyApplied(tx, removals);
      const written = { ...done, removals: done.removals || removals };
      await writeCompared(tx, place, { ...compared, filled: await countCompared(tx) }, written);
      await beside.show();
      return counted(written);
    } finally {
      await beside.ended();
    }
  });
}

function counted({ created, changed, removed, restored }: Applied): Applied {
  return { created, changed, removed, restored };
}

/** Writes what is new into the table in which the connection's rows stand. */
function create(tx: StagingTx, run: EngineRun, target: Target, now: Date): Promise<number> {
  const write = () => writeCreated(tx, run, target, now);
  return refusingTaken(`${target.table}_pkey`, write, (cause) => {
    const message = 'The roster has changed since the plan was made. The run has to be compared again.';
    return new DomainError('conflict', 'plan_stale', message, { cause });
  });
}
