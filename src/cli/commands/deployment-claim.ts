import type { RegistrationId } from '../../../contracts/ids.ts';
import {
  claimDeployment,
  claimHubDeployment,
  type DeploymentClaim,
  listDeploymentClaims,
  listHubDeploymentClaims,
  refuseDeployment,
  refuseHubDeployment,
} from '../../connections/claims.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getNamedTenant } from './tenant.ts';
import { chooseConnection, deploymentOption, throughOptions, tieDeployment } from './tie-deployment.ts';

export const deploymentClaims: Command = {
  name: 'deployment claims',
  about: 'List deployments whose launches wait for somebody to say whose they are',
  options: { tenant: { value: 'slug', about: 'A tenant’s own; without it those of hub-wide registrations' } },
  examples: ['deployment claims --tenant northfield', 'deployment claims'],
  async run({ values, open }) {
    const { hub } = await open();
    const { db } = hub;
    const claims: DeploymentClaim<string>[] =
      values.optional('tenant') === undefined
        ? await db.withHub((tx) => listHubDeploymentClaims(tx))
        : await db.withTenant((await getNamedTenant(hub, values)).tenantId, (tx) => listDeploymentClaims(tx));
    const rows = claims.map((claim) => [
      claim.deploymentId,
      claim.through,
      claim.status,
      String(claim.launches),
      instant(claim.lastSeenAt),
    ]);
    const heading = ['DEPLOYMENT ID', 'THROUGH', 'STATUS', 'LAUNCHES', 'LAST SEEN'];
    return { json: { claims }, text: table(heading, rows, 'Nothing waits.') };
  },
};

export const deploymentClaim: Command = {
  name: 'deployment claim',
  about: 'Say that a waiting deployment is this tenant’s',
  examples: [
    'deployment claim --tenant northfield --deployment 7:abc',
    'deployment claim --tenant northfield --registration 0199c5a4-0000-7000-8000-000000000000 --deployment 14af10',
  ],
  ...tieDeployment({ own: claimDeployment, hubWide: claimHubDeployment }),
};

export const deploymentRefuse: Command = {
  name: 'deployment refuse',
  about: 'Say that a waiting deployment is not this tenant’s, or with --registration no school’s',
  options: {
    tenant: { value: 'slug', about: 'The tenant' },
    ...deploymentOption,
    ...throughOptions,
    ...changing,
  },
  examples: ['deployment refuse --tenant northfield --deployment 7:abc'],
  async run({ values, open }) {
    const registrationId = values.optionalId<RegistrationId>('registration');
    if ((registrationId === undefined) === (values.optional('tenant') === undefined)) {
      throw values.wrong('tenant', 'or --registration has to be given, and not both');
    }
    const { hub, by } = await open();
    const { db } = hub;
    const deploymentId = values.text('deployment');
    if (registrationId === undefined) {
      const { tenantId } = await getNamedTenant(hub, values);
      await db.withTenant(tenantId, async (tx) =>
        refuseDeployment(tx, { connectionId: await chooseConnection(tx, values), deploymentId }, by),
      );
    } else {
      await db.withHub((tx) => refuseHubDeployment(tx, { registrationId, deploymentId }, by));
    }
    return {
      json: { deploymentId, status: 'refused' },
      text: `Launches of deployment "${deploymentId}" are refused.`,
    };
  },
};
