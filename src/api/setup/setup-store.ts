import { z } from 'zod';
import { setupKinds, tryResults } from '../../../contracts/http/setup.ts';
import type { AgreementId, ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import { connectionState, stateColumn, stateJoins } from '../connection-state-store.ts';

const connectionRow = z.object({
  connection_id: z.uuid(),
  kind: z.enum(setupKinds),
  partner: z.string(),
  name: z.string(),
  state: connectionState,
  reference: z.string().nullable(),
  result: z.enum(tryResults).nullable(),
  tried_at: z.date().nullable(),
  verified_at: z.date().nullable(),
});
export type TriedConnection = z.output<typeof connectionRow>;

/** A test counts as suppressed; it went well where there was no reason to refuse it. */
const goodSignIn = sql`(outcome = 'success' or (is_test and reason is null))`;

const byOutcome = sql`case when outcome is null then 'under_way' when outcome = 'success' then 'well' else 'badly' end`;

/**
 * The last try of connection `c` in a week, or when it last went well. A launch has no index for that, which every one would
 * pay for: one that went well longer ago than a week has left its course. A run that has come to its plan was read to its end.
 */
function lastTry(which: 'any' | 'good'): Sql {
  const isGood = which === 'good';
  const week = sql`launch_id >= uuid_floor(now() - interval '7 days')`;
  const launches = isGood ? sql`${week} and outcome = 'success'` : week;
  const courses = isGood
    ? sql`union all (select null, 'well', created_at from lti_context
        where c.kind = 'lms' and tenant_id = c.tenant_id and connection_id = c.connection_id limit 1)`
    : sql``;
  const signIns = isGood ? goodSignIn : sql`sign_in_id >= uuid_floor(now() - interval '7 days')`;
  const runs = isGood ? sql`planned_at is not null` : sql`true`;
  return sql`
    (select reference, ${byOutcome} as result, started_at as at from launch
      where c.kind = 'lms' and tenant_id = c.tenant_id and connection_id = c.connection_id and ${launches}
      order by launch_id desc limit 1)
    union all
    (select reference, case when ${goodSignIn} then 'well' else 'badly' end, at from sign_in
      where c.kind = 'identity' and tenant_id = c.tenant_id and connection_id = c.connection_id and ${signIns}
      order by sign_in_id desc limit 1)
    union all
    (select run_id::text, case when planned_at is not null then 'well' when ended_at is null then 'under_way'
        else 'badly' end, coalesce(planned_at, requested_at) from sync_run
      where c.kind = 'roster' and tenant_id = c.tenant_id and connection_id = c.connection_id and ${runs}
      order by run_no desc limit 1) ${courses}`;
}

/** Connections of the set-up's kinds, the oldest first, each with its last try and when it last went well. */
export function listTriedConnections(tx: TenantTx): Promise<TriedConnection[]> {
  return tx.many(
    sql`
    select c.connection_id, c.kind, c.partner, c.name, ${stateColumn} as state, t.reference, t.result, t.at as tried_at,
      g.at as verified_at
    from connection c ${stateJoins}
    left join lateral (${lastTry('any')}) t on true
    left join lateral (select max(at) as at from (${lastTry('good')}) tries) g on true
    where c.tenant_id = ${tx.tenantId} and c.kind = any (${[...setupKinds]})
    order by c.connection_id`,
    connectionRow,
  );
}

export interface AgreedTool {
  toolId: ToolId;
  policyVersion: number;
}

const agreementRow = z
  .object({
    agreement_id: z.uuid(),
    actor: z.string(),
    tools: z.array(z.object({ toolId: z.uuid(), policyVersion: z.int() })),
    agreed_at: z.date(),
    by_link_of: z.string().nullable(),
    behind: z.array(z.string()),
  })
  .transform(({ agreement_id, actor, tools, agreed_at, by_link_of, behind }) => ({
    agreementId: agreement_id as AgreementId,
    actor,
    /** Whoever of outside the institution could have agreed in its name, and everybody who could. */
    ...{ byLinkOf: by_link_of, behind: [...new Set([by_link_of ?? [], behind].flat())] },
    tools: tools.map(
      ({ toolId, policyVersion }): AgreedTool => ({ toolId: toolId as ToolId, policyVersion }),
    ),
    agreedAt: agreed_at,
  }));
export type KeptAgreement = z.output<typeof agreementRow>;

/** What was agreed to last. */
export function findKeptAgreement(tx: TenantTx): Promise<KeptAgreement | undefined> {
  return tx.maybeOne(
    sql`select a.agreement_id, a.actor, a.tools, a.agreed_at, a.by_link_of, a.behind
      from setup_agreement a where a.tenant_id = ${tx.tenantId} order by a.agreement_id desc limit 1`,
    agreementRow,
  );
}

export async function insertAgreement(
  tx: TenantTx,
  agreement: Omit<KeptAgreement, 'tools'> & {
    tools: readonly AgreedTool[];
    /** When it counts though nobody confirms it. */
    countsFrom: Date;
  },
): Promise<void> {
  await tx.exec(sql`
    insert into setup_agreement (tenant_id, agreement_id, actor, tools, agreed_at, by_link_of, behind, counts_from)
    values (${tx.tenantId}, ${agreement.agreementId}, ${agreement.actor}, ${json(agreement.tools)},
      ${agreement.agreedAt}, ${agreement.byLinkOf}, ${agreement.behind}, ${agreement.countsFrom})`);
}

/** @returns false where it was confirmed before */
export async function insertConfirmation(
  tx: TenantTx,
  { agreementId, actor, at }: { agreementId: AgreementId; actor: string; at: Date },
): Promise<boolean> {
  const count = await tx.exec(sql`
    insert into setup_confirmation (tenant_id, agreement_id, actor, confirmed_at)
    values (${tx.tenantId}, ${agreementId}, ${actor}, ${at}) on conflict do nothing`);
  return count === 1;
}
