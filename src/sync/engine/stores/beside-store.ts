import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { fresh, staged } from './names.ts';

type Connected = Pick<EngineRun, 'connectionId'>;

const locked = z.object({});
const lock = (attempt: string) => sql`hashtextextended(${`roster annex ${attempt}`}, 0)`;

/** Begins an attempt, which others know to be under way until the transaction ends, however it ends. */
export async function beginAttempt(tx: StagingTx): Promise<string> {
  const attempt = randomBytes(6).toString('hex');
  await tx.one(sql`select pg_advisory_xact_lock(${lock(attempt)})::text as held`, locked);
  return attempt;
}

/** Whether the institution has set fields of the entity by hand. */
export async function hasOverrides(
  tx: StagingTx,
  { connectionId }: Connected,
  entity: Entity,
): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from roster_override o
      where o.tenant_id = ${tx.tenantId} and o.connection_id = ${connectionId} and o.entity = ${entity}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/**
 * Keeps what was read of an entity from being emptied until this transaction ends, as long as the attempt's own one still
 * stands for it: else another run may have the place by now. Does not wait for locks, since the attempt's own transaction,
 * which waits for this one, may be who they wait for.
 *
 * @returns false where the attempt is over
 */
export async function keepRead(tx: StagingTx, entity: Entity, attempt: string): Promise<boolean> {
  await tx.exec(sql`select set_config('lock_timeout', '1s', true)`);
  await tx.exec(sql`lock table ${staged(entity)}, ${fresh(entity)}, direct in access share mode`);
  const { isOver } = await tx.one(
    sql`select pg_try_advisory_xact_lock_shared(${lock(attempt)}) as "isOver"`,
    z.object({ isOver: z.boolean() }),
  );
  return !isOver;
}

/** Takes away what attempts have left that are over. */
export async function dropLeft(tx: StagingTx): Promise<void> {
  await tx.exec(sql`select drop_loose_roster_annexes()`);
}
