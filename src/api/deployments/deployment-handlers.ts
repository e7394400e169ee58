import type { z } from 'zod';
import type { listHubDeploymentClaims as claimsEndpoint } from '../../../contracts/http/deployments.ts';
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
  type WantedClaims,
} from '../../connections/claims.ts';
import type { Database } from '../../platform/db.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import { pageOf } from '../page.ts';
import { readPlace, writePlace } from '../place.ts';
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
      const wanted = { ...wantedOf(query), through: query.connectionId };
      const found = await db.withTenant(tenant.tenantId, (tx) => listDeploymentClaims(tx, wanted));
      const { rows, next } = pageOf(found, query.limit, placeOf);
      return { claims: rows.map((each) => ({ connectionId: each.through, ...show(each) })), next };
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
      const found = await db.withHub((tx) => listHubDeploymentClaims(tx, wantedOf(query)));
      const { rows, next } = pageOf(found, query.limit, placeOf);
      return { claims: rows.map((each) => ({ registrationId: each.through, ...show(each) })), next };
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

/** @throws DomainError input `cursor_invalid` */
function wantedOf({ status, limit, after }: z.output<(typeof claimsEndpoint)['query']>): WantedClaims {
  const place = readPlace(after);
  // One more than asked for tells whether there is a next page.
  const wanted = { status, limit: limit + 1 };
  if (place === undefined) return wanted;
  const [through = '', deploymentId = ''] = splitOnce(place.id);
  return { ...wanted, after: { key: place.key, through, deploymentId } };
}

function placeOf({ key, through, deploymentId }: DeploymentClaim<string>): string {
  return writePlace({ key, id: `${through} ${deploymentId}` });
}

/** At the first blank: a deployment_id may hold some. */
function splitOnce(id: string): string[] {
  const at = id.indexOf(' ');
  return [id.slice(0, at), id.slice(at + 1)];
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
