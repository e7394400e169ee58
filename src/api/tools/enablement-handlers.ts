import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ToolId } from '../../../contracts/ids.ts';
import { switchToolOn } from '../../lti/notices/switch-on.ts';
import type { TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import {
  disableToolForTenant,
  findEnablement,
  listEnablements,
  setCustomParameters,
} from '../../tools/enablement.ts';
import { getToolBySlug, listTools } from '../../tools/tools.ts';
import type { Handlers } from '../router.ts';
import { showEnablement } from './shown.ts';
import type { ToolServices } from './tool-handlers.ts';

type EnablementEndpoint = 'listEnablements' | 'enableTool' | 'disableToolFor' | 'setToolCustom';

/** What is done for the endpoints about the tools of one tenant. */
export function enablementHandlers({
  db,
  baseUrl,
}: ToolServices): Pick<Handlers<typeof consoleEndpoints>, EnablementEndpoint> {
  const change = (
    { tenantId, slug }: Tenant,
    tool: string,
    apply: (tx: TenantTx, toolId: ToolId) => Promise<unknown>,
  ) =>
    db.withTenant(tenantId, async (tx) => {
      const { toolId } = await getToolBySlug(tx, tool);
      await apply(tx, toolId);
      const enabled = await findEnablement(tx, toolId);
      if (enabled === undefined) throw new Error('A tool that was switched has an enablement');
      return { enablement: showEnablement(enabled, slug, baseUrl) };
    });
  return {
    listEnablements: ({ tenant: { tenantId, slug } }) =>
      db.withTenant(tenantId, async (tx) => {
        const known = await listEnablements(tx);
        const knownIds = new Set(known.map(({ tool }) => tool.toolId));
        const others = (await listTools(tx)).filter(
          ({ toolId, status }) => status === 'active' && !knownIds.has(toolId),
        );
        return {
          enablements: known.map((each) => showEnablement(each, slug, baseUrl)),
          available: others.map((tool) => ({ slug: tool.slug, name: tool.name })),
        };
      }),
    enableTool: ({ tenant, params, body: { policy, custom }, by }) =>
      change(tenant, params.tool, (tx, toolId) =>
        switchToolOn(tx, { toolId, ...defined({ template: policy, custom }) }, by),
      ),
    disableToolFor: ({ tenant, params, by }) =>
      change(tenant, params.tool, (tx, toolId) => disableToolForTenant(tx, toolId, by)),
    setToolCustom: ({ tenant, params, body: { custom }, by }) =>
      change(tenant, params.tool, (tx, toolId) => setCustomParameters(tx, toolId, custom, by)),
  };
}
