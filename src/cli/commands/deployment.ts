import {
  addDeployment,
  addHubDeployment,
  type Deployment,
  listDeployments,
  setDeploymentStatus,
} from '../../connections/deployments.ts';
import { listConnections } from '../../connections/registrations.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';
import { chooseConnection, deploymentOption, throughOptions, tieDeployment } from './tie-deployment.ts';

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
  examples: ['deployment add --tenant northfield --deployment 7:abc'],
  ...tieDeployment({ own: addDeployment, hubWide: addHubDeployment }),
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
