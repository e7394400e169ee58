import { z } from 'zod';
import { type ConnectionId, newId, type RegistrationId } from '../../contracts/ids.ts';
import { notifyChanged } from '../platform/changes.ts';
import { violatedUnique } from '../platform/db/conflicts.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { insertConnection } from './connection-store.ts';
import { recordConnectionChange } from './connections.ts';
import { isDeploymentId } from './deployment-id.ts';
import {
  type Deployment,
  findHubConnection,
  insertDeployment,
  saveDeploymentStatus,
} from './deployment-store.ts';
import { families } from './families.ts';
import { getHubRegistration } from './hub-registrations.ts';
import { getRegistration } from './registrations.ts';

export {
  type Deployment,
  type HubDeployment,
  listDeployments,
  resolveHubDeployment,
} from './deployment-store.ts';

const deploymentIdText = z.string().refine(isDeploymentId, {
  error: 'A deployment ID has 1 to 255 printable ASCII characters.',
});

/**
 * Adds a deployment to a tenant's own LMS registration.
 *
 * @throws DomainError input `deployment_invalid`, not_found `registration_unknown`, conflict `deployment_exists`
 */
export async function addDeployment(
  tx: TenantTx,
  input: { connectionId: ConnectionId; deploymentId: string },
  by: ChangeBy,
): Promise<Deployment> {
  await getRegistration(tx, input.connectionId);
  return writeDeployment(tx, { ...input, hubRegistrationId: null }, by);
}

/**
 * Ties a school's deployment of a hub-wide registration to the tenant; its first one makes the connection.
 *
 * @throws DomainError input `deployment_invalid`, not_found `registration_unknown`, conflict `deployment_taken`
 *   when it is another tenant's, conflict `deployment_exists`
 */
export async function addHubDeployment(
  tx: TenantTx,
  input: { registrationId: RegistrationId; deploymentId: string; name?: string },
  by: ChangeBy,
): Promise<Deployment> {
  const { family } = await getHubRegistration(tx, input.registrationId);
  let connectionId = await findHubConnection(tx, input.registrationId);
  if (connectionId === undefined) {
    connectionId = newId<ConnectionId>(by.now);
    const name = input.name ?? families[family].title;
    await insertConnection(tx, { connectionId, kind: 'lms', partner: family, name }, by.now);
  }
  const deployment = await writeDeployment(
    tx,
    { connectionId, deploymentId: input.deploymentId, hubRegistrationId: input.registrationId },
    by,
  );
  // Other copies may remember that this deployment is nobody's.
  await notifyChanged(tx, `hub_registration:${input.registrationId}`);
  return deployment;
}

/**
 * Switches one deployment off or on again.
 *
 * @throws DomainError not_found `deployment_unknown`
 */
export async function setDeploymentStatus(
  tx: TenantTx,
  connectionId: ConnectionId,
  deploymentId: string,
  status: Deployment['status'],
  by: ChangeBy,
): Promise<Deployment> {
  const deployment = await saveDeploymentStatus(tx, connectionId, deploymentId, status);
  if (deployment === undefined) {
    throw new DomainError(
      'not_found',
      'deployment_unknown',
      'This connection has no such deployment. List its deployments to see their ids.',
    );
  }
  await recordConnectionChange(
    tx,
    'deployment.status_set',
    deployment.connectionId,
    { after: deployment },
    by,
  );
  return deployment;
}

async function writeDeployment(
  tx: TenantTx,
  input: Omit<Deployment, 'status'>,
  by: ChangeBy,
): Promise<Deployment> {
  const deploymentId = parseInput(deploymentIdText, input.deploymentId, 'deployment_invalid');
  try {
    await insertDeployment(tx, { ...input, deploymentId }, by.now);
  } catch (cause) {
    throw refuseConflict(cause);
  }
  const deployment: Deployment = { ...input, deploymentId, status: 'active' };
  await recordConnectionChange(tx, 'deployment.added', deployment.connectionId, { after: deployment }, by);
  return deployment;
}

/** Which tenant has the deployment stays unsaid: that would name another customer. */
function refuseConflict(cause: unknown): unknown {
  switch (violatedUnique(cause)) {
    case 'lti_deployment_pkey':
      return new DomainError('conflict', 'deployment_exists', 'The connection has this deployment already.', {
        cause,
      });
    case 'lti_deployment_hub_wide':
      return new DomainError(
        'conflict',
        'deployment_taken',
        'This deployment is tied to a school already. Check the deployment ID with the school.',
        { cause },
      );
    default:
      return cause;
  }
}
