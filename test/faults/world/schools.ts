import type { JSONWebKeySet } from 'jose';
import type pg from 'pg';
import { addDeployment } from '../../../src/connections/deployments.ts';
import { connectLms } from '../../../src/connections/registrations.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { type ConnectedSchool, deploymentId, fillSchool } from './course.ts';
import { type FaultSchool, faultSchools, type Place } from './population.ts';

const rules = { allowLoopback: true };
const by = () => ({ actor: 'faults', now: Date.now() });

/** Makes the schools as an operator's commands would, and who and what launches would have made by then in bulk. */
export async function setUpSchools(
  databaseUrl: string,
  superuser: pg.Client,
  lmsOrigin: string,
  toolKeys: JSONWebKeySet,
  peopleCount: number,
): Promise<{ tool: Tool; places: Place[] }> {
  const database = await openDatabase({
    url: databaseUrl,
    applicationName: 'gatehouse faults',
    connections: 2,
    statementTimeoutMs: 30_000,
    onError: (error) => {
      throw error;
    },
  });
  try {
    const tool = await database.withHub((tx) => registerTool(tx, newTool(toolKeys), rules, by()));
    const places: Place[] = [];
    for (const school of faultSchools) {
      const connected = await connectSchool(database, school, lmsOrigin, tool);
      places.push(...(await fillSchool(superuser, connected, { ...tool, lmsOrigin, peopleCount })));
    }
    return { tool, places };
  } finally {
    await database.close();
  }
}

const newTool = (jwks: JSONWebKeySet) => ({
  slug: 'quiz',
  name: 'Quiz tool',
  loginInitiationUrl: 'https://tool.example/login',
  targetLinkUri: 'https://tool.example/',
  redirectUris: ['https://tool.example/launch'],
  jwks,
});

async function connectSchool(
  database: Database,
  school: FaultSchool,
  lmsOrigin: string,
  tool: Tool,
): Promise<ConnectedSchool> {
  const { slug, family, clientId } = school;
  const { tenantId } = await createTenant(database, { slug, name: `School with ${family}` }, by());
  return database.withTenant(tenantId, async (tx) => {
    const lms = `${lmsOrigin}/${slug}`;
    const addresses = { authorizeUrl: `${lms}/authorize`, tokenUrl: `${lms}/token`, jwksUrl: `${lms}/jwks` };
    const given = { family, issuer: lms, clientId, ...addresses };
    const { connectionId } = await connectLms(tx, given, rules, by());
    await addDeployment(tx, { connectionId, deploymentId }, by());
    await enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'names_and_email' }, by());
    return { school, tenantId, connectionId };
  });
}
