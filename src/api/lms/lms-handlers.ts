import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { addDeployment, listDeployments, setDeploymentStatus } from '../../connections/deployments.ts';
import {
  connectLms,
  getRegistration,
  listRegistrations,
  updateRegistration,
} from '../../connections/registrations.ts';
import { addressesForLms } from '../../lti/addresses.ts';
import type { TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import type { Handlers } from '../router.ts';
import type { ToolServices } from '../tools/tool-handlers.ts';
import { readGiven } from './given.ts';
import { showRegistration } from './shown.ts';

type LmsEndpoint =
  | 'listLms'
  | 'connectLms'
  | 'showLms'
  | 'updateLms'
  | 'addDeployment'
  | 'setDeploymentStatus';

/** What is done for the endpoints about a tenant's own LMS connections. */
export function lmsHandlers(services: ToolServices): Pick<Handlers<typeof consoleEndpoints>, LmsEndpoint> {
  const { db, baseUrl } = services;
  const show = async (tx: TenantTx, { slug }: Tenant, connectionId: ConnectionId) => {
    const registration = await getRegistration(tx, connectionId);
    const deployments = await listDeployments(tx, connectionId);
    const tools = await listEnabledTools(tx);
    return {
      registration: showRegistration(registration),
      deployments,
      forLms: addressesForLms(
        { baseUrl, tenantSlug: slug, domain: registration.settings.domain },
        tools.map(({ tool }) => tool.slug),
      ),
    };
  };
  const change = (
    tenant: Tenant,
    id: string,
    apply: (tx: TenantTx, connectionId: ConnectionId) => Promise<unknown>,
  ) =>
    db.withTenant(tenant.tenantId, async (tx) => {
      const connectionId = id as ConnectionId;
      await apply(tx, connectionId);
      return show(tx, tenant, connectionId);
    });
  return {
    listLms: async ({ tenant }) => {
      const registrations = await db.withTenant(tenant.tenantId, listRegistrations);
      return { registrations: registrations.map(showRegistration) };
    },
    connectLms: ({ tenant, body: { family, clientId, name, deployments, ...body }, by }) =>
      db.withTenant(tenant.tenantId, async (tx) => {
        const input = { family, ...readGiven(body), clientId, ...defined({ name }) };
        const { connectionId } = await connectLms(tx, input, services, by);
        for (const deploymentId of deployments) await addDeployment(tx, { connectionId, deploymentId }, by);
        return show(tx, tenant, connectionId);
      }),
    showLms: ({ tenant, params }) => change(tenant, params.connectionId, async () => undefined),
    updateLms: ({ tenant, params, body: { status, ...body }, by }) =>
      change(tenant, params.connectionId, (tx, connectionId) =>
        updateRegistration(tx, connectionId, { ...readGiven(body), ...defined({ status }) }, services, by),
      ),
    addDeployment: ({ tenant, params, body: { deploymentId }, by }) =>
      change(tenant, params.connectionId, (tx, connectionId) =>
        addDeployment(tx, { connectionId, deploymentId }, by),
      ),
    setDeploymentStatus: ({ tenant, params, body: { deploymentId, status }, by }) =>
      change(tenant, params.connectionId, async (tx, connectionId) => {
        await getRegistration(tx, connectionId);
        await setDeploymentStatus(tx, connectionId, deploymentId, status, by);
      }),
  };
}
