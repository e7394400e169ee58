import { randomUUID } from 'node:crypto';
import { type EnablementId, newId, type ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import {
  activateEnablement,
  deactivateEnablement,
  findEnablement,
  saveCustom,
  savePolicyVersion,
} from './enablement-store.ts';
import { customParameters } from './settings.ts';
import type { EnabledTool, Enablement } from './tool.ts';
import { getTool } from './tools.ts';

export { findEnablement, listEnabledTools, listEnablements } from './enablement-store.ts';

export interface EnableToolInput {
  toolId: ToolId;
  custom?: Record<string, string>;
  /** The stored release policy that is to be in force. */
  policyVersion: number;
}

/**
 * Switches a tool on for the tenant and gives it its deployment_id there; a tool that was on before gets the
 * same one back.
 *
 * @throws DomainError not_found `tool_unknown`, conflict `tool_disabled`, conflict `tool_already_enabled`,
 *   input `custom_invalid`
 */
export async function enableTool(tx: TenantTx, input: EnableToolInput, by: ChangeBy): Promise<EnabledTool> {
  const custom = parseInput(customParameters, input.custom ?? {}, 'custom_invalid');
  const tool = await getTool(tx, input.toolId);
  if (tool.status === 'disabled') {
    throw new DomainError(
      'conflict',
      'tool_disabled',
      `The tool "${tool.slug}" is switched off at the hub. Switch it on there first.`,
    );
  }
  const enablement = await activateEnablement(
    tx,
    {
      enablementId: newId<EnablementId>(by.now),
      toolId: tool.toolId,
      deploymentId: randomUUID(),
      custom,
      policyVersion: input.policyVersion,
    },
    by.now,
  );
  if (enablement === undefined) {
    throw new DomainError(
      'conflict',
      'tool_already_enabled',
      `The tool "${tool.slug}" is on for this tenant already.`,
    );
  }
  await recordEnablement(tx, 'tool.enabled', tool.toolId, undefined, enablement, by);
  return { tool, enablement };
}

/** Switches a tool off for the tenant. @throws DomainError conflict `tool_not_enabled` */
export async function disableToolForTenant(tx: TenantTx, toolId: ToolId, by: ChangeBy): Promise<Enablement> {
  const enablement = (await deactivateEnablement(tx, toolId, by.now)) ?? refuseNotEnabled();
  await recordEnablement(tx, 'tool.disabled_for_tenant', toolId, { status: 'active' }, enablement, by);
  return enablement;
}

/**
 * Replaces the tenant's custom parameters for a tool.
 *
 * @throws DomainError input `custom_invalid`, conflict `tool_not_enabled`
 */
export async function setCustomParameters(
  tx: TenantTx,
  toolId: ToolId,
  input: Record<string, string>,
  by: ChangeBy,
): Promise<Enablement> {
  const custom = parseInput(customParameters, input, 'custom_invalid');
  const { enablement: before } = (await findEnablement(tx, toolId)) ?? refuseNotEnabled();
  const enablement = (await saveCustom(tx, toolId, custom, by.now)) ?? refuseNotEnabled();
  await recordEnablement(tx, 'tool.custom_set', toolId, { custom: before.custom }, enablement, by);
  return enablement;
}

/**
 * Puts a stored version of the release policy in force for a tool.
 *
 * @throws DomainError conflict `tool_not_enabled`
 */
export async function putPolicyInForce(
  tx: TenantTx,
  toolId: ToolId,
  policyVersion: number,
  by: ChangeBy,
): Promise<Enablement> {
  const { enablement: before } = (await findEnablement(tx, toolId)) ?? refuseNotEnabled();
  const enablement = (await savePolicyVersion(tx, toolId, policyVersion, by.now)) ?? refuseNotEnabled();
  await recordEnablement(
    tx,
    'tool.policy_put_in_force',
    toolId,
    { policyVersion: before.policyVersion },
    enablement,
    by,
  );
  return enablement;
}

function refuseNotEnabled(): never {
  throw new DomainError(
    'conflict',
    'tool_not_enabled',
    'The tool is not on for this tenant. Switch it on first.',
  );
}

function recordEnablement(
  tx: TenantTx,
  action: string,
  toolId: ToolId,
  before: Partial<Enablement> | undefined,
  after: Enablement,
  by: ChangeBy,
): Promise<void> {
  return recordChange(
    tx,
    {
      announce: `tenant:${tx.tenantId}`,
      action,
      subject: `enablement:${after.enablementId}`,
      ...(before === undefined ? {} : { before }),
      after: { toolId, ...after },
    },
    by,
  );
}
