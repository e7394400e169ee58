import { entities } from '../../../contracts/roster.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Applied, EngineRun, PlanSummary, RosterEngine } from '../engine.ts';
import { apply } from './apply.ts';
import { createBesides } from './beside.ts';
import { load } from './load.ts';
import { enoughForAnnex } from './stores/annex-store.ts';
import { keepPlans } from './stores/apply-store.ts';
import { listMassChanges } from './stores/mass-change-store.ts';
import {
  countStaged,
  emptyStaged,
  inPlace,
  leavePlace,
  readCompared,
  takePlace,
  writeCompared,
} from './stores/place-store.ts';
import { countPlan, listSamples } from './stores/plan-store.ts';
import { isBuiltUpon, isOvertaken, putBack, takeBackCreated } from './stores/undo-store.ts';
import { betweenSteps, canBeEmptied, type Watch, watchTraffic } from './traffic.ts';
import { compareAll, validate } from './validate.ts';

/**
 * The engine over PostgreSQL: everything but the decisions about single values happens in the database, set by set.
 *
 * What a row costs, roughly, with a million enrollments on two cores: 1.2 µs to copy it in, 1 µs to find it unchanged, 3 to
 * 4 µs to validate it where it is new, and to write it 3 µs where many come at once, which are indexed afterwards, else 5 µs:
 * 2 µs for the row and 1 µs for each of its three indexes.
 *
 * @param options.annexRows so many new rows of an entity get a table of their own
 * @param options.watch whether people launch meanwhile
 * @throws DomainError from every step: conflict `staging_full` (begin), `staging_lost` (read again), `plan_stale` (apply)
 */
export function createEngine({
  db,
  annexRows = enoughForAnnex,
  watch = watchTraffic(db),
}: {
  db: Database;
  annexRows?: number;
  watch?: Watch;
}): RosterEngine {
  const besides = createBesides(db, watch);
  return {
    begin: async (run) => {
      await takePlace(db, run);
      return inPlace(db, run, 'together', async (tx) => {
        await betweenSteps(tx, watch)();
        const staged = new Map<EngineRun['entities'][number], number>();
        for (const entity of run.entities) staged.set(entity, await countStaged(tx, entity));
        return { staged };
      });
    },
    load: (run, entity, source, hooks) => load(db, run, entity, source, hooks),
    forget: (run, entity) => inPlace(db, run, 'alone', (tx) => emptyStaged(tx, entity)),
    validate: async (run, seals, signal) => {
      await validate(db, run, seals, { signal, watch });
    },
    plan: (run, seals, signal) => plan(db, run, seals, { signal, watch }),
    apply: (run, options) => apply(db, run, options, { besides, annexRows, watch }),
    undo: (run, now) => undo(db, run, now, watch),
    release: (run, { canWait }) =>
      leavePlace(db, run, async (bytes) => !canWait || canBeEmptied(watch, bytes)),
  };
}

/**
 * Asked for the first time after `validate`, it only counts. Asked again, it compares anew, since something else may have
 * changed the roster meanwhile; unless part of the plan is applied already, where it tells what is left.
 */
function plan(
  db: Database,
  run: EngineRun,
  seals: Parameters<RosterEngine['plan']>[1],
  { signal, watch }: { signal: AbortSignal; watch: Watch },
): Promise<PlanSummary> {
  return inPlace(db, run, 'alone', async (tx, place) => {
    const known = await readCompared(tx, place);
    const isStale = known.planned && place.applied === null;
    const goOn = betweenSteps(tx, watch, signal);
    const compared = isStale ? await compareAll(tx, place, run, seals, goOn) : known;
    const { offered, rejected, sealed } = compared;
    const summary: PlanSummary = { counts: [], massChanges: [], samples: [], sealed, offered, rejected };
    for (const entity of run.entities) {
      await goOn();
      summary.counts.push(...(await countPlan(tx, run, entity)));
      summary.massChanges.push(...(await listMassChanges(tx, run, entity)));
      summary.samples.push(...(await listSamples(tx, entity)));
    }
    await writeCompared(tx, place, { ...compared, planned: true }, place.applied);
    return summary;
  });
}

/** All entities: a run of the past may have read more than is asked for today. */
function undo(
  db: Database,
  run: Parameters<RosterEngine['undo']>[0],
  now: Date,
  watch: Watch,
): Promise<Applied> {
  return db.withStaging(run.tenantId, async (tx) => {
    await keepPlans(tx);
    const goOn = betweenSteps(tx, watch);
    for (const entity of entities) {
      await goOn();
      if ((await isOvertaken(tx, run, entity)) || (await isBuiltUpon(tx, run, entity))) throw overtaken();
    }
    const undone: Applied = { created: 0, changed: 0, removed: 0, restored: 0 };
    for (const entity of entities) {
      await goOn();
      undone.removed += await takeBackCreated(tx, run, entity, now);
      const put = await putBack(tx, run, entity, now);
      undone.changed += put.changed;
      undone.removed += put.removed;
      undone.restored += put.restored;
    }
    return undone;
  });
}

function overtaken(): DomainError {
  const message =
    'A later run has changed the same rows, or brought others that refer to them. Undo that one first.';
  return new DomainError('conflict', 'run_overtaken', message);
}
