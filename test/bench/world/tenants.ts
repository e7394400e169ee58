import { addDeployment } from '../../../src/connections/deployments.ts';
import type { LtiRegistration, NewRegistration } from '../../../src/connections/registration.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { createTenant, type Tenant } from '../../../src/tenants/tenants.ts';
import type { NewTool } from '../../../src/tools/settings.ts';
import type { EnabledTool, Tool } from '../../../src/tools/tool.ts';
import { registerTool } from '../../../src/tools/tools.ts';

/** A school with its registration and the tool switched on, as a request finds them. */
export interface BenchTenant {
  tenant: Tenant;
  registration: LtiRegistration;
  enabled: EnabledTool;
}

/** What a school is to be made of. */
export interface BenchSchool {
  slug: string;
  name: string;
  registration: NewRegistration;
  /** What the LMS calls the school at that registration. */
  deploymentId: string;
}

export const toolUrl = 'https://tool.example';

export const sampleTool: NewTool = {
  slug: 'sample-tool',
  name: 'Sample tool',
  loginInitiationUrl: `${toolUrl}/login`,
  targetLinkUri: `${toolUrl}/`,
  redirectUris: [`${toolUrl}/launch`],
  presentation: 'redirect',
  supportsStorage: true,
};

const rules = { allowLoopback: true };
const by = () => ({ actor: 'bench', now: Date.now() });
const atOnce = 8;

/** Makes every school through the same use cases an operator's commands go through. */
export async function setUpTenants(
  databaseUrl: string,
  newTool: NewTool,
  schools: readonly BenchSchool[],
): Promise<BenchTenant[]> {
  const database = await openDatabase({
    url: databaseUrl,
    applicationName: 'gatehouse bench',
    connections: atOnce,
    statementTimeoutMs: 30_000,
    onError: (error) => {
      throw error;
    },
  });
  try {
    const tool = await database.withHub((tx) => registerTool(tx, newTool, rules, by()));
    const tenants: BenchTenant[] = [];
    for (let first = 0; first < schools.length; first += atOnce) {
      const some = schools.slice(first, first + atOnce);
      tenants.push(...(await Promise.all(some.map((school) => setUpTenant(database, school, tool)))));
    }
    return tenants;
  } finally {
    await database.close();
  }
}

async function setUpTenant(database: Database, school: BenchSchool, tool: Tool): Promise<BenchTenant> {
  const { slug, name, deploymentId } = school;
  const tenant = await createTenant(database, { slug, name }, by());
  return database.withTenant(tenant.tenantId, async (tx) => {
    const registration = await connectLms(tx, school.registration, rules, by());
    await addDeployment(tx, { connectionId: registration.connectionId, deploymentId }, by());
    const enabled = await enableToolWithPolicy(
      tx,
      { toolId: tool.toolId, template: 'names_and_email' },
      by(),
    );
    return { tenant, registration, enabled };
  });
}
