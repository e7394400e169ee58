import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import {
  addDeployment,
  addHubDeployment,
  type Deployment,
  listDeployments,
  setDeploymentStatus,
} from '../../connections/deployments.ts';
import { listConnections, listRegistrations } from '../../connections/registrations.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type Command, changing, type OptionSpec } from '../command.ts';
import { table } from '../layout.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const deploymentOption = {
  deployment: { value: 'id', about: 'The deployment ID, as the LMS shows it', required: true },
} as const;

export const throughOptions = {
  connection: { value: 'id', about: 'The LMS connection; not needed where the tenant has only one' },
  registration: { value: 'id', about: 'Or the hub-wide registration it comes through' },
} as const satisfies Record<string, OptionSpec>;

/**
 * The LMS connection named, or the tenant's only one.
 *
 * @throws DomainError input `connection_ambiguous`, not_found `connection_missing`
 */
export async function chooseConnection(tx: TenantTx, values: Values): Promise<ConnectionId> {
  const named = values.optionalId<ConnectionId>('connection');
  if (named !== undefined) return named;
  const registrations = await listRegistrations(tx);
  const [only] = registrations;
  if (only !== undefined && registrations.length === 1) return only.connectionId;
  if (only === undefined) {
    throw new DomainError(
      'not_found',
      'connection_missing',
      'This tenant has no LMS connection. Begin with: lms connect',
    );
  }
  const ids = registrations.map(({ connectionId, issuer }) => `${connectionId} (${issuer})`).join(', ');
  throw new DomainError(
    'input',
    'connection_ambiguous',
    `This tenant has several LMS connections; say which with --connection: ${ids}`,
  );
}

export const deploymentList: Command = {
  name: 'deployment list',
  about: 'List the deployments of a tenant',
  options: tenantOption,
  examples: ['deployment list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { db } = hub;
    const { tenantId } = await getNamedTenant(hub, values);
    const deployments = await db.withTenant(tenantId, async (tx) => {
      const found: Deployment[] = [];
      for (const { connectionId } of await listConnections(tx))
        found.push(...(await listDeployments(tx, connectionId)));
      return found;
    });
    const rows = deployments.map((each) => [
      each.deploymentId,
      each.connectionId,
      each.hubRegistrationId ?? '–',
      each.status,
    ]);
    const heading = ['DEPLOYMENT ID', 'CONNECTION', 'HUB-WIDE REGISTRATION', 'STATUS'];
    return { json: { deployments }, text: table(heading, rows, 'No deployment is known.') };
  },
};

export const deploymentAdd: Command = {
  name: 'deployment add',
  about: 'Add a deployment to an LMS connection, or tie a school’s to its tenant',
  options: { ...tenantOption, ...deploymentOption, ...throughOptions, ...changing },
  examples: ['deployment add --tenant northfield --deployment 7:abc'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { db } = hub;
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const deploymentId = values.text('deployment');
    const registrationId = values.optionalId<RegistrationId>('registration');
    const deployment = await db.withTenant(tenantId, async (tx) =>
      registrationId === undefined
        ? addDeployment(tx, { connectionId: await chooseConnection(tx, values), deploymentId }, by)
        : addHubDeployment(tx, { registrationId, deploymentId }, by),
    );
    return { json: { deployment }, text: `Launches of deployment "${deploymentId}" now go to "${slug}".` };
  },
};

export const deploymentDisable: Command = {
  name: 'deployment disable',
  about: 'Switch a deployment off, or with --undo on again',
  options: {
    ...tenantOption,
    ...deploymentOption,
    connection: throughOptions.connection,
    undo: { about: 'Switch it on again' },
    ...changing,
  },
  examples: ['deployment disable --tenant northfield --deployment 7:abc'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { db } = hub;
    const { tenantId } = await getNamedTenant(hub, values);
    const deploymentId = values.text('deployment');
    const status = values.flag('undo') ? 'active' : 'disabled';
    const deployment = await db.withTenant(tenantId, async (tx) =>
      setDeploymentStatus(tx, await chooseConnection(tx, values), deploymentId, status, by),
    );
    return { json: { deployment }, text: `The deployment "${deploymentId}" is ${status}.` };
  },
};
