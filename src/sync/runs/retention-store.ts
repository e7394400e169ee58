import { z } from 'zod';
import type { Entity } from '../../../contracts/roster.ts';
import type { TenantTx } from '../../platform/db.ts';
import { Sql, sql } from '../../platform/sql/sql.ts';
import { tables } from '../../roster/tables.ts';

const counted = z.object({ count: z.coerce.number() });

/**
 * Takes the findings of up to `most` runs that ended before a moment, and the sourcedIds shown with their plans.
 *
 * @returns how many runs were cleaned
 */
export async function removeOldFindings(tx: TenantTx, before: Date, most: number): Promise<number> {
  const { count } = await tx.one(
    sql`with past as (
        select run_id from sync_run r
        where r.tenant_id = ${tx.tenantId} and r.ended_at < ${before}
          and (r.plan -> 'samples' <> '[]'::jsonb
            or exists (select from sync_finding f where f.tenant_id = r.tenant_id and f.run_id = r.run_id))
        order by run_id limit ${most} for no key update),
      findings as (
        delete from sync_finding f using past where f.tenant_id = ${tx.tenantId} and f.run_id = past.run_id),
      samples as (
        update sync_run r set plan = jsonb_set(r.plan, '{samples}', '[]'::jsonb) from past
        where r.tenant_id = ${tx.tenantId} and r.run_id = past.run_id and r.plan is not null)
      select count(*) from past`,
    counted,
  );
  return count;
}

/** Deletes up to `most` former values of rows that runs changed before a moment. @returns how many went */
export function removeOldChanges(tx: TenantTx, before: Date, most: number): Promise<number> {
  return tx.exec(sql`
    with past as (
      select c.connection_id, c.run_no, c.entity, c.sourced_id
      from sync_run r join roster_change c using (tenant_id, connection_id, run_no)
      where r.tenant_id = ${tx.tenantId} and r.applied_at < ${before} limit ${most})
    delete from roster_change c using past
    where c.tenant_id = ${tx.tenantId} and c.connection_id = past.connection_id and c.run_no = past.run_no
      and c.entity = past.entity and c.sourced_id = past.sourced_id`);
}

/** Deletes up to `most` rows that their source has not had for longer than it grants. @returns how many went */
export function removeGoneRows(tx: TenantTx, entity: Entity, now: Date, most: number): Promise<number> {
  const table = new Sql([tables[entity]], []);
  return tx.exec(sql`
    with past as (
      select r.connection_id, r.sourced_id
      from roster_source s join ${table} r using (tenant_id, connection_id)
      where s.tenant_id = ${tx.tenantId} and r.removed_at < ${now}::timestamptz - make_interval(days => s.grace_days)
      limit ${most}),
    overrides as (
      delete from roster_override o using past
      where o.tenant_id = ${tx.tenantId} and o.connection_id = past.connection_id and o.entity = ${entity}
        and o.sourced_id = past.sourced_id)
    delete from ${table} r using past
    where r.tenant_id = ${tx.tenantId} and r.connection_id = past.connection_id and r.sourced_id = past.sourced_id`);
}
