import { z } from 'zod';
import type { ConnectionId, RegistrationId, TenantId } from '../../contracts/ids.ts';
import type { DirectoryTx, TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

/** One installation of the hub in an LMS (LTI Core §3.1.3). */
export interface Deployment {
  connectionId: ConnectionId;
  deploymentId: string;
  /** Set where the school is reached through a hub-wide registration. */
  hubRegistrationId: RegistrationId | null;
  status: 'active' | 'disabled';
}

const deploymentFields = z.object({
  connection_id: z.uuid(),
  deployment_id: z.string(),
  hub_registration_id: z.uuid().nullable(),
  status: z.enum(['active', 'disabled']),
});

function toDeployment(row: z.output<typeof deploymentFields>): Deployment {
  return {
    connectionId: row.connection_id as ConnectionId,
    deploymentId: row.deployment_id,
    hubRegistrationId: row.hub_registration_id as RegistrationId | null,
    status: row.status,
  };
}

const deploymentRow = deploymentFields.transform(toDeployment);
const columns = sql`connection_id, deployment_id, hub_registration_id, status`;

/** The deployments of a connection, whatever their status. */
export function listDeployments(tx: TenantTx, connectionId: ConnectionId): Promise<Deployment[]> {
  return tx.many(
    sql`select ${columns} from lti_deployment where connection_id = ${connectionId} order by created_at, deployment_id`,
    deploymentRow,
  );
}

/** The connection through which a tenant is reached by a hub-wide registration, where it has one. */
export async function findHubConnection(
  tx: TenantTx,
  registrationId: RegistrationId,
): Promise<ConnectionId | undefined> {
  const row = await tx.maybeOne(
    sql`select connection_id from lti_deployment where hub_registration_id = ${registrationId}
      order by created_at limit 1`,
    z.object({ connection_id: z.uuid() }),
  );
  return row?.connection_id as ConnectionId | undefined;
}

/**
 * @throws the database's unique violation `lti_deployment_pkey` (this connection has it) or
 *   `lti_deployment_hub_wide` (a school, perhaps another tenant, has it at that hub-wide registration)
 */
export async function insertDeployment(
  tx: TenantTx,
  deployment: Omit<Deployment, 'status'>,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    insert into lti_deployment (tenant_id, connection_id, deployment_id, hub_registration_id, status, created_at)
    values (${tx.tenantId}, ${deployment.connectionId}, ${deployment.deploymentId}, ${deployment.hubRegistrationId},
      'active', ${new Date(now)})`);
}

/** @returns undefined when the connection has no such deployment */
export function saveDeploymentStatus(
  tx: TenantTx,
  connectionId: ConnectionId,
  deploymentId: string,
  status: Deployment['status'],
): Promise<Deployment | undefined> {
  return tx.maybeOne(
    sql`update lti_deployment set status = ${status}
      where connection_id = ${connectionId} and deployment_id = ${deploymentId} returning ${columns}`,
    deploymentRow,
  );
}

export interface HubDeployment extends Deployment {
  tenantId: TenantId;
}

/** Whose school a deployment of a hub-wide registration is. To be asked with verified values only. */
export function resolveHubDeployment(
  tx: DirectoryTx,
  registrationId: RegistrationId,
  deploymentId: string,
): Promise<HubDeployment | undefined> {
  return tx.maybeOne(
    sql`select tenant_id, ${columns} from lti_deployment
      where hub_registration_id = ${registrationId} and deployment_id = ${deploymentId}`,
    z
      .object({ tenant_id: z.uuid(), ...deploymentFields.shape })
      .transform((row): HubDeployment => ({ tenantId: row.tenant_id as TenantId, ...toDeployment(row) })),
  );
}
