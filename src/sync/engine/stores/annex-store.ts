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
    .regex(/^[a-z_]+_[0-9a-f]{32}$/)
    .nullable(),
});

/** The table in which all of the connection's rows of an entity stand: an annex where there is one. */
export async function findHome(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
): Promise<{ table: string; isAnnex: boolean }> {
  const own = { table: tables[entity], isAnnex: false };
  if (!large.includes(entity)) return own;
  const name = `public.${own.table}_${connectionId.replaceAll('-', '')}`;
  const { annex } = await tx.one(sql`select to_regclass(${name})::text as annex`, named);
  return annex === null ? own : { table: annex, isAnnex: true };
}

/**
 * Makes an annex where a run brings so many rows that it is worth one: nothing is in it, and it is read by nobody before it
 * is attached. There is none where the connection has rows already, nor where there are as many as there may be.
 */
export async function openAnnex(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
  enough: number,
): Promise<string | undefined> {
  if (!large.includes(entity)) return undefined;
  const { many } = await tx.one(
    sql`select count(*) >= ${enough}::integer as many
      from (select from ${due(entity)} where action = 'create' limit ${enough}) first`,
    z.object({ many: z.boolean() }),
  );
  if (!many) return undefined;
  const { annex } = await tx.one(
    sql`select open_roster_annex(${tables[entity]}, ${connectionId}::uuid) as annex`,
    named,
  );
  return annex ?? undefined;
}

/** Indexes what was written into an annex, and shows it to readers once the transaction ends. */
export async function attachAnnex(tx: StagingTx, { connectionId }: Connected, entity: Entity): Promise<void> {
  await tx.exec(sql`select attach_roster_annex(${tables[entity]}, ${connectionId}::uuid)`);
}
