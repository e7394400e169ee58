import { beforeEach, expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
let number = 0;
let tool: string;
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

const settings = {
  name: 'Quiz',
  loginInitiationUrl: 'https://quiz.example/login',
  targetLinkUri: 'https://quiz.example/',
  redirectUris: ['https://quiz.example/launch'],
};

beforeEach(async () => {
  tool = `quiz-${String(++number).padStart(3, '0')}`;
  school = await world.addSchool();
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug: school.slug, tool, ...params } });
  await call('registerTool', { body: { slug: tool, ...settings, reason: 'Contract 7' } });
});

test('a tool is registered, shown with what its developer enters, and changed', async () => {
  const shown = (await call('showTool')).body;
  expect(shown).toMatchObject({
    tool: { slug: tool, presentation: 'framed', status: 'active', version: 1 },
    forDeveloper: { issuer: 'https://hub.example', tokenUrl: 'https://hub.example/platform/token' },
  });
  expect(shown.forDeveloper.clientId).toBe(shown.tool.clientId);
  const changed = await call('updateTool', { body: { presentation: 'redirect', status: 'disabled' } });
  expect(changed.body.tool).toMatchObject({ presentation: 'redirect', status: 'disabled', version: 2 });
  const { events } = (await call('listHubAudit', { query: { subject: `tool:${shown.tool.toolId}` } })).body;
  expect(events.map(({ action }: { action: string }) => action)).toEqual(['tool.updated', 'tool.registered']);
});

test('a tool is switched on, given parameters and switched off for one tenant, and counted', async () => {
  const before = (await call('listEnablements')).body;
  expect(before.available.map(({ slug }: { slug: string }) => slug)).toContain(tool);
  const enabled = await call('enableTool', { body: { policy: 'names', custom: { level: '3' } } });
  expect(enabled.body.enablement).toMatchObject({
    ...{ slug: tool, status: 'active', custom: { level: '3' }, policyVersion: 1 },
    targetLinkUri: `https://hub.example/t/${school.slug}/open/${tool}`,
  });
  expect((await call('enableTool', { body: {} })).body.code).toBe('tool_already_enabled');
  const { tools } = (await call('listTools', { query: { search: tool } })).body;
  expect(tools).toMatchObject([{ slug: tool, tenants: 1 }]);
  expect((await call('listToolTenants')).body).toEqual({
    tenants: [{ slug: school.slug, name: school.slug, status: 'active' }],
    next: null,
  });
  await call('setToolCustom', { body: { custom: { theme: 'dark' } } });
  const off = await call('disableToolFor', { body: { reason: 'Trial over' } });
  expect(off.body.enablement).toMatchObject({ status: 'disabled', custom: { theme: 'dark' } });
  const after = (await call('listEnablements')).body;
  expect(after.enablements).toMatchObject([{ slug: tool, status: 'disabled' }]);
  expect((await call('listTools', { query: { search: tool } })).body.tools).toMatchObject([{ tenants: 0 }]);
});

test('LMSs are asked for the notices that a tool wants once it is switched on again', async () => {
  const { superuser } = testDatabase;
  await call('enableTool', { body: {} });
  await call('disableToolFor');
  const connectionId = newId();
  await superuser.query(
    `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
     values ($1, $2, 'lms', 'canvas', 'LMS', now())`,
    [school.tenantId, connectionId],
  );
  for (const [deployment, types] of Object.entries({ offers: ['Submitted', 'Other'], not: ['Other'] })) {
    await superuser.query(
      `insert into lti_notice_source (tenant_id, connection_id, deployment_id, service_url, notice_types, state, changed_at)
       values ($1, $2, $3, 'https://lms.example/', $4, 'registered', now())`,
      [school.tenantId, connectionId, deployment, types],
    );
  }
  await superuser.query(
    `insert into lti_notice_handler (tenant_id, tool_id, notice_type, handler_url, changed_at)
     select $1, tool_id, 'Submitted', 'https://quiz.example/', now() from tool where slug = $2`,
    [school.tenantId, tool],
  );
  await call('enableTool', { body: {} });
  const { rows } = await superuser.query(
    'select deployment_id, state from lti_notice_source where tenant_id = $1 order by 1',
    [school.tenantId],
  );
  expect(rows).toEqual([
    { deployment_id: 'not', state: 'registered' },
    { deployment_id: 'offers', state: 'waiting' },
  ]);
});

test('a policy is changed by whoever has seen the one in force, and every version stays', async () => {
  await call('enableTool', { body: {} });
  const rules = { launch: { 'person.name': 'hash', roles: 'allow' } };
  const set = await call('setPolicy', { body: { rules, basedOn: 1, reason: 'Asked by the school' } });
  expect(set.body.policy).toMatchObject({ version: 2, rules });
  const late = await call('setPolicy', { body: { template: 'names_and_email', basedOn: 1 } });
  expect(late).toMatchObject({ status: 409, body: { code: 'policy_changed_meanwhile' } });
  const shown = (await call('showPolicy')).body;
  expect(shown.policy).toMatchObject({ version: 2, rules });
  expect(shown.versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
  expect(shown.fields).toContainEqual({ field: 'person.email', title: 'E-mail address', kind: 'text' });
  expect(Object.keys(shown.templates)).toContain('anonymous');
});

test('a preview shows field by field what leaves by each protocol, and stores nothing', async () => {
  await call('enableTool', { body: { custom: { level: '3' } } });
  const fieldsOf = async (query: Record<string, string>, purpose = 'launch') => {
    const { body } = await call('previewPolicy', { query });
    const found = body.purposes.find((each: { purpose: string }) => each.purpose === purpose);
    const released = found.fields.map(({ field, released }: Record<string, unknown>) => [field, released]);
    return { version: body.version, alwaysSent: found.alwaysSent, released: Object.fromEntries(released) };
  };
  const inForce = await fieldsOf({});
  expect(inForce).toMatchObject({ version: 1, alwaysSent: { level: '3' } });
  expect(inForce.released['person.name']).toBeNull();
  expect((await fieldsOf({ template: 'names' })).released['person.name']).toBe('Ada Example');
  const rules = JSON.stringify({ launch: { 'person.name': 'hash' } });
  const hashed = await fieldsOf({ rules });
  expect(hashed).toMatchObject({ version: null });
  expect(hashed.released['person.name']).toMatch(/^[\w-]{43}$/);
  expect((await fieldsOf({ template: 'names' }, 'roster')).released['person.given_name']).toEqual(
    expect.any(String),
  );
  expect((await call('showPolicy')).body.versions).toHaveLength(1);
});

test('pages of tools follow each other', async () => {
  await call('registerTool', { body: { slug: `${tool}-b`, ...settings } });
  const first = (await call('listTools', { query: { search: tool, limit: '1' } })).body;
  expect(first).toMatchObject({ tools: [{ slug: tool }], next: tool });
  const second = (await call('listTools', { query: { search: tool, limit: '1', after: first.next } })).body;
  expect(second).toMatchObject({ tools: [{ slug: `${tool}-b` }], next: null });
});

const privateKey = { keys: [{ kty: 'RSA', kid: 'a', n: 'x', e: 'AQAB', d: 'x' }] };
test.each([
  ['registerTool', { body: { slug: 'x', ...settings, redirectUris: [] } }, 400, 'request_invalid'],
  [
    'registerTool',
    { body: { slug: 'x', ...settings, targetLinkUri: 'http://quiz.example/' } },
    400,
    'tool_invalid',
  ],
  ['registerTool', { body: { slug: 'x', ...settings, jwks: privateKey } }, 400, 'jwks_invalid'],
  ['registerTool', { body: { slug: 'x', ...settings, clientId: 'mine' } }, 400, 'request_invalid'],
  ['showTool', { params: { tool: 'nothing' } }, 404, 'tool_unknown'],
  ['updateTool', { params: { tool: 'nothing' }, body: { name: 'X' } }, 404, 'tool_unknown'],
  ['listToolTenants', { params: { tool: 'nothing' } }, 404, 'tool_unknown'],
  ['enableTool', { body: { policy: 'everything' } }, 400, 'request_invalid'],
  ['enableTool', { body: { custom: { 'no good': 'x' } } }, 400, 'custom_invalid'],
  ['disableToolFor', {}, 409, 'tool_not_enabled'],
  ['setToolCustom', { body: { custom: {} } }, 409, 'tool_not_enabled'],
  ['showPolicy', {}, 409, 'tool_not_enabled'],
  ['setPolicy', { body: {} }, 400, 'request_invalid'],
  ['previewPolicy', {}, 409, 'tool_not_enabled'],
] as const)('%s of %o is refused with %i %s', async (name, sent, status, code) => {
  expect(await call(name, sent as unknown as Sent)).toMatchObject({ status, body: { code } });
});

test.each([
  [{ launch: { 'person.shoe_size': 'allow' } }, 'policy_invalid'],
  [{ launch: { roles: 'hash' } }, 'policy_invalid'],
  [{ marketing: { roles: 'allow' } }, 'request_invalid'],
])('rules %o are refused', async (rules, code) => {
  await call('enableTool', { body: {} });
  expect(await call('setPolicy', { body: { rules } })).toMatchObject({ status: 400, body: { code } });
  const preview = await call('previewPolicy', { query: { rules: JSON.stringify(rules) } });
  expect(preview).toMatchObject({ status: 400, body: { code: 'policy_invalid' } });
});
