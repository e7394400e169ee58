import { z } from 'zod';
import type { EnablementId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import { toolColumns, toolFields, toTool } from './store.ts';
import { type EnabledTool, type Enablement, switchStates } from './tool.ts';

const columns = sql`enablement.enablement_id, enablement.deployment_id, enablement.custom,
  enablement.status as enablement_status, enablement.policy_version, enablement.version as enablement_version`;

const enablementFields = z.object({
  enablement_id: z.uuid(),
  deployment_id: z.string(),
  custom: z.record(z.string(), z.string()),
  enablement_status: z.enum(switchStates),
  policy_version: z.number(),
  enablement_version: z.number(),
});

const enablementRow = enablementFields.transform(toEnablement);
const enabledToolRow = z
  .object({ ...toolFields.shape, ...enablementFields.shape })
  .transform((row): EnabledTool => ({ tool: toTool(row), enablement: toEnablement(row) }));

function toEnablement(row: z.output<typeof enablementFields>): Enablement {
  return {
    enablementId: row.enablement_id as EnablementId,
    deploymentId: row.deployment_id,
    custom: row.custom,
    status: row.enablement_status,
    policyVersion: row.policy_version,
    version: row.enablement_version,
  };
}

const joined = sql`select ${toolColumns}, ${columns}
  from tool_enablement as enablement join tool using (tool_id)`;

/** The tools a tenant can launch now: active themselves and active for this tenant, by slug. */
export function listEnabledTools(tx: TenantTx): Promise<EnabledTool[]> {
  return tx.many(
    sql`${joined} where enablement.status = 'active' and tool.status = 'active' order by tool.slug`,
    enabledToolRow,
  );
}

/** Every tool that was ever enabled for a tenant, also where it is off now, by slug. */
export function listEnablements(tx: TenantTx): Promise<EnabledTool[]> {
  return tx.many(sql`${joined} order by tool.slug`, enabledToolRow);
}

/** A tool and its enablement for this tenant, also where either is off now. */
export function findEnablement(tx: TenantTx, toolId: ToolId): Promise<EnabledTool | undefined> {
  return tx.maybeOne(sql`${joined} where tool_id = ${toolId}`, enabledToolRow);
}

export interface NewEnablement {
  enablementId: EnablementId;
  toolId: ToolId;
  deploymentId: string;
  custom: Record<string, string>;
  policyVersion: number;
}

/**
 * Switches a tool on. A tool that was on before keeps its ids, since the tool knows the tenant by them.
 *
 * @returns undefined when the tool is on already
 */
export function activateEnablement(
  tx: TenantTx,
  enablement: NewEnablement,
  now: number,
): Promise<Enablement | undefined> {
  const { enablementId, toolId, deploymentId, custom, policyVersion } = enablement;
  const at = new Date(now);
  return tx.maybeOne(
    sql`insert into tool_enablement as enablement (tenant_id, enablement_id, tool_id, deployment_id, custom, status,
        policy_version, version, created_at, changed_at)
      values (${tx.tenantId}, ${enablementId}, ${toolId}, ${deploymentId}, ${json(custom)}, 'active',
        ${policyVersion}, 1, ${at}, ${at})
      on conflict (tenant_id, tool_id) do update
        set status = 'active', custom = excluded.custom, policy_version = excluded.policy_version,
          version = enablement.version + 1, changed_at = excluded.changed_at
        where enablement.status = 'disabled'
      returning ${columns}`,
    enablementRow,
  );
}

/** @returns undefined when the tool is not on */
export function deactivateEnablement(
  tx: TenantTx,
  toolId: ToolId,
  now: number,
): Promise<Enablement | undefined> {
  return change(tx, sql`status = 'disabled'`, sql`tool_id = ${toolId} and status = 'active'`, now);
}

/** @returns undefined when the tool was never enabled */
export function saveCustom(
  tx: TenantTx,
  toolId: ToolId,
  custom: Record<string, string>,
  now: number,
): Promise<Enablement | undefined> {
  return change(tx, sql`custom = ${json(custom)}`, sql`tool_id = ${toolId}`, now);
}

/** Puts a stored version of the release policy in force. @returns undefined when the tool was never enabled */
export function savePolicyVersion(
  tx: TenantTx,
  toolId: ToolId,
  policyVersion: number,
  now: number,
): Promise<Enablement | undefined> {
  return change(tx, sql`policy_version = ${policyVersion}`, sql`tool_id = ${toolId}`, now);
}

function change(tx: TenantTx, assignment: Sql, condition: Sql, now: number): Promise<Enablement | undefined> {
  return tx.maybeOne(
    sql`update tool_enablement as enablement
      set ${assignment}, version = version + 1, changed_at = ${new Date(now)}
      where ${condition} returning ${columns}`,
    enablementRow,
  );
}
