import { addDeployment } from '../../../src/connections/deployments.ts';
import type { LtiRegistration } from '../../../src/connections/registration.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { createTenant, type Tenant } from '../../../src/tenants/tenants.ts';
import type { NewTool } from '../../../src/tools/settings.ts';
import type { EnabledTool, Tool } from '../../../src/tools/tool.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import type { BenchLms } from './lms.ts';
import { clientId, deploymentOf, issuer, slugOf, tenantCount } from './population.ts';

/** A school with its registration and the tool switched on, as the launch finds them. */
export interface BenchTenant {
  tenant: Tenant;
  registration: LtiRegistration;
  enabled: EnabledTool;
}

export const toolUrl = 'https://tool.example';

const rules = { allowLoopback: true };
const by = () => ({ actor: 'bench', now: Date.now() });

/** Makes every school through the same use cases an operator's commands go through. */
export async function setUpTenants(
  databaseUrl: string,
  hubUrl: string,
  lms: BenchLms,
): Promise<BenchTenant[]> {
  const database = await openDatabase({
    url: databaseUrl,
    applicationName: 'gatehouse bench',
    connections: 8,
    statementTimeoutMs: 30_000,
    onError: (error) => {
      throw error;
    },
  });
  try {
    const tool = await database.withHub((tx) => registerTool(tx, sampleTool, rules, by()));
    const tenants: BenchTenant[] = [];
    for (let first = 0; first < tenantCount; first += 8) {
      const numbers = Array.from({ length: Math.min(8, tenantCount - first) }, (_, index) => first + index);
      tenants.push(
        ...(await Promise.all(numbers.map((number) => setUpTenant(database, number, tool, hubUrl, lms)))),
      );
    }
    return tenants;
  } finally {
    await database.close();
  }
}

const sampleTool: NewTool = {
  slug: 'sample-tool',
  name: 'Sample tool',
  loginInitiationUrl: `${toolUrl}/login`,
  targetLinkUri: `${toolUrl}/`,
  redirectUris: [`${toolUrl}/launch`],
  presentation: 'redirect',
  supportsStorage: true,
};

async function setUpTenant(
  database: Database,
  number: number,
  tool: Tool,
  hubUrl: string,
  lms: BenchLms,
): Promise<BenchTenant> {
  const tenant = await createTenant(database, { slug: slugOf(number), name: `School ${number}` }, by());
  return database.withTenant(tenant.tenantId, async (tx) => {
    const registration = await connectLms(
      tx,
      {
        family: 'canvas',
        issuer,
        clientId,
        authorizeUrl: lms.authorizeUrl,
        jwksUrl: lms.jwksUrl,
        settings: { frameAncestors: [new URL(hubUrl).origin] },
      },
      rules,
      by(),
    );
    const deployment = { connectionId: registration.connectionId, deploymentId: deploymentOf(number) };
    await addDeployment(tx, deployment, by());
    const enabled = await enableToolWithPolicy(
      tx,
      { toolId: tool.toolId, template: 'names_and_email' },
      by(),
    );
    return { tenant, registration, enabled };
  });
}
