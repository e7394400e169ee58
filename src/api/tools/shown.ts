import type { z } from 'zod';
import type { listEnablements } from '../../../contracts/http/enablements.ts';
import type { showPolicy } from '../../../contracts/http/policies.ts';
import type { showTool as showToolContract } from '../../../contracts/http/tools.ts';
import { hubAddresses } from '../../lti/addresses.ts';
import { platformAddresses } from '../../lti/platform-addresses.ts';
import type { ReleasePolicy } from '../../privacy/policies.ts';
import type { EnabledTool, Tool } from '../../tools/tool.ts';

type Reply<Contract extends { reply: { schema: z.ZodType } }> = z.input<Contract['reply']['schema']>;

/** A tool, and what its developer enters to know the hub. */
export function showTool(tool: Tool, baseUrl: string): Reply<typeof showToolContract> {
  const forDeveloper = { clientId: tool.clientId, ...platformAddresses(baseUrl) };
  return {
    tool: { ...tool, jwks: tool.jwks && { keys: tool.jwks.keys.map((key) => ({ ...key })) } },
    forDeveloper,
  };
}

/** A tool as it is switched for a tenant. */
export function showEnablement(
  { tool, enablement }: EnabledTool,
  tenantSlug: string,
  baseUrl: string,
): Reply<typeof listEnablements>['enablements'][number] {
  const { toolId, slug, name, status: hubStatus } = tool;
  const { status, deploymentId, custom, policyVersion } = enablement;
  const targetLinkUri = hubAddresses({ baseUrl, tenantSlug }).openUrl(slug);
  return { toolId, slug, name, hubStatus, status, deploymentId, custom, policyVersion, targetLinkUri };
}

/** A version of what a tool may see. */
export function showPolicyVersion({
  version,
  rules,
  createdAt,
}: ReleasePolicy): Reply<typeof showPolicy>['policy'] {
  return { version, rules: writable(rules), createdAt: new Date(createdAt).toISOString() };
}

/** Rules of purposes that have none are left out. */
export function writable(rules: ReleasePolicy['rules']): Reply<typeof showPolicy>['policy']['rules'] {
  return Object.fromEntries(
    Object.entries(rules).map(([purpose, ofPurpose]) => [purpose, { ...ofPurpose }]),
  ) as Reply<typeof showPolicy>['policy']['rules'];
}
