import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import {
  claimDeployment,
  claimHubDeployment,
  type DeploymentClaim,
  listDeploymentClaims,
  listHubDeploymentClaims,
  refuseDeployment,
  refuseHubDeployment,
} from '../../connections/claims.ts';
import type { Database } from '../../platform/db.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { Handlers } from '../router.ts';

type DeploymentEndpoint =
  | 'listDeploymentClaims'
  | 'claimDeployment'
  | 'refuseDeployment'
  | 'listHubDeploymentClaims'
  | 'claimHubDeployment'
  | 'refuseHubDeployment';

/** What is done for the endpoints about deployments whose launches wait for somebody to say whose they are. */
export function deploymentHandlers(db: Database): Pick<Handlers<typeof endpoints>, DeploymentEndpoint> {
  return {
    listDeploymentClaims: async ({ tenant, query }) => {
      const claims = await db.withTenant(tenant.tenantId, (tx) => listDeploymentClaims(tx, query));
      return { claims: claims.map((each) => ({ connectionId: each.through, ...show(each) })) };
    },
    claimDeployment: async ({ tenant, body: { deploymentId, ...body }, by }) => {
      const connectionId = body.connectionId as ConnectionId;
      return {
        deployment: await db.withTenant(tenant.tenantId, (tx) =>
          claimDeployment(tx, { connectionId, deploymentId }, by),
        ),
      };
    },
    refuseDeployment: async ({ tenant, body: { deploymentId, ...body }, by }) => {
      const connectionId = body.connectionId as ConnectionId;
      await db.withTenant(tenant.tenantId, (tx) => refuseDeployment(tx, { connectionId, deploymentId }, by));
      return { deploymentId, status: 'refused' as const };
    },
    listHubDeploymentClaims: async ({ query }) => {
      const claims = await db.withHub((tx) => listHubDeploymentClaims(tx, query));
      return { claims: claims.map((each) => ({ registrationId: each.through, ...show(each) })) };
    },
    claimHubDeployment: async ({ body: { deploymentId, slug, ...body }, by }) => {
      const registrationId = body.registrationId as RegistrationId;
      const { tenantId } = await getTenantBySlug(db.directory, slug);
      return {
        deployment: await db.withTenant(tenantId, (tx) =>
          claimHubDeployment(tx, { registrationId, deploymentId }, by),
        ),
      };
    },
    refuseHubDeployment: async ({ body: { deploymentId, ...body }, by }) => {
      const registrationId = body.registrationId as RegistrationId;
      await db.withHub((tx) => refuseHubDeployment(tx, { registrationId, deploymentId }, by));
      return { deploymentId, status: 'refused' };
    },
  };
}

function show({ deploymentId, status, launches, firstSeenAt, lastSeenAt }: DeploymentClaim<string>) {
  return {
    deploymentId,
    status,
    launches,
    firstSeenAt: new Date(firstSeenAt).toISOString(),
    lastSeenAt: new Date(lastSeenAt).toISOString(),
  };
}
