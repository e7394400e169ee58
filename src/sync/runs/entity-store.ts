import { z } from 'zod';
import type { ConnectionId, RunId } from '../../../contracts/ids.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** How far an entity of a run has been read. */
export interface EntityState {
  entity: Entity;
  checkpoint: string | undefined;
  /** Rows in staging, as counted when they were written. */
  rows: number;
  expected: number | undefined;
  /** Read to its end. */
  sealed: boolean;
  /** For the next delta. */
  state: string | undefined;
}

const entityRow = z
  .object({
    entity: z.enum(entities),
    checkpoint: z.string().nullable(),
    rows: z.coerce.number(),
    expected: z.coerce.number().nullable(),
    sealed: z.boolean(),
    state: z.string().nullable(),
  })
  .transform(
    ({ checkpoint, expected, state, ...rest }): EntityState => ({
      ...rest,
      checkpoint: checkpoint ?? undefined,
      expected: expected ?? undefined,
      state: state ?? undefined,
    }),
  );

export async function readEntityStates(tx: TenantTx, runId: RunId): Promise<Map<Entity, EntityState>> {
  const rows = await tx.many(
    sql`select entity, checkpoint, rows, expected, sealed, state from sync_run_entity
      where tenant_id = ${tx.tenantId} and run_id = ${runId}`,
    entityRow,
  );
  return new Map(rows.map((row) => [row.entity, row]));
}

/** Notes how far an entity has come, unless another has taken the run up. @returns whether it was noted */
export async function saveEntityState(
  tx: TenantTx,
  runId: RunId,
  token: string,
  given: EntityState,
): Promise<boolean> {
  const written = await tx.exec(sql`
    insert into sync_run_entity (tenant_id, run_id, entity, checkpoint, rows, expected, sealed, state)
    select tenant_id, run_id, ${given.entity}, ${given.checkpoint ?? null}, ${given.rows}, ${given.expected ?? null},
      ${given.sealed}, ${given.state ?? null}
    from sync_run where tenant_id = ${tx.tenantId} and run_id = ${runId} and lease_token = ${token}
    on conflict (tenant_id, run_id, entity) do update
    set checkpoint = excluded.checkpoint, rows = excluded.rows, expected = excluded.expected, sealed = excluded.sealed,
      state = excluded.state`);
  return written === 1;
}

/** Forgets how far an entity has come. */
export async function removeEntityState(tx: TenantTx, runId: RunId, entity: Entity): Promise<void> {
  await tx.exec(sql`
    delete from sync_run_entity where tenant_id = ${tx.tenantId} and run_id = ${runId} and entity = ${entity}`);
}

/** Forgets how far each entity of a run has come. */
export async function removeEntityStates(tx: TenantTx, runId: RunId): Promise<void> {
  await tx.exec(sql`delete from sync_run_entity where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
}

const stateRow = z.object({ entity: z.enum(entities), state: z.string() });

/** Where the next delta of each entity begins. */
export async function readSourceStates(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<Map<Entity, string>> {
  const rows = await tx.many(
    sql`select entity, state from roster_source_state
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
    stateRow,
  );
  return new Map(rows.map(({ entity, state }) => [entity, state]));
}

/** Takes over what the seals of a run have left: the next delta begins there. */
export async function takeOverStates(
  tx: TenantTx,
  connectionId: ConnectionId,
  runId: RunId,
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    insert into roster_source_state (tenant_id, connection_id, entity, state, changed_at)
    select tenant_id, ${connectionId}::uuid, entity, state, ${now}::timestamptz from sync_run_entity
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and sealed and state is not null
    on conflict (tenant_id, connection_id, entity) do update
    set state = excluded.state, changed_at = excluded.changed_at`);
}

/** The next reading begins at the beginning. */
export async function removeSourceStates(tx: TenantTx, connectionId: ConnectionId): Promise<void> {
  await tx.exec(sql`
    delete from roster_source_state where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
}
