import type { ToolId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import { enableTool, findEnablement, putPolicyInForce } from '../tools/enablement.ts';
import type { EnabledTool } from '../tools/tool.ts';
import { getTool } from '../tools/tools.ts';
import { type PolicyRules, policyRules } from './policy.ts';
import { findPolicy, insertPolicy, type ReleasePolicy } from './store.ts';
import { type TemplateName, templates } from './templates.ts';

export { findPolicy, listPolicies, type ReleasePolicy } from './store.ts';

/**
 * Switches a tool on for the tenant together with a policy: the template named, else the one the tool had here
 * before, else `anonymous`.
 *
 * @throws DomainError not_found `tool_unknown`, conflict `tool_disabled`, conflict `tool_already_enabled`,
 *   input `custom_invalid`
 */
export async function enableToolWithPolicy(
  tx: TenantTx,
  input: { toolId: ToolId; template?: TemplateName; custom?: Record<string, string> },
  by: ChangeBy,
): Promise<EnabledTool> {
  const { template } = input;
  // A policy refers to its tool, so the tool is looked up before anything is stored.
  const { toolId } = await getTool(tx, input.toolId);
  const before = (await findEnablement(tx, toolId))?.enablement;
  const policyVersion =
    before !== undefined && template === undefined
      ? before.policyVersion
      : (await storePolicy(tx, toolId, templates[template ?? 'anonymous'], by)).version;
  return enableTool(tx, { toolId, custom: input.custom ?? before?.custom ?? {}, policyVersion }, by);
}

/**
 * Stores rules as the next version of a tool's policy and puts it in force.
 *
 * @throws DomainError input `policy_invalid`, conflict `tool_not_enabled`, conflict `policy_changed_meanwhile`
 */
export async function setPolicy(
  tx: TenantTx,
  toolId: ToolId,
  rules: PolicyRules,
  by: ChangeBy,
): Promise<ReleasePolicy> {
  await getPolicyInForce(tx, toolId);
  const policy = await storePolicy(tx, toolId, parseInput(policyRules, rules, 'policy_invalid'), by);
  await putPolicyInForce(tx, toolId, policy.version, by);
  return policy;
}

/** The policy a tool's releases pass now. @throws DomainError conflict `tool_not_enabled` */
export async function getPolicyInForce(tx: TenantTx, toolId: ToolId): Promise<ReleasePolicy> {
  const enabled = await findEnablement(tx, toolId);
  const policy = enabled && (await findPolicy(tx, toolId, enabled.enablement.policyVersion));
  if (policy !== undefined) return policy;
  throw new DomainError(
    'conflict',
    'tool_not_enabled',
    'The tool is not on for this tenant. Switch it on first.',
  );
}

async function storePolicy(
  tx: TenantTx,
  toolId: ToolId,
  rules: PolicyRules,
  by: ChangeBy,
): Promise<ReleasePolicy> {
  const policy = await refusingTaken(
    'release_policy_pkey',
    () => insertPolicy(tx, toolId, rules, by.now),
    (cause) =>
      new DomainError(
        'conflict',
        'policy_changed_meanwhile',
        'Somebody else changed this policy at the same moment. Look at it again before you change it.',
        { cause },
      ),
  );
  await recordChange(
    tx,
    {
      announce: `tenant:${tx.tenantId}`,
      action: 'release_policy.stored',
      subject: `tool:${toolId}`,
      after: { version: policy.version, rules: policy.rules },
    },
    by,
  );
  return policy;
}
