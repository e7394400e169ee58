import { expect, test } from 'vitest';
import { newId, type PersonId, type TenantId, type ToolId } from '../../contracts/ids.ts';
import {
  enableToolWithPolicy,
  getPolicyInForce,
  listPolicies,
  setPolicy,
} from '../../src/privacy/policies.ts';
import type { PolicyRules } from '../../src/privacy/policy.ts';
import { findPersonByPseudonym, newPseudonym, rekeyPseudonym } from '../../src/privacy/pseudonyms.ts';
import { templates } from '../../src/privacy/templates.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { disableToolForTenant, listEnabledTools } from '../../src/tools/enablement.ts';
import { registerTool } from '../../src/tools/tools.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const by = { actor: 'operator:test', now: Date.UTC(2025, 8, 1) };
let count = 0;

const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by)).tenantId;
const tool = async () => {
  const settings = {
    slug: `tool-${++count}`,
    name: 'Quiz',
    loginInitiationUrl: 'https://quiz.example/login',
    targetLinkUri: 'https://quiz.example/launch',
    redirectUris: ['https://quiz.example/launch'],
  };
  const registered = await database.withHub((tx) => registerTool(tx, settings, { allowLoopback: false }, by));
  return registered.toolId;
};
const enable = (tenant: TenantId, toolId: ToolId, template?: 'names') =>
  database.withTenant(tenant, (tx) =>
    enableToolWithPolicy(tx, { toolId, ...(template === undefined ? {} : { template }) }, by),
  );
const inForce = (tenant: TenantId, toolId: ToolId) =>
  database.withTenant(tenant, (tx) => getPolicyInForce(tx, toolId));
const set = (tenant: TenantId, toolId: ToolId, rules: PolicyRules) =>
  database.withTenant(tenant, (tx) => setPolicy(tx, toolId, rules, by));

test('a tool is switched on with the anonymous policy as version 1, unless a template is named', async () => {
  const [tenant, first, second] = [await school(), await tool(), await tool()];
  await enable(tenant, first);
  await enable(tenant, second, 'names');
  expect(await inForce(tenant, first)).toMatchObject({ version: 1, rules: templates.anonymous });
  expect(await inForce(tenant, second)).toMatchObject({ version: 1, rules: templates.names });
});

test('a tool that cannot be switched on leaves no policy', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  await enable(tenant, toolId);
  await expect(enable(tenant, toolId, 'names')).rejects.toMatchObject({ code: 'tool_already_enabled' });
  await expect(enable(tenant, newId<ToolId>())).rejects.toMatchObject({ code: 'tool_unknown' });
  expect(await database.withTenant(tenant, (tx) => listPolicies(tx, toolId))).toHaveLength(1);
});

test('a tool switched off and on again keeps its policy, unless a template is named', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  await enable(tenant, toolId);
  await set(tenant, toolId, { launch: { 'person.email': 'hash' } });
  const off = () => database.withTenant(tenant, (tx) => disableToolForTenant(tx, toolId, by));
  await off();
  await enable(tenant, toolId);
  expect(await inForce(tenant, toolId)).toMatchObject({ version: 2 });
  await off();
  await enable(tenant, toolId, 'names');
  expect(await inForce(tenant, toolId)).toMatchObject({ version: 3, rules: templates.names });
});

test('a new policy is in force at once and the earlier ones stay', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  await enable(tenant, toolId);
  const rules: PolicyRules = { launch: { 'custom.level': 'allow' } };
  expect(await set(tenant, toolId, rules)).toMatchObject({ version: 2, rules });
  const [enabled] = await database.withTenant(tenant, listEnabledTools);
  expect(enabled?.enablement.policyVersion).toBe(2);
  const versions = await database.withTenant(tenant, (tx) => listPolicies(tx, toolId));
  expect(versions.map(({ version }) => version)).toEqual([2, 1]);
});

test('rules that are no rules are refused', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  await enable(tenant, toolId);
  const wrong = { launch: { 'person.shoe_size': 'allow' } } as PolicyRules;
  await expect(set(tenant, toolId, wrong)).rejects.toMatchObject({
    kind: 'input',
    code: 'policy_invalid',
    message: 'launch.person.shoe_size: There is no such field.',
  });
});

test('of two policies stored at once, one is refused or comes after: none is lost unseen', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  await enable(tenant, toolId);
  const results = await Promise.allSettled([
    set(tenant, toolId, { launch: { roles: 'allow' } }),
    set(tenant, toolId, { launch: { 'context.title': 'allow' } }),
  ]);
  const stored = results.filter(({ status }) => status === 'fulfilled').length;
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ code: 'policy_changed_meanwhile' });
  }
  const versions = await database.withTenant(tenant, (tx) => listPolicies(tx, toolId));
  expect(versions).toHaveLength(1 + stored);
});

test('a tenant neither sees nor changes the policies of another', async () => {
  const [a, b, toolId] = [await school(), await school(), await tool()];
  await enable(a, toolId);
  expect(await database.withTenant(b, (tx) => listPolicies(tx, toolId))).toEqual([]);
  await expect(inForce(b, toolId)).rejects.toMatchObject({ code: 'tool_not_enabled' });
  await expect(set(b, toolId, {})).rejects.toMatchObject({ code: 'tool_not_enabled' });
  await enable(b, toolId, 'names');
  expect((await inForce(a, toolId)).rules).toEqual(templates.anonymous);
});

const meet = async (tenant: TenantId, toolId: ToolId) => {
  const [personId, sub] = [newId<PersonId>(), newPseudonym()];
  await superuser.query(
    'insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())',
    [tenant, personId],
  );
  await superuser.query('insert into pseudonym values ($1, $2, $3, $4, now())', [
    tenant,
    toolId,
    personId,
    sub,
  ]);
  return { personId, sub };
};
const find = (tenant: TenantId, toolId: ToolId, sub: string) =>
  database.withTenant(tenant, (tx) => findPersonByPseudonym(tx, toolId, sub));

test('pseudonyms are long, random and fit a claim', () => {
  const many = Array.from({ length: 1000 }, newPseudonym);
  expect(new Set(many).size).toBe(1000);
  for (const sub of many) expect(sub).toMatch(/^[\w-]{24}$/);
});

test('a pseudonym leads to its person at its own tool and tenant only', async () => {
  const [a, b, first, second] = [await school(), await school(), await tool(), await tool()];
  const { personId, sub } = await meet(a, first);
  expect(await find(a, first, sub)).toBe(personId);
  expect(await find(a, second, sub)).toBeUndefined();
  expect(await find(b, first, sub)).toBeUndefined();
});

test('a person re-keyed has a new pseudonym, the old one leads nowhere, and the audit tells neither', async () => {
  const [tenant, toolId] = [await school(), await tool()];
  const { personId, sub } = await meet(tenant, toolId);
  const renewed = await database.withTenant(tenant, (tx) =>
    rekeyPseudonym(tx, { toolId, personId }, { ...by, reason: 'asked by the school' }),
  );
  expect(await find(tenant, toolId, renewed)).toBe(personId);
  expect(await find(tenant, toolId, sub)).toBeUndefined();
  const { rows } = await superuser.query(
    `select action, reason, after::text from audit_event join audit_value using (tenant_id, sequence)
     where subject = $1`,
    [`person:${personId}`],
  );
  expect(rows).toMatchObject([{ action: 'pseudonym.rekeyed', reason: 'asked by the school' }]);
  expect(JSON.stringify(rows)).not.toContain(renewed);
});

test('another tenant’s person cannot be re-keyed', async () => {
  const [a, b, toolId] = [await school(), await school(), await tool()];
  const { personId, sub } = await meet(a, toolId);
  await expect(
    database.withTenant(b, (tx) => rekeyPseudonym(tx, { toolId, personId }, { ...by, reason: 'x' })),
  ).rejects.toMatchObject({ code: 'pseudonym_unknown' });
  expect(await find(a, toolId, sub)).toBe(personId);
});
