import { z } from 'zod';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { onboardingKinds } from '../../../contracts/onboarding.ts';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { outcomes } from '../outcomes.ts';
import type { PlanFacts } from './facts.ts';

const connectionRow = z
  .object({
    connection_id: z.uuid(),
    kind: z.enum(onboardingKinds),
    partner: z.string(),
    undated: z.array(z.string()),
    probe_outcome: z.enum(outcomes).nullable(),
    probe_reason: z.string().nullable(),
    probed_at: z.date().nullable(),
    last_success: z.date().nullable(),
    uses_grades: z.boolean(),
    last_grade: z.date().nullable(),
    grades_noted_at: z.date().nullable(),
    held_runs: z.number(),
    open_incidents: z.number(),
  })
  .transform((row) => ({
    ...{ connectionId: row.connection_id, kind: row.kind, partner: row.partner, undatedSecrets: row.undated },
    lastProbe:
      row.probed_at === null || row.probe_outcome === null
        ? undefined
        : { outcome: row.probe_outcome, reason: row.probe_reason, at: row.probed_at.getTime() },
    ...{ lastSuccess: row.last_success?.getTime(), lastGrade: row.last_grade?.getTime() },
    ...{ usesGrades: row.uses_grades, gradesNotedAt: row.grades_noted_at?.getTime() },
    ...{ heldRuns: row.held_runs, openIncidents: row.open_incidents },
  }));
export type StoredFacts = z.output<typeof connectionRow>;

/** What is known of each connection of a school that is in use, but for its plans. */
export function listConnectionFacts(tx: TenantTx, now: Date): Promise<StoredFacts[]> {
  const own = tx.tenantId;
  return tx.many(
    sql`with success as (
        select s.connection_id, max(last_success) filter (where s.kind <> 'grade_delivery') as last_success,
          max(last_success) filter (where s.kind = 'grade_delivery') as last_grade
        from exchange_1h c join exchange_series s using (tenant_id, series_id)
        where c.tenant_id = ${own} and c.at >= ${now}::timestamptz - interval '60 days' group by s.connection_id
      ), probed as (
        select distinct on (connection_id) connection_id, outcome, reason, ended_at from probe_run
        where tenant_id = ${own} and outcome <> 'suppressed' order by connection_id, ended_at desc
      )
      select c.connection_id, c.kind, c.partner,
        array(select name from unnest(coalesce(i.secret_names, r.secret_names, '{}')) as name
          where not exists (select from secret_term t
            where t.tenant_id = ${own} and t.connection_id = c.connection_id and t.name = name.name)) as undated,
        p.outcome as probe_outcome, p.reason as probe_reason, p.ended_at as probed_at,
        u.last_success, u.last_grade,
        exists (select from exchange_series s where s.tenant_id = ${own} and s.connection_id = c.connection_id
          and s.kind = 'grade_delivery') as uses_grades,
        (select noted_at from readiness_evidence e where e.tenant_id = ${own} and e.connection_id = c.connection_id
          and e.subject = 'grade_return') as grades_noted_at,
        (select count(*)::integer from sync_run x where x.tenant_id = ${own} and x.connection_id = c.connection_id
          and x.state = 'held') as held_runs,
        (select count(*)::integer from incident n where n.tenant_id = ${own} and n.connection_id = c.connection_id
          and n.state <> 'resolved') as open_incidents
      from connection c
      left join identity_source i on i.tenant_id = c.tenant_id and i.connection_id = c.connection_id
      left join roster_source r on r.tenant_id = c.tenant_id and r.connection_id = c.connection_id
      left join lti_registration l on l.tenant_id = c.tenant_id and l.connection_id = c.connection_id
      left join success u on u.connection_id = c.connection_id
      left join probed p on p.connection_id = c.connection_id
      where c.tenant_id = ${own} and coalesce(i.status, r.status, l.status, 'active') = 'active'
      order by c.kind, c.connection_id`,
    connectionRow,
  );
}

const planRow = z
  .object({
    connection_id: z.uuid(),
    at: z.date(),
    is_held: z.boolean(),
    counts: z.array(
      z.object({
        entity: z.string(),
        ...{ present: z.number(), created: z.number(), removed: z.number(), restored: z.number() },
      }),
    ),
  })
  .transform(({ connection_id, at, is_held, counts }): PlanFacts & { connectionId: string } => {
    const sizes: Record<string, number> = {};
    for (const { entity, present, created, removed, restored } of counts) {
      sizes[entity] = (sizes[entity] ?? 0) + present + created + restored - removed;
    }
    const sum = (of: 'present' | 'created' | 'removed') => counts.reduce((all, each) => all + each[of], 0);
    return {
      ...{ connectionId: connection_id, at: at.getTime(), isHeld: is_held, sizes },
      ...{ present: sum('present'), created: sum('created'), removed: sum('removed') },
    };
  });

/** The newest plan of each roster that compares all there is. */
export function listLatestPlans(tx: TenantTx) {
  return tx.many(
    sql`select distinct on (connection_id) connection_id, planned_at as at, state = 'held' as is_held,
        plan -> 'counts' as counts
      from sync_run where tenant_id = ${tx.tenantId} and mode = 'full' and planned_at is not null and plan is not null
      order by connection_id, planned_at desc`,
    planRow,
  );
}

/** The plan of each roster with the most additions and removals that was applied between two moments. */
export function listRollovers(tx: TenantTx, from: Date, to: Date) {
  return tx.many(
    sql`select distinct on (connection_id) connection_id, planned_at as at, false as is_held, plan -> 'counts' as counts
      from sync_run r
      cross join lateral (select sum((c ->> 'created')::bigint + (c ->> 'removed')::bigint) as moved
        from jsonb_array_elements(plan -> 'counts') c) m
      where r.tenant_id = ${tx.tenantId} and r.mode = 'full' and r.state = 'applied' and r.plan is not null
        and r.planned_at between ${from} and ${to}
      order by connection_id, moved desc nulls last`,
    planRow,
  );
}

const incidentsRow = z.object({ partner: z.string(), count: z.coerce.number() });

/** Open incidents of several schools, by partner. */
export async function countSharedIncidents(tx: HubTx): Promise<Map<string, number>> {
  const rows = await tx.many(
    sql`select partner, count(*) from incident where tenant_id = ${HUB_TENANT} and state <> 'resolved'
        and partner is not null group by partner`,
    incidentsRow,
  );
  return new Map(rows.map(({ partner, count }) => [partner, count]));
}

const peakRow = z.object({ peak: z.coerce.number().nullable() });

/** Exchanges of all schools in the busiest five minutes between two moments. */
export async function readPeak(tx: RollupTx, from: Date, to: Date): Promise<number> {
  const { peak } = await tx.one(
    sql`select max(ended) as peak from (
        select sum(success + failed_partner + failed_hub + failed_config + expired_unknown + user_error) as ended
        from exchange_5m where at >= ${from} and at < ${to} group by at) b`,
    peakRow,
  );
  return peak ?? 0;
}

const schoolRow = z.object({ tenant_id: z.uuid() }).transform((row) => row.tenant_id);

/** Schools with a connection to a partner. */
export function listSchoolsOf(tx: RollupTx, partner: string, most: number): Promise<string[]> {
  return tx.many(
    sql`select distinct tenant_id from connection where partner = ${partner} order by tenant_id limit ${most}`,
    schoolRow,
  );
}
