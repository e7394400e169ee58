import type { Entity } from '../../../contracts/roster.ts';
import type { Database, StagingTx } from '../../platform/db.ts';
import type { EngineRun } from '../engine.ts';
import { attachAnnex, indexAnnex, listLarge, openAnnex } from './stores/annex-store.ts';
import { writeCreated } from './stores/apply-store.ts';
import { beginAttempt, hasOverrides, keepRead } from './stores/beside-store.ts';
import { besidePlace, type Place } from './stores/place-store.ts';
import { betweenSteps, type Watch } from './traffic.ts';

/** What a run brings in great numbers: rows in annexes, where nobody reads them before the run's own transaction shows them. */
export interface Beside {
  /** Waits for an entity's rows, or writes them. @returns how many; undefined: they are not worth an annex, or can have none */
  written(entity: Entity): Promise<number | undefined>;
  /** Shows all that was written, once the run's own transaction ends. Its last work: a dump may look at it meanwhile. */
  show(): Promise<void>;
  /** Begins nothing more, and waits until nothing is written any more, whatever has come of it. */
  ended(): Promise<void>;
}

interface BesideOptions {
  now: Date;
  /** So many new rows of an entity are worth an annex. */
  enough: number;
}

/** Who may write beside their transaction: few at a time, so that no run's own transaction lacks a connection. */
export interface Besides {
  /** @param tx the run's own transaction, which holds its `place` */
  begin(tx: StagingTx, place: Place, run: EngineRun, options: BesideOptions): Promise<Beside>;
}

const mostAtOnce = 2;

/**
 * Writes and indexes what comes in great numbers by another connection, one entity after the other, while the run's own
 * transaction is busy with the rest. Each is a transaction that ends before the run's own does. What keeps one from it, be it
 * a lock or a lost connection, is met again by the run's own transaction, which then writes the rows. What is left when
 * that one fails is found by nobody, and cleared away when a place in staging is taken or left.
 */
export function createBesides(db: Database, watch: Watch): Besides {
  let busy = 0;

  /** @returns by entity, the number of its rows once they are written; undefined: none are */
  function write(place: Place, run: EngineRun, entities: readonly Entity[], by: Written) {
    const rows = new Map<Entity, Promise<number | undefined>>();
    let [isStopped, last] = [false, Promise.resolve<number | undefined>(undefined)];
    const writeBeside = async (entity: Entity) => {
      if (isStopped) return undefined;
      return besidePlace(db, run, place, async (tx) =>
        (await keepRead(tx, entity, by.attempt))
          ? writeAnnex(tx, run, entity, by, betweenSteps(tx, watch))
          : undefined,
      );
    };
    busy += 1;
    for (const entity of entities) {
      last = last.then(() => writeBeside(entity)).catch(() => undefined);
      rows.set(entity, last);
    }
    void last.then(() => {
      busy -= 1;
    });
    const ended = async () => {
      isStopped = true;
      await last;
    };
    return { rows, ended };
  }

  return {
    begin: async (tx, place, run, { now, enough }) => {
      const large = await listLarge(tx, run, enough);
      if (large.length === 0) return nothing;
      const by = { attempt: await beginAttempt(tx), now };
      const free: Entity[] = [];
      for (const entity of large) {
        // These are put in where the rows stand as they were read, which only the run's own transaction may do.
        if (!(await hasOverrides(tx, run, entity))) free.push(entity);
      }
      const beside = write(place, run, busy < mostAtOnce ? free : [], by);
      const attempts = new Map<Entity, string>();
      return {
        written: async (entity) => {
          if (!large.includes(entity)) return undefined;
          const rows = await beside.rows.get(entity);
          // What became of one that failed is not known for certain: so not by its name.
          const own = rows === undefined ? { attempt: await beginAttempt(tx), now } : by;
          const created = rows ?? (await writeAnnex(tx, run, entity, own, async () => {}));
          if (created !== undefined) attempts.set(entity, own.attempt);
          return created;
        },
        show: async () => {
          // In one order, whoever has written them: two runs wait for each other's lock of an entity's table else.
          for (const entity of large) {
            const attempt = attempts.get(entity);
            if (attempt !== undefined) await attachAnnex(tx, run, entity, attempt);
          }
        },
        ended: beside.ended,
      };
    },
  };
}

const nothing: Beside = {
  written: async () => undefined,
  show: async () => {},
  ended: async () => {},
};

interface Written {
  attempt: string;
  now: Date;
}

async function writeAnnex(
  tx: StagingTx,
  run: EngineRun,
  entity: Entity,
  { attempt, now }: Written,
  goOn: () => Promise<void>,
): Promise<number | undefined> {
  await goOn();
  const table = await openAnnex(tx, run, entity, attempt);
  if (table === undefined) return undefined;
  const created = await writeCreated(tx, run, { entity, table }, now, false);
  await goOn();
  await indexAnnex(tx, run, entity, attempt);
  return created;
}
