import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import { tables } from '../../../roster/tables.ts';
import type { EngineRun } from '../../engine.ts';
import { due } from './names.ts';

type Connected = Pick<EngineRun, 'connectionId'>;

/** Entities of which a district has millions of rows. Others are looked up one by one far more often than they are loaded. */
const large: readonly Entity[] = ['enrollments', 'results'];

/** So many new rows are worth a table of their own. */
export const enoughForAnnex = 500_000;

const named = z.object({
  annex: z
    .string()
    .regex(/^[a-z_]+_[0-9a-f]{32}(_[0-9a-f]{12})?$/)
    .nullable(),
});

/** The table in which all of the connection's rows of an entity stand: an annex where there is one. */
export async function findHome(tx: StagingTx, { connectionId }: Connected, entity: Entity): Promise<string> {
  const own = tables[entity];
  if (!large.includes(entity)) return own;
  const name = `public.${own}_${connectionId.replaceAll('-', '')}`;
  const { annex } = await tx.one(sql`select to_regclass(${name})::text as annex`, named);
  return annex ?? own;
}

/** Entities of which the run brings so many new rows that they may be worth an annex. */
export async function listLarge(
  tx: StagingTx,
  { entities }: Pick<EngineRun, 'entities'>,
  enough: number,
): Promise<Entity[]> {
  const found: Entity[] = [];
  for (const entity of entities) {
    if (!large.includes(entity)) continue;
    const { many } = await tx.one(
      sql`select count(*) >= ${enough}::integer as many
        from (select from ${due(entity)} where action = 'create' limit ${enough}) first`,
      z.object({ many: z.boolean() }),
    );
    if (many) found.push(entity);
  }
  return found;
}

/**
 * Makes an annex of an attempt: nothing is in it, and nothing finds it before it is attached. There is none where the connection
 * has rows already, nor where there are as many as there may be.
 */
export async function openAnnex(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
  attempt: string,
): Promise<string | undefined> {
  const { annex } = await tx.one(
    sql`select open_roster_annex(${tables[entity]}, ${connectionId}::uuid, ${attempt}) as annex`,
    named,
  );
  return annex ?? undefined;
}

/** Makes the indexes of an annex, once it is written. */
export async function indexAnnex(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
  attempt: string,
): Promise<void> {
  await tx.exec(sql`select index_roster_annex(${tables[entity]}, ${connectionId}::uuid, ${attempt})`);
}

/** Makes it part of the entity's table, which readers see once the transaction ends. */
export async function attachAnnex(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
  attempt: string,
): Promise<void> {
  await tx.exec(sql`select attach_roster_annex(${tables[entity]}, ${connectionId}::uuid, ${attempt})`);
}
