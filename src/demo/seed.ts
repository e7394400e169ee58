import { serviceScopes } from '../../contracts/scopes.ts';
import { addDeployment, listDeployments } from '../connections/deployments.ts';
import { connectLms, listRegistrations, updateRegistration } from '../connections/registrations.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import { enableToolWithPolicy } from '../privacy/policies.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { createTenant, findTenantBySlug } from '../tenants/tenants.ts';
import { findEnablement } from '../tools/enablement.ts';
import type { Tool } from '../tools/tool.ts';
import { findToolBySlug, registerTool, updateTool } from '../tools/tools.ts';
import { scopes } from './lms/grades/ags.ts';
import { membershipScope } from './lms/memberships/nrps.ts';
import type { ToolRegistration } from './lms/registration.ts';
import type { World } from './world.ts';

/** Where browsers reach the three parts of the demo, without trailing slashes. */
export interface DemoAddresses {
  hub: string;
  lms: string;
  tool: string;
}

/** What the hub knows of the simulated LMS. */
interface LmsAddresses {
  addresses: DemoAddresses;
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
}

/** One client_id for both schools, as two customers of a hosted LMS share one. */
const clientId = '10000000000042';
const toolSlug = 'sample-tool';
const rules = { allowLoopback: true };

const deploymentOf = (school: string) => `${clientId}:${school}`;

/** What the simulated LMS knows of the hub. */
export function hubAtLms({ hub }: DemoAddresses, { schools }: World): ToolRegistration {
  return {
    clientId,
    name: 'Gatehouse',
    redirectUris: schools.map(({ slug }) => `${hub}/t/${slug}/lti/launch`),
    jwksUrl: `${hub}/.well-known/jwks.json`,
    scopes: [...Object.values(scopes), membershipScope],
    deployments: schools.map(({ slug }) => ({
      school: slug,
      deploymentId: deploymentOf(slug),
      loginUrl: `${hub}/t/${slug}/lti/login`,
      contentUrl: `${hub}/t/${slug}/lti/launch`,
      targets: { [toolSlug]: `${hub}/t/${slug}/open/${toolSlug}` },
    })),
  };
}

/**
 * Sets the hub up for the demo: the world's schools as tenants on one issuer and client_id, and the sample tool on
 * for each. What an earlier run has made is kept, with the addresses of this one.
 *
 * @returns the sample tool as the hub knows it
 */
export async function seedDemo(
  hub: { db: Database; clock: Clock },
  options: LmsAddresses & { world: World },
): Promise<Tool> {
  const { db, clock } = hub;
  const by: ChangeBy = { actor: 'demo', now: clock.now() };
  const tool = await seedTool(db, options.addresses, by);
  for (const { slug, name } of options.world.schools) {
    const tenant =
      (await findTenantBySlug(db.directory, slug)) ?? (await createTenant(db, { slug, name }, by));
    await db.withTenant(tenant.tenantId, async (tx) => {
      await seedConnection(tx, { ...options, school: slug }, by);
      if ((await findEnablement(tx, tool.toolId)) === undefined) {
        await enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'names_and_email' }, by);
      }
    });
  }
  return tool;
}

function seedTool(db: Database, { tool }: DemoAddresses, by: ChangeBy): Promise<Tool> {
  const settings = {
    name: 'Sample tool',
    loginInitiationUrl: `${tool}/login`,
    targetLinkUri: `${tool}/`,
    redirectUris: [`${tool}/launch`],
    jwksUrl: `${tool}/jwks.json`,
    presentation: 'framed',
    supportsStorage: true,
  } as const;
  return db.withHub(async (tx) => {
    const known = await findToolBySlug(tx, toolSlug);
    if (known === undefined) {
      return registerTool(
        tx,
        { slug: toolSlug, ...settings, redirectUris: [...settings.redirectUris] },
        rules,
        by,
      );
    }
    // Made by this version, at these addresses: the key set came after the rest, and class lists after that.
    if (known.jwksUrl === settings.jwksUrl && known.scopes.includes(membershipScope)) return known;
    const changes = { ...settings, redirectUris: [...settings.redirectUris], scopes: [...serviceScopes] };
    return updateTool(tx, known.toolId, changes, rules, by);
  });
}

async function seedConnection(
  tx: TenantTx,
  lms: LmsAddresses & { school: string },
  by: ChangeBy,
): Promise<void> {
  const fields = {
    issuer: lms.issuer,
    authorizeUrl: lms.authorizeUrl,
    tokenUrl: lms.tokenUrl,
    jwksUrl: lms.jwksUrl,
    settings: { frameAncestors: [lms.addresses.lms] },
  };
  const known = (await listRegistrations(tx)).find((registration) => registration.clientId === clientId);
  // The token endpoint came after the rest.
  if (known !== undefined && known.tokenUrl !== lms.tokenUrl) {
    await updateRegistration(tx, known.connectionId, fields, rules, by);
  }
  const { connectionId } =
    known ?? (await connectLms(tx, { family: 'generic', clientId, name: 'Demo LMS', ...fields }, rules, by));
  const deploymentId = deploymentOf(lms.school);
  const deployments = await listDeployments(tx, connectionId);
  if (!deployments.some((deployment) => deployment.deploymentId === deploymentId)) {
    await addDeployment(tx, { connectionId, deploymentId }, by);
  }
}
