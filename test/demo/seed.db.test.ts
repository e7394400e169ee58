import { expect, test } from 'vitest';
import { hubAtLms, seedDemo } from '../../src/demo/seed.ts';
import { demoWorld } from '../../src/demo/world.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const clock = { now: () => Date.now() };

function seed(port: number) {
  const lms = `http://lms.localhost:${port}`;
  const addresses = { hub: `http://hub.localhost:${port}`, lms, tool: `http://tool.localhost:${port}` };
  const options = {
    addresses,
    issuer: lms,
    authorizeUrl: `${lms}/auth`,
    tokenUrl: `${lms}/token`,
    jwksUrl: `${lms}/jwks.json`,
    world: demoWorld,
  };
  return seedDemo({ db: database, clock }, options);
}

async function count(): Promise<Record<string, number>> {
  const tables = [
    'tenant',
    'tool',
    'tool_enablement',
    'lti_registration',
    'lti_deployment',
    'release_policy',
    'audit_event',
  ];
  const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const { rows } = await superuser.query(`select ${counts.join(', ')}`);
  return rows[0];
}

test('both schools share one issuer and client_id and have the tool on, each under its own deployment', async () => {
  await seed(3000);
  expect(await count()).toMatchObject({
    tenant: 2,
    tool: 1,
    tool_enablement: 2,
    lti_registration: 2,
    lti_deployment: 2,
  });
  const { rows } = await superuser.query(
    'select count(distinct (issuer, client_id))::int as shared from lti_registration',
  );
  expect(rows).toEqual([{ shared: 1 }]);
});

test('seeding again changes nothing', async () => {
  await seed(3000);
  const before = await count();
  const tool = await seed(3000);
  expect(await count()).toEqual(before);
  expect((await seed(3000)).clientId).toBe(tool.clientId);
});

test('on another port the same tenants and tool get the new addresses', async () => {
  const { clientId } = await seed(3000);
  const before = await count();
  const moved = await seed(4000);
  expect(moved).toMatchObject({ clientId, loginInitiationUrl: 'http://tool.localhost:4000/login' });
  expect(await count()).toEqual({ ...before, audit_event: expect.any(Number) });
  const { rows } = await superuser.query('select distinct authorize_url, settings from lti_registration');
  expect(rows).toMatchObject([
    {
      authorize_url: 'http://lms.localhost:4000/auth',
      settings: { frameAncestors: ['http://lms.localhost:4000'] },
    },
  ]);
});

test('what an earlier version has made learns where tokens and the keys of the tool are', async () => {
  const { toolId } = await seed(3000);
  await superuser.query('update tool set jwks_url = null where tool_id = $1', [toolId]);
  await superuser.query('update lti_registration set token_url = null');
  expect(await seed(3000)).toMatchObject({ toolId, jwksUrl: 'http://tool.localhost:3000/jwks.json' });
  const { rows } = await superuser.query('select distinct token_url from lti_registration');
  expect(rows).toEqual([{ token_url: 'http://lms.localhost:3000/token' }]);
});

test('what the LMS is told of the hub fits what the hub is told of the LMS', async () => {
  await seed(3000);
  const addresses = {
    hub: 'http://hub.localhost:3000',
    lms: 'http://lms.localhost:3000',
    tool: 'http://tool.localhost:3000',
  };
  const registration = hubAtLms(addresses, demoWorld);
  const { rows } = await superuser.query(
    'select slug, deployment_id, client_id from lti_deployment join tenant using (tenant_id) join lti_registration using (tenant_id)',
  );
  const expected = registration.deployments.map(({ school, deploymentId }) => ({
    slug: school,
    deployment_id: deploymentId,
    client_id: registration.clientId,
  }));
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(expect.arrayContaining(expected));
});
