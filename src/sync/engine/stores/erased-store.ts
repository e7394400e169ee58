import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { takeUp } from './compare-store.ts';
import { noteSet } from './finding-store.ts';
import { fresh, raw, trimmed } from './names.ts';

/** Where rows name the user they are or belong to. */
const userColumns: Partial<Readonly<Record<Entity, string>>> = {
  users: 'sourced_id',
  demographics: 'sourced_id',
  roles: 'user_sourced_id',
  enrollments: 'user_sourced_id',
  results: 'student_sourced_id',
};

/**
 * Rejects users who were erased, and what belongs to them: a source that names them still does not bring them back. Where
 * nobody was erased it costs one look. Notes how many there were, and not who.
 */
export async function leaveOutErased(tx: StagingTx, run: EngineRun, entity: Entity): Promise<void> {
  const column = userColumns[entity];
  if (column === undefined || !(await hasErased(tx, run))) return;
  const isErased = sql`tombstone_key(${run.connectionId}::uuid, ${trimmed(raw(`f.${column}`))}) in (${erased(tx, run)})`;
  await takeUp(tx, run, entity, isErased);
  const count = await tx.exec(
    sql`update ${fresh(entity)} f set action = 'reject' where action <> 'reject' and ${isErased}`,
  );
  if (entity !== 'users') return;
  await leaveOutAgents(tx, run);
  if (count > 0) await noteSet(tx, run, { code: 'persons_erased', severity: 'warning', entity }, count);
}

/** Users whom somebody erased answers for name them no more. */
async function leaveOutAgents(tx: StagingTx, run: EngineRun): Promise<void> {
  const agents = sql`unnest(string_to_array(f.agent_sourced_ids, ',')) a`;
  const isErased = sql`tombstone_key(${run.connectionId}::uuid, ${trimmed(raw('a'))}) in (${erased(tx, run)})`;
  const namesErased = sql`exists (select from ${agents} where ${isErased})`;
  await takeUp(tx, run, 'users', namesErased);
  await tx.exec(sql`
    update ${fresh('users')} f set agent_sourced_ids = nullif(array_to_string(
      array(select a from ${agents} where not ${isErased}), ','), '')
    where action <> 'reject' and ${namesErased}`);
}

const erased = (tx: StagingTx, { connectionId }: EngineRun): Sql =>
  sql`select t.key_hash from person_tombstone t where t.tenant_id = ${tx.tenantId} and t.connection_id = ${connectionId}`;

async function hasErased(tx: StagingTx, run: EngineRun): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (${erased(tx, run)}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}
