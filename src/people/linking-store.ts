import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import { matchRule } from './match-rule.ts';

const connectionId = z.uuid().transform((value) => value as ConnectionId);
const link = z.object({ connectionId, subject: z.string() });
const totals = z.object({ seen: z.number(), created: z.number(), joined: z.number(), reviews: z.number() });

const position = z.discriminatedUnion('step', [
  z.object({ step: z.literal('clear'), rule: matchRule.nullable() }),
  z.object({ step: z.literal('fill'), after: link.nullable() }),
  z.object({
    step: z.literal('gather'),
    connectionId,
    after: z.object({ runNo: z.number(), sourcedId: z.string() }),
    wantedRun: z.number(),
    totals,
  }),
  z.object({ step: z.literal('look'), after: link.nullable(), totals }),
]);

/**
 * Where linking stands in a tenant. Values links are compared by are cleared and filled anew when the rule changes; users
 * of one roster are gathered; then all who were gathered are looked at.
 */
export type Position = z.output<typeof position>;

/** A link's key. */
export type LinkKey = z.output<typeof link>;

/** What linking has done. */
export type Linked = z.output<typeof totals>;

/** Where linking stands; undefined: no step is under way. */
export async function findPosition(tx: TenantTx): Promise<Position | undefined> {
  const row = await tx.maybeOne(
    sql`select position from person_linking where tenant_id = ${tx.tenantId}`,
    z.object({ position }),
  );
  return row?.position;
}

export async function savePosition(tx: TenantTx, next: Position | undefined): Promise<void> {
  await tx.exec(
    next === undefined
      ? sql`delete from person_linking where tenant_id = ${tx.tenantId}`
      : sql`insert into person_linking (tenant_id, position) values (${tx.tenantId}, ${json(next)})
          on conflict (tenant_id) do update set position = excluded.position, moved_at = now()`,
  );
}

/** Tenants in which something is left to be linked, and nobody is at it. */
export async function listUnattended(tx: RollupTx): Promise<TenantId[]> {
  const rows = await tx.many(
    sql`select tenant_id from person_linking where moved_at < now() - interval '2 minutes'
      union
      select r.tenant_id from person_linked_roster r where r.linked_run < r.wanted_run
        and not exists (select from person_linking l where l.tenant_id = r.tenant_id)
      limit 1000`,
    z.object({ tenant_id: z.uuid().transform((id) => id as TenantId) }),
  );
  return rows.map((row) => row.tenant_id);
}

/** Asks for the users of a roster up to a run. @param again those too who were linked before */
export async function wantLinked(
  tx: TenantTx,
  roster: ConnectionId,
  { runNo, again }: { runNo: number; again: boolean },
): Promise<void> {
  await tx.exec(sql`
    insert into person_linked_roster as r (tenant_id, connection_id, linked_run, wanted_run)
    values (${tx.tenantId}, ${roster}, 0, ${runNo})
    on conflict (tenant_id, connection_id) do update set wanted_run = greatest(r.wanted_run, excluded.wanted_run),
      linked_run = case when ${again} then 0 else r.linked_run end`);
}

/** Asks for all users again who have been linked. */
export async function wantAllAgain(tx: TenantTx): Promise<void> {
  await tx.exec(sql`update person_linked_roster set linked_run = 0 where tenant_id = ${tx.tenantId}`);
}

const wantedRow = z
  .object({ connection_id: connectionId, linked_run: z.number(), wanted_run: z.number() })
  .transform((row) => ({
    connectionId: row.connection_id,
    linkedRun: row.linked_run,
    wantedRun: row.wanted_run,
  }));

/** A roster of whose users some are to be gathered. */
export function findWantedRoster(tx: TenantTx): Promise<z.output<typeof wantedRow> | undefined> {
  return tx.maybeOne(
    sql`select connection_id, linked_run, wanted_run from person_linked_roster
      where tenant_id = ${tx.tenantId} and linked_run < wanted_run order by connection_id limit 1`,
    wantedRow,
  );
}

export async function markGathered(tx: TenantTx, roster: ConnectionId, runNo: number): Promise<void> {
  await tx.exec(sql`
    update person_linked_roster set linked_run = ${runNo}
    where tenant_id = ${tx.tenantId} and connection_id = ${roster} and linked_run < ${runNo}`);
}
