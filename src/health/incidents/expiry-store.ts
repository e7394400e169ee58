import { z } from 'zod';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

/** What can end: an institution's certificate, the hub's own key for it, its metadata, a secret, or the key the hub signs with. */
export const endingThings = ['certificate', 'own_key', 'metadata', 'secret', 'signing_key'] as const;
export type EndingThing = (typeof endingThings)[number];

const endingRow = z
  .object({
    tenant_id: z.string(),
    connection_id: z.uuid().nullable(),
    partner: z.string().nullable(),
    thing: z.enum(endingThings),
    name: z.string(),
    not_after: z.date(),
    next_not_after: z.date().nullable(),
  })
  .transform((row) => ({
    tenantId: row.tenant_id,
    connectionId: row.connection_id ?? undefined,
    partner: row.partner ?? undefined,
    thing: row.thing,
    name: row.name,
    notAfter: row.not_after.getTime(),
    nextNotAfter: row.next_not_after?.getTime(),
  }));
export type Ending = z.output<typeof endingRow>;

/** Certificates and keys of identity connections: of each the last active one, and the end of the one that is to follow it. */
function ofIdentities(table: Sql, thing: EndingThing, whose: Sql): Sql {
  return sql`select tenant_id, connection_id, ${thing}::text as thing, '' as name,
      max(not_after) filter (where state = 'active') as not_after,
      max(not_after) filter (where state = 'next') as next_not_after
    from ${table} where ${whose} group by tenant_id, connection_id`;
}

/** What ends of the connections that are in use. @param whose limits it to some schools */
function endings(whose: Sql): Sql {
  return sql`select e.tenant_id, e.connection_id, c.partner, e.thing, e.name, e.not_after, e.next_not_after
    from (
      ${ofIdentities(sql`identity_certificate`, 'certificate', whose)}
      union all ${ofIdentities(sql`identity_key`, 'own_key', whose)}
      union all select tenant_id, connection_id, 'metadata', '', valid_until, null from identity_metadata
        where valid_until is not null and ${whose}
      union all select tenant_id, connection_id, 'secret', name, not_after, null from secret_term where ${whose}
    ) e join connection c using (tenant_id, connection_id)
    left join identity_source s using (tenant_id, connection_id)
    left join roster_source r using (tenant_id, connection_id)
    left join lti_registration l using (tenant_id, connection_id)
    where e.not_after is not null and coalesce(s.status, r.status, l.status, 'active') = 'active'`;
}

/**
 * What ends before a moment, or has ended, of every connection that is in use. The keys the hub signs with change by themselves
 * every 90 days: one that signs for longer was not followed, and ends a week later.
 */
export function listExpiring(tx: RollupTx, before: Date, now: Date): Promise<Ending[]> {
  return tx.many(
    sql`${endings(sql`true`)} and e.not_after < ${before}
      union all
      select tenant_id, null, null, 'signing_key', '', changed_at + interval '100 days', null from signing_key
      where tenant_id = ${HUB_TENANT} and state = 'signing' and changed_at < ${now}::timestamptz - interval '93 days'`,
    endingRow,
  );
}

/** All that ends of a school's connections, whenever. */
export function listEndings(tx: TenantTx): Promise<Ending[]> {
  return tx.many(endings(sql`tenant_id = ${tx.tenantId}`), endingRow);
}
