import { expect, test } from 'vitest';
import { newId, type ToolId } from '../../contracts/ids.ts';
import { agsScope, serviceScopes } from '../../contracts/scopes.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import {
  disableToolForTenant,
  enableTool,
  findEnablement,
  listEnabledTools,
  listEnablements,
  putPolicyInForce,
  setCustomParameters,
} from '../../src/tools/enablement.ts';
import {
  findToolByClientId,
  getToolBySlug,
  listTools,
  registerTool,
  setToolStatus,
  updateTool,
} from '../../src/tools/tools.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const by = { actor: 'operator:test', now: Date.UTC(2025, 8, 1) };
const rules = { allowLoopback: false };
const keys = { keys: [{ kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' }] };
let count = 0;

const settings = () => ({
  slug: `tool-${++count}`,
  name: 'Quiz',
  loginInitiationUrl: 'https://quiz.example/login',
  targetLinkUri: 'https://quiz.example/launch',
  redirectUris: ['https://quiz.example/launch'],
});
const register = (more: object = {}) =>
  database.withHub((tx) => registerTool(tx, { ...settings(), ...more }, rules, by));
const school = async () =>
  (await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by)).tenantId;

test('a registered tool gets a client_id, defaults and version 1, and is found by each of its names', async () => {
  const tool = await register();
  expect(tool).toMatchObject({
    presentation: 'framed',
    supportsStorage: false,
    status: 'active',
    version: 1,
  });
  await database.withHub(async (tx) => {
    expect(await findToolByClientId(tx, tool.clientId)).toEqual(tool);
    expect(await getToolBySlug(tx, tool.slug)).toEqual(tool);
    expect(await listTools(tx)).toContainEqual(tool);
    await expect(getToolBySlug(tx, 'nothing')).rejects.toMatchObject({ code: 'tool_unknown' });
  });
});

test('two tools have different client_ids', async () => {
  expect((await register()).clientId).not.toBe((await register()).clientId);
});

test('pasted keys are stored as they are', async () => {
  const tool = await register({ jwks: keys });
  expect((await database.withHub((tx) => getToolBySlug(tx, tool.slug))).jwks).toEqual(keys);
});

test('a taken slug is a conflict for a new tool and for a changed one', async () => {
  const [first, second] = [await register(), await register()];
  const conflict = { kind: 'conflict', code: 'tool_slug_taken' };
  await expect(register({ slug: first.slug })).rejects.toMatchObject(conflict);
  await expect(
    database.withHub((tx) => updateTool(tx, second.toolId, { slug: first.slug }, rules, by)),
  ).rejects.toMatchObject(conflict);
});

test.each([
  ['loginInitiationUrl', { loginInitiationUrl: 'http://quiz.example/login' }],
  ['targetLinkUri', { targetLinkUri: 'quiz' }],
  ['redirectUris', { redirectUris: [] }],
  ['redirectUris.1', { redirectUris: ['https://a.example', 'javascript:1'] }],
  ['presentation', { presentation: 'popup' }],
  ['jwks', { jwks: keys, jwksUrl: 'https://quiz.example/jwks' }],
  ['name', { name: '  ' }],
  ['scopes.0', { scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/scores'] }],
])('a wrong %s is refused by name', async (path, wrong) => {
  await expect(register(wrong)).rejects.toMatchObject({
    kind: 'input',
    code: 'tool_invalid',
    details: { issues: [{ path }] },
  });
});

test('a tool may have every scope unless it is said which, or none', async () => {
  const [score, readonly] = [agsScope.score, agsScope.lineItemReadonly];
  expect((await register()).scopes).toEqual(serviceScopes);
  const tool = await register({ scopes: [score, readonly, score] });
  expect(tool.scopes).toEqual([score, readonly]);
  const changed = await database.withHub((tx) => updateTool(tx, tool.toolId, { scopes: [] }, rules, by));
  expect(changed.scopes).toEqual([]);
  expect(await database.withHub((tx) => getToolBySlug(tx, tool.slug))).toEqual(changed);
});

test('a change keeps what is not mentioned and raises the version', async () => {
  const tool = await register({ jwksUrl: 'https://quiz.example/jwks' });
  const changed = await database.withHub((tx) => updateTool(tx, tool.toolId, { name: 'New' }, rules, by));
  expect(changed).toEqual({ ...tool, name: 'New', version: 2 });
  expect(await database.withHub((tx) => getToolBySlug(tx, tool.slug))).toEqual(changed);
});

test('pasted keys take the place of a JWKS URL', async () => {
  const tool = await register({ jwksUrl: 'https://quiz.example/jwks' });
  const changed = await database.withHub((tx) => updateTool(tx, tool.toolId, { jwks: keys }, rules, by));
  expect(changed).toMatchObject({ jwks: keys, jwksUrl: null });
});

test('parallel changes of one tool are all kept', async () => {
  const tool = await register();
  await Promise.all([
    database.withHub((tx) => updateTool(tx, tool.toolId, { name: 'New' }, rules, by)),
    database.withHub((tx) => updateTool(tx, tool.toolId, { presentation: 'redirect' }, rules, by)),
  ]);
  expect(await database.withHub((tx) => getToolBySlug(tx, tool.slug))).toMatchObject({
    name: 'New',
    presentation: 'redirect',
    version: 3,
  });
});

test('an unknown tool cannot be changed', async () => {
  await expect(
    database.withHub((tx) => updateTool(tx, newId<ToolId>(), { name: 'New' }, rules, by)),
  ).rejects.toMatchObject({ code: 'tool_unknown' });
});

test('an enabled tool is listed with its own deployment_id for each tenant', async () => {
  const tool = await register();
  const [a, b] = [await school(), await school()];
  const enable = (tenant: typeof a) =>
    database.withTenant(tenant, (tx) => enableTool(tx, { toolId: tool.toolId, policyVersion: 1 }, by));
  const [atA, atB] = [await enable(a), await enable(b)];
  expect(atA.enablement.deploymentId).not.toBe(atB.enablement.deploymentId);
  expect(await database.withTenant(a, listEnabledTools)).toEqual([atA]);
  expect(await database.withTenant(b, listEnabledTools)).toEqual([atB]);
});

test('a tenant neither sees nor changes the enablement of another', async () => {
  const tool = await register();
  const [a, b] = [await school(), await school()];
  const mine = await database.withTenant(a, (tx) =>
    enableTool(tx, { toolId: tool.toolId, policyVersion: 1 }, by),
  );
  await database.withTenant(b, async (tx) => {
    expect(await listEnablements(tx)).toEqual([]);
    expect(await findEnablement(tx, tool.toolId)).toBeUndefined();
  });
  for (const change of await Promise.allSettled([
    database.withTenant(b, (tx) => disableToolForTenant(tx, tool.toolId, by)),
    database.withTenant(b, (tx) => setCustomParameters(tx, tool.toolId, { x: '1' }, by)),
    database.withTenant(b, (tx) => putPolicyInForce(tx, tool.toolId, 9, by)),
  ])) {
    expect(change).toMatchObject({ reason: { code: 'tool_not_enabled' } });
  }
  expect(await database.withTenant(a, listEnabledTools)).toEqual([mine]);
});

test('a tool switched off and on again keeps its deployment_id', async () => {
  const { toolId } = await register();
  const tenant = await school();
  const enable = () =>
    database.withTenant(tenant, (tx) => enableTool(tx, { toolId, custom: { a: 'b' }, policyVersion: 1 }, by));
  const first = await enable();
  await expect(enable()).rejects.toMatchObject({ kind: 'conflict', code: 'tool_already_enabled' });
  await database.withTenant(tenant, (tx) => disableToolForTenant(tx, toolId, by));
  expect(await database.withTenant(tenant, listEnabledTools)).toEqual([]);
  expect((await database.withTenant(tenant, listEnablements))[0]?.enablement.status).toBe('disabled');
  const again = await enable();
  expect(again.enablement).toEqual({ ...first.enablement, version: 3 });
});

test('a tool switched off at the hub is off for every tenant and cannot be enabled', async () => {
  const { toolId } = await register();
  const [a, b] = [await school(), await school()];
  await database.withTenant(a, (tx) => enableTool(tx, { toolId, policyVersion: 1 }, by));
  await database.withHub((tx) => setToolStatus(tx, toolId, 'disabled', rules, by));
  expect(await database.withTenant(a, listEnabledTools)).toEqual([]);
  await expect(
    database.withTenant(b, (tx) => enableTool(tx, { toolId, policyVersion: 1 }, by)),
  ).rejects.toMatchObject({ code: 'tool_disabled' });
});

test('custom parameters are text by a plain name', async () => {
  const { toolId } = await register();
  const tenant = await school();
  await database.withTenant(tenant, (tx) => enableTool(tx, { toolId, policyVersion: 1 }, by));
  const set = (custom: Record<string, string>) =>
    database.withTenant(tenant, (tx) => setCustomParameters(tx, toolId, custom, by));
  expect((await set({ level: '3' })).custom).toEqual({ level: '3' });
  await expect(set({ 'a b': '1' })).rejects.toMatchObject({ code: 'custom_invalid' });
});

test('every change is audited and announced with its commit', async () => {
  const heard: (string | undefined)[] = [];
  superuser.on('notification', ({ payload }) => heard.push(payload));
  await superuser.query('listen gatehouse_changed');
  const { toolId } = await register();
  const tenant = await school();
  const { enablement } = await database.withTenant(tenant, (tx) =>
    enableTool(tx, { toolId, policyVersion: 1 }, by),
  );
  const { rows } = await superuser.query(
    'select tenant_id, actor, action from audit_event where subject = any($1) order by sequence',
    [[`tool:${toolId}`, `enablement:${enablement.enablementId}`]],
  );
  expect(rows).toEqual(
    expect.arrayContaining([
      {
        tenant_id: '00000000-0000-0000-0000-000000000000',
        actor: 'operator:test',
        action: 'tool.registered',
      },
      { tenant_id: tenant, actor: 'operator:test', action: 'tool.enabled' },
    ]),
  );
  expect(heard).toEqual([`tool:${toolId}`, `tenant:${tenant}`, `tenant:${tenant}`]);
  await superuser.query('unlisten gatehouse_changed');
});
