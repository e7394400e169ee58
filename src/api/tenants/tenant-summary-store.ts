import { z } from 'zod';
import { routeStates } from '../../../contracts/grades.ts';
import { serviceTiers } from '../../../contracts/health.ts';
import { onboardingKinds } from '../../../contracts/onboarding.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { connectionState, stateColumn, stateJoins } from '../connection-state-store.ts';

/** When the tenant was made. */
export async function readCreatedAt(tx: TenantTx): Promise<Date> {
  const row = await tx.one(
    sql`select created_at from tenant where tenant_id = ${tx.tenantId}`,
    z.object({ created_at: z.date() }),
  );
  return row.created_at;
}

const connectionRow = z.object({
  connection_id: z.uuid(),
  kind: z.enum(onboardingKinds),
  partner: z.string(),
  name: z.string(),
  tier: z.enum(serviceTiers),
  state: connectionState,
  grades: z.enum(routeStates).nullable(),
  created_at: z.date(),
});
export type SummarizedConnection = z.output<typeof connectionRow>;

/** Connections of every kind with their state, oldest first. */
export function listSummarizedConnections(tx: TenantTx): Promise<SummarizedConnection[]> {
  return tx.many(
    sql`
    select c.connection_id, c.kind, c.partner, c.name, c.tier, c.created_at, r.state as grades, ${stateColumn} as state
    from connection c ${stateJoins}
    left join grade_route r on r.tenant_id = c.tenant_id and r.connection_id = c.connection_id
    where c.tenant_id = ${tx.tenantId} order by c.connection_id`,
    connectionRow,
  );
}

const waitingRow = z.object({
  tools: z.number(),
  incidents: z.number(),
  reviews: z.number(),
  held_runs: z.number(),
  pending_grades: z.number(),
  deployment_claims: z.number(),
  onboardings: z.number(),
});

/** How much waits for somebody at the tenant, and how many tools are on there. */
export function countWaiting(tx: TenantTx): Promise<z.output<typeof waitingRow>> {
  const id = tx.tenantId;
  return tx.one(
    sql`select
      (select count(*)::integer from tool_enablement e join tool t using (tool_id)
        where e.tenant_id = ${id} and e.status = 'active' and t.status = 'active') as tools,
      (select count(*)::integer from incident where tenant_id = ${id} and state <> 'resolved') as incidents,
      (select count(*)::integer from person_review where tenant_id = ${id} and state = 'open') as reviews,
      (select count(*)::integer from sync_run where tenant_id = ${id} and ended_at is null and state = 'held') as held_runs,
      (select coalesce(sum(pending), 0)::integer from grade_line
        where tenant_id = ${id} and due_at is not null) as pending_grades,
      (select count(*)::integer from lti_deployment_claim
        where tenant_id = ${id} and status = 'waiting') as deployment_claims,
      (select count(*)::integer from onboarding where tenant_id = ${id} and ended_at is null) as onboardings`,
    waitingRow,
  );
}
