import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Deployment, listDeployments } from './deployment-store.ts';
import type { RegistrationFields } from './registration.ts';
import { findHubRegistration, findRegistration } from './registration-store.ts';

/** What calls to the services of an LMS need to know of one connection. */
export interface ServiceRegistration extends RegistrationFields {
  /** Raised with every change of the registration. */
  version: number;
  deployments: ReadonlyMap<string, Deployment['status']>;
}

/**
 * The registration behind a connection, whatever its status: the tenant's own, or the hub-wide one that its deployments
 * belong to.
 */
export async function findServiceRegistration(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<ServiceRegistration | undefined> {
  const deployments = await listDeployments(tx, connectionId);
  const registration =
    (await findRegistration(tx, connectionId)) ?? (await findHubWide(tx, deployments[0]?.hubRegistrationId));
  if (registration === undefined) return undefined;
  const { connectionId: _id, ...fields } = registration;
  return {
    ...fields,
    deployments: new Map(deployments.map(({ deploymentId, status }) => [deploymentId, status])),
  };
}

async function findHubWide(tx: TenantTx, registrationId: Deployment['hubRegistrationId'] | undefined) {
  return registrationId ? findHubRegistration(tx, registrationId) : undefined;
}
