import { z } from 'zod';
import { type ToilKind, toilKinds } from '../../../contracts/burden.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

/** How often something had to be done for a partner in a month. */
export interface ToilCount {
  /** First day of the month, in UTC. */
  month: string;
  /** Null: of several, or of none. */
  partner: string | null;
  kind: ToilKind;
  count: number;
}

const toilRow = z
  .object({
    month: z.string(),
    partner: z.string().nullable(),
    kind: z.enum(toilKinds),
    count: z.coerce.number(),
  })
  .transform((row): ToilCount => row);

/** The id in a subject such as `run:<id>`, so that the row is found by its key. */
function idIn(thing: 'grade_delivery' | 'run'): Sql {
  return sql`case when t.subject ~ ${`^${thing}:[0-9a-f-]{36}$`} then split_part(t.subject, ':', 2)::uuid end`;
}

/**
 * Toil by partner and month, from what is recorded: incidents, grades sent again, credentials changed, settings and mappings
 * changed after go-live, and held runs that somebody released.
 *
 * @param tenantId of one school; without it of all
 */
export function countToil(
  tx: RollupTx,
  { from, to, tenantId }: { from: Date; to: Date; tenantId: string | undefined },
): Promise<ToilCount[]> {
  const own = tenantId === undefined ? sql`true` : sql`t.tenant_id = ${tenantId}::uuid`;
  return tx.many(
    sql`with toil as (
        select 'incidents' as kind, t.opened_at as at, coalesce(t.partner, c.partner) as partner
        from incident t left join connection c using (tenant_id, connection_id)
        where t.opened_at >= ${from} and t.opened_at < ${to} and ${own}
        union all
        select 'replays', t.at, c.partner from audit_event t
        left join grade_delivery d on d.tenant_id = t.tenant_id and d.delivery_id = ${idIn('grade_delivery')}
        left join connection c on c.tenant_id = d.tenant_id and c.connection_id = d.connection_id
        where t.action in ('grade_delivery.replayed', 'notice.replayed') and t.at >= ${from} and t.at < ${to} and ${own}
        union all
        select case t.type when 'credentials' then 'rotations' else 'edits' end, t.at, c.partner
        from integration_change t left join connection c using (tenant_id, connection_id)
        where t.type in ('credentials', 'settings', 'mapping') and t.at >= ${from} and t.at < ${to} and ${own}
          and (t.type = 'credentials' or not exists (
            -- On its way to its first day it is no toil; one that was never brought to life by stages is live.
            select from onboarding o where o.tenant_id = t.tenant_id and o.connection_id = t.connection_id
              and not exists (select from onboarding_event e where e.tenant_id = o.tenant_id
                and e.onboarding_id = o.onboarding_id and e.stage = 'live' and e.at <= t.at)))
        union all
        select 'holds', t.at, c.partner from audit_event t
        left join sync_run r on r.tenant_id = t.tenant_id and r.run_id = ${idIn('run')}
        left join connection c on c.tenant_id = r.tenant_id and c.connection_id = r.connection_id
        where t.action in ('roster_run.approved', 'roster_run.discarded') and t.at >= ${from} and t.at < ${to} and ${own}
      )
      select to_char(date_trunc('month', at at time zone 'UTC'), 'YYYY-MM-DD') as month, partner, kind, count(*)
      from toil group by 1, 2, 3 order by 1, 2 nulls last, 3`,
    toilRow,
  );
}
