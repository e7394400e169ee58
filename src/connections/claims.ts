import type { ConnectionId, RegistrationId } from '../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import { settleClaim, settleHubClaim } from './claim-store.ts';
import { recordConnectionChange } from './connections.ts';
import type { Deployment } from './deployment-store.ts';
import { addDeployment, addHubDeployment } from './deployments.ts';

export {
  type DeploymentClaim,
  listDeploymentClaims,
  listHubDeploymentClaims,
  type WantedClaims,
} from './claim-store.ts';

/**
 * Says that a waiting deployment is this tenant's, so that its launches go on.
 *
 * @throws DomainError not_found `claim_unknown`, conflict `deployment_exists`
 */
export async function claimDeployment(
  tx: TenantTx,
  input: { connectionId: ConnectionId; deploymentId: string },
  by: ChangeBy,
): Promise<Deployment> {
  if (!(await settleClaim(tx, input.connectionId, input.deploymentId, 'claimed'))) throw unknownClaim();
  return addDeployment(tx, input, by);
}

/**
 * Says which tenant's school a waiting deployment of a hub-wide registration is.
 *
 * @throws DomainError not_found `claim_unknown`, conflict `deployment_taken`
 */
export async function claimHubDeployment(
  tx: TenantTx,
  input: { registrationId: RegistrationId; deploymentId: string; name?: string },
  by: ChangeBy,
): Promise<Deployment> {
  if (!(await settleHubClaim(tx, input.registrationId, input.deploymentId, 'claimed'))) throw unknownClaim();
  return addHubDeployment(tx, input, by);
}

/** Says that a waiting deployment is not this tenant's. @throws DomainError not_found `claim_unknown` */
export async function refuseDeployment(
  tx: TenantTx,
  input: { connectionId: ConnectionId; deploymentId: string },
  by: ChangeBy,
): Promise<void> {
  if (!(await settleClaim(tx, input.connectionId, input.deploymentId, 'refused'))) throw unknownClaim();
  const after = { deploymentId: input.deploymentId };
  await recordConnectionChange(tx, 'deployment.refused', input.connectionId, { after }, by);
}

/** Says that a waiting deployment is no school of ours. @throws DomainError not_found `claim_unknown` */
export async function refuseHubDeployment(
  tx: HubTx,
  input: { registrationId: RegistrationId; deploymentId: string },
  by: ChangeBy,
): Promise<void> {
  if (!(await settleHubClaim(tx, input.registrationId, input.deploymentId, 'refused'))) throw unknownClaim();
  await recordChange(
    tx,
    {
      announce: `hub_registration:${input.registrationId}`,
      action: 'deployment.refused',
      subject: `hub_registration:${input.registrationId}`,
      after: { deploymentId: input.deploymentId },
    },
    by,
  );
}

function unknownClaim(): DomainError {
  return new DomainError(
    'not_found',
    'claim_unknown',
    'No launch waits for such a deployment, or it is settled already. List the claims to see what waits.',
  );
}
