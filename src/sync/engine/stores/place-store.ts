import { z } from 'zod';
import { type Entity, entities } from '../../../../contracts/roster.ts';
import type { Database, StagingTx } from '../../../platform/db.ts';
import { DomainError } from '../../../platform/errors.ts';
import { json, sql } from '../../../platform/sql/sql.ts';
import type { Applied, EngineRun } from '../../engine.ts';
import { dropLeft } from './beside-store.ts';
import { fresh, joined, raw, staged } from './names.ts';

type Holder = Pick<EngineRun, 'tenantId' | 'runId' | 'holder'>;

/** What a comparison came to, as written down beside it. */
export interface Compared {
  /** Tables of staging that hold something: unlogged ones empty themselves when the database crashes. */
  filled: number;
  offered: number;
  rejected: number;
  /** A plan was made of it: when another is asked for, the roster may have changed. */
  planned: boolean;
  /** Entities whose absent rows are gone. */
  sealed: Entity[];
}

/** What was written, and whether removals were among it. */
export interface Written extends Applied {
  removals: boolean;
}

const compared = z.object({
  filled: z.number(),
  offered: z.number(),
  rejected: z.number(),
  planned: z.boolean(),
  sealed: z.array(z.enum(entities)),
});
const written = z.object({
  created: z.number(),
  changed: z.number(),
  removed: z.number(),
  restored: z.number(),
  removals: z.boolean(),
});
const placeRow = z.object({
  place: z.number(),
  paged: z.array(z.string()),
  compared: compared.nullable(),
  applied: written.nullable(),
});
export type Place = z.output<typeof placeRow>;

/**
 * Gives the run a place in staging, its own one where it has one already. A place that is taken anew is empty.
 *
 * @throws DomainError conflict `staging_full`
 */
export async function takePlace(db: Database, run: Holder): Promise<void> {
  await db.withStaging(run.tenantId, async (tx) => {
    // Two that take the run up at once would each find that it has no place yet.
    await tx.one(
      sql`select pg_advisory_xact_lock(hashtextextended(${`staging ${run.runId}`}, 0))::text as held`,
      z.object({}),
    );
    const own = await tx.exec(
      sql`update staging.place set holder = ${run.holder} where tenant_id = ${run.tenantId} and run_id = ${run.runId}`,
    );
    if (own === 1) return dropLeft(tx);
    const taken = await tx.maybeOne(
      sql`update staging.place p
        set tenant_id = ${run.tenantId}, run_id = ${run.runId}, holder = ${run.holder}, taken_at = now(), paged = '{}',
          compared = null, applied = null
        where p.place = (select f.place from staging.place f
          where f.run_id is null or not exists (select from sync_run r
            where r.tenant_id = f.tenant_id and r.run_id = f.run_id and r.ended_at is null)
          order by f.run_id is not null, f.place limit 1 for update skip locked)
        returning p.place`,
      z.object({ place: z.number() }),
    );
    if (taken === undefined) throw stagingFull();
    await goTo(tx, taken.place);
    await emptyPlace(tx);
  });
}

/**
 * A transaction in the run's place. While it is under way the place cannot be given to another run, nor to another worker
 * of the same run: one that was thought dead writes neither among another tenant's rows nor beside its successor.
 *
 * @param lock `together`: with others of the same run; `alone`: after them
 * @throws DomainError conflict `staging_lost`
 */
export function inPlace<T>(
  db: Database,
  run: Holder,
  lock: 'together' | 'alone',
  work: (tx: StagingTx, place: Place) => Promise<T>,
): Promise<T> {
  return db.withStaging(run.tenantId, async (tx) => {
    const place = await tx.maybeOne(
      sql`select place, paged, compared, applied from staging.place
        where tenant_id = ${run.tenantId} and run_id = ${run.runId} and holder = ${run.holder}
        for ${raw(lock === 'alone' ? 'update' : 'share')}`,
      placeRow,
    );
    if (place === undefined) throw stagingLost();
    await goTo(tx, place.place);
    return work(tx, place);
  });
}

/**
 * A transaction beside the one that holds the run's place: it sees what others have committed there, and nothing of what the
 * holder has written. Whether the holder still holds it is for `work` to ask.
 */
export function besidePlace<T>(
  db: Database,
  run: Pick<Holder, 'tenantId'>,
  { place }: Pick<Place, 'place'>,
  work: (tx: StagingTx) => Promise<T>,
): Promise<T> {
  return db.withStaging(run.tenantId, async (tx) => {
    await goTo(tx, place);
    return work(tx);
  });
}

/**
 * Gives the place back, emptied, since it holds people's data.
 *
 * @param canEmpty asked first, with the place's size in bytes
 * @returns whether it is empty: false where it has to be asked for again
 */
export function leavePlace(
  db: Database,
  run: Pick<Holder, 'tenantId' | 'runId'>,
  canEmpty: (bytes: number) => Promise<boolean>,
): Promise<boolean> {
  return db.withStaging(run.tenantId, async (tx) => {
    const held = await tx.maybeOne(
      sql`select place from staging.place where tenant_id = ${run.tenantId} and run_id = ${run.runId} for update`,
      z.object({ place: z.number() }),
    );
    if (held === undefined) return true;
    await goTo(tx, held.place);
    if (!(await canEmpty(await sizeOfPlace(tx)))) return false;
    await tx.exec(
      sql`update staging.place set tenant_id = null, run_id = null, holder = null, taken_at = null, paged = '{}',
        compared = null, applied = null where place = ${held.place}`,
    );
    await emptyPlace(tx);
    return true;
  });
}

async function sizeOfPlace(tx: StagingTx): Promise<number> {
  const { size } = await tx.one(
    sql`select coalesce(sum(pg_table_size(oid)), 0)::float8 as size from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
    z.object({ size: z.number() }),
  );
  return size;
}

async function emptyPlace(tx: StagingTx): Promise<void> {
  await tx.exec(sql`truncate ${joined([...entities.map(staged), ...comparison])}`);
  await dropLeft(tx);
}

const comparison = [
  ...entities.map(fresh),
  raw('direct'),
  raw('gone'),
  raw('scope'),
  raw('twin'),
  raw('orphan'),
];

/** Throws away what an earlier comparison of the run has left. */
export async function emptyComparison(tx: StagingTx): Promise<void> {
  await tx.exec(sql`truncate ${joined(comparison)}`);
}

/** Throws away what has been written into the roster. @param removals also what has been removed from it */
export async function emptyApplied(tx: StagingTx, removals: boolean): Promise<void> {
  await tx.exec(
    sql`truncate ${joined([...entities.map(fresh), raw('direct'), ...(removals ? [raw('gone')] : [])])}`,
  );
}

/** Throws away what was read of an entity. */
export async function emptyStaged(tx: StagingTx, entity: Entity): Promise<void> {
  await tx.exec(sql`truncate ${staged(entity)}`);
}

export async function countStaged(tx: StagingTx, entity: Entity): Promise<number> {
  const { count } = await tx.one(sql`select count(*)::float8 as count from ${staged(entity)}`, counted);
  return count;
}

/** How many tables hold something that was read or compared: a crash of the database empties all of them. */
export async function countCompared(tx: StagingTx): Promise<number> {
  const tables = [...entities.map(staged), ...entities.map(fresh), raw('direct'), raw('gone')];
  const isFilled = tables.map((table) => sql`(exists (select from ${table}))::integer`);
  const { count } = await tx.one(sql`select (${joined(isFilled, ' + ')})::float8 as count`, counted);
  return count;
}

/** Notes that an entity came in pages. */
export async function markPaged(tx: StagingTx, { place, paged }: Place, entity: Entity): Promise<void> {
  if (paged.includes(entity)) return;
  await tx.exec(sql`update staging.place set paged = array_append(paged, ${entity}) where place = ${place}`);
}

/** @param applied what of it is in the roster already; null: nothing */
export async function writeCompared(
  tx: StagingTx,
  { place }: Pick<Place, 'place'>,
  found: Compared,
  applied: Written | null,
): Promise<void> {
  await tx.exec(sql`update staging.place set compared = ${json(found)}::jsonb,
    applied = ${applied === null ? null : json(applied)}::jsonb where place = ${place}`);
}

/**
 * What the run's comparison came to.
 *
 * @throws DomainError conflict `staging_lost` where it is not there any more
 */
export async function readCompared(tx: StagingTx, place: Place): Promise<Compared> {
  if (place.compared === null || (await countCompared(tx)) !== place.compared.filled) throw stagingLost();
  return place.compared;
}

const counted = z.object({ count: z.number() });

async function goTo(tx: StagingTx, place: number): Promise<void> {
  // Without statistics of tables that were empty a moment ago the planner believes in a few rows, and would read ten
  // million of them once for each of ten million others, sort them, or leave them to one process.
  await tx.exec(
    sql`select set_config('search_path', ${`staging_${place}, public`}, true), set_config('enable_nestloop', 'off', true),
      set_config('enable_mergejoin', 'off', true),
      set_config('parallel_setup_cost', '100', true), set_config('parallel_tuple_cost', '0.001', true)`,
  );
}

function stagingFull(): DomainError {
  const message =
    'As many rosters are being loaded as there is room for. Try again when one of them has ended.';
  return new DomainError('conflict', 'staging_full', message);
}

function stagingLost(): DomainError {
  const message = 'What the run had read is not there any more. It has to be read again.';
  return new DomainError('conflict', 'staging_lost', message);
}
