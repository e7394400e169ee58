import { z } from 'zod';
import type { ConnectionId, OnboardingId, TenantId } from '../../../contracts/ids.ts';
import { type OnboardingKind, stageEvidence } from '../../../contracts/onboarding.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { agreedFrom } from './agreed-store.ts';
import type { Shown } from './reached.ts';

/** So many successes are use, and no longer somebody who tries it. */
const inUseAfter = 20;

const shownRow = z
  .object({ evidence: z.enum(stageEvidence), at: z.date() })
  .transform(({ evidence, at }): Shown => ({ evidence, at: at.getTime() }));

/**
 * What shows how far a connection is, each with the first time it was so.
 *
 * @param now what would be so later is not shown
 * @param since only what was so from then on; undefined: ever
 */
export function listShown(
  tx: TenantTx,
  connectionId: ConnectionId | null,
  since: Date | undefined,
  now: Date,
): Promise<Shown[]> {
  const own = tx.tenantId;
  const from = since ?? new Date(0);
  const isOwn = sql`tenant_id = ${own} and connection_id = ${connectionId}::uuid`;
  return tx.many(
    sql`select evidence, min(at) as at from (
        select 'sharing_agreed' as evidence, ${agreedFrom} as at from setup_agreement a
          where tenant_id = ${own} and agreed_at >= ${from} and ${agreedFrom} <= ${now}
        union all select 'connection_made', created_at from connection where ${isOwn}
        union all select 'connection_switched_on', created_at from lti_deployment where ${isOwn} and status = 'active'
        union all select 'connection_switched_on', changed_at from identity_source where ${isOwn} and status = 'active'
        union all select 'connection_switched_on', changed_at from roster_source where ${isOwn} and status = 'active'
        -- A course comes with its first launch.
        union all select 'tried_well', created_at from lti_context where ${isOwn}
        union all select 'tried_well', at from sign_in
          where ${isOwn} and (outcome = 'success' or (is_test and reason is null))
        union all select 'tried_well', planned_at from sync_run where ${isOwn} and planned_at is not null
        -- A run that nothing has held is let through by itself; of one that is held in part, removals may be given up.
        union all select 'plan_approved', decided_at from sync_run r
          where ${isOwn} and decided_at is not null and applied_at is not null and state <> 'undone'
            and exists (select from sync_hold h where h.tenant_id = r.tenant_id and h.run_id = r.run_id)
            and exists (select from audit_event a where a.tenant_id = ${own} and a.at >= r.requested_at
              and a.action = 'roster_run.approved' and a.subject = 'run:' || r.run_id)
        union all select 'in_use', applied_at from sync_run where ${isOwn} and applied_at is not null and state <> 'undone'
        union all select 'in_use', at + interval '1 hour' from (
          select at, sum(sum(success)) over (order by at) as so_far
          from exchange_1h join exchange_series using (tenant_id, series_id)
          where ${isOwn} and at >= ${from} and kind in ('launch', 'sign_in', 'grade_delivery')
          group by at) h
          where so_far >= ${inUseAfter}) s
      where at >= ${from} group by evidence`,
    shownRow,
  );
}

const loneRow = z.object({ connection_id: z.uuid() }).transform((row) => row.connection_id as ConnectionId);

/** The connection that an onboarding can only be of: the one of its kind and partner, made since it was asked for, that is no other's. */
export async function findLoneConnection(
  tx: TenantTx,
  { kind, partner, requestedAt }: { kind: OnboardingKind; partner: string; requestedAt: Date },
): Promise<ConnectionId | undefined> {
  const found = await tx.many(
    sql`select connection_id from connection c
      where tenant_id = ${tx.tenantId} and kind = ${kind} and partner = ${partner}
        and created_at >= ${requestedAt}
        and not exists (select from onboarding o where o.tenant_id = c.tenant_id and o.connection_id = c.connection_id)
      limit 2`,
    loneRow,
  );
  return found.length === 1 ? found[0] : undefined;
}

const openRow = z.object({ tenant_id: z.uuid(), onboarding_id: z.uuid() }).transform((row) => ({
  ...{ tenantId: row.tenant_id as TenantId, onboardingId: row.onboarding_id as OnboardingId },
}));

/** Onboardings of every school that are not live yet, the newest first. */
export function listUnfinishedOnboardings(tx: RollupTx, most: number) {
  return tx.many(
    sql`select tenant_id, onboarding_id from onboarding where stage not in ('live', 'stable', 'withdrawn')
      order by requested_at desc limit ${most}`,
    openRow,
  );
}
