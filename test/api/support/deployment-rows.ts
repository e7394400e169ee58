import type { RegistrationId, TenantId } from '../../../contracts/ids.ts';
import { addDomain } from '../../../src/connections/domains.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import type { TestDatabase } from '../../support/database.ts';

const rules = { allowLoopback: false };

/**
 * An LMS of a school and one for all, each with two deployments that launches have come from and nobody has claimed, and a
 * domain of the school's that is not verified.
 */
export async function addWaitingDeployments(
  { database, superuser }: TestDatabase,
  tenantId: TenantId,
  now: number,
  name = 'app',
) {
  const by = { actor: 'test', now };
  const { connectionId } = await database.withTenant(tenantId, (tx) =>
    connectLms(tx, { family: 'canvas', clientId: `canvas-${name}-${tenantId}` }, rules, by),
  );
  const { connectionId: registrationId } = await database.withHub((tx) =>
    connectLmsHubWide(tx, { family: 'blackboard', clientId: `${name}-${tenantId}` }, rules, by),
  );
  const at = new Date(now);
  for (const deploymentId of ['7:wanted', '7:strange']) {
    await superuser.query(`insert into lti_deployment_claim values ($1, $2, $3, 'waiting', 2, $4, $4)`, [
      ...[tenantId, connectionId, deploymentId, at],
    ]);
    await superuser.query(`insert into hub_deployment_claim values ($1, $2, 'waiting', 1, $3, $3)`, [
      ...[registrationId, deploymentId, at],
    ]);
  }
  const domain = `${name}.${tenantId}.example`;
  await database.withTenant(tenantId, (tx) => addDomain(tx, domain, 'https://hub.example', by));
  return {
    connectionId,
    domain,
    own: {
      wanted: { connectionId, deploymentId: '7:wanted' },
      strange: { connectionId, deploymentId: '7:strange' },
    },
    hubWide: {
      wanted: { registrationId: registrationId as RegistrationId, deploymentId: '7:wanted' },
      strange: { registrationId: registrationId as RegistrationId, deploymentId: '7:strange' },
    },
  };
}
