import { expect, onTestFinished, test } from 'vitest';
import type { ReasonCode } from '../../../src/lti/reasons.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { registerTool, setToolStatus } from '../../../src/tools/tools.ts';
import {
  authenticationRequest,
  reachTool,
  readPosted,
  sendAuthorize,
  verifyToken,
} from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { endOf, registerOtherTool } from '../../support/tool-login.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;
const { toolId } = world.tool;
const redirectUri = world.tool.redirectUris[0]!;
const otherTool = await registerOtherTool(testDatabase);

test.each(['GET', 'POST'] as const)(
  'a request by %s is answered by form_post, with the tool’s state untouched',
  async (method) => {
    const login = await reachTool(world);
    const state = ' a+b%20&<"\'ü\u{1F600}=';
    const request = authenticationRequest(world, login, { state });
    const answer = await sendAuthorize(world, request, { method, cookies: login.cookies });
    expect(answer.status).toBe(200);
    const { action, fields } = readPosted(answer);
    expect(action).toBe(redirectUri);
    expect(Object.keys(fields).sort()).toEqual(['id_token', 'state']);
    expect(fields.state).toBe(state);
    expect(fields.id_token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await verifyToken(world, fields.id_token!)).nonce).toBe(request.nonce);
    expect(await endOf(testDatabase, login)).toEqual(['opened', null]);
  },
);

test('a HEAD, as scanners of links send, takes nobody’s launch away', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login);
  const looked = await sendAuthorize(world, request, { method: 'HEAD', cookies: login.cookies });
  expect([looked.status, looked.headers.allow]).toEqual([405, 'GET, POST, OPTIONS']);
  const answer = await sendAuthorize(world, request, { cookies: login.cookies });
  expect(Object.keys(readPosted(answer).fields)).toContain('id_token');
});

test('a request without a state is answered without one', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login, { state: undefined });
  const answer = await sendAuthorize(world, request, { cookies: login.cookies });
  expect(Object.keys(readPosted(answer).fields)).toEqual(['id_token']);
});

const faults: [string, Record<string, string | undefined>, string, ReasonCode][] = [
  ['another scope', { scope: 'profile' }, 'invalid_scope', 'scope_invalid'],
  ['no scope', { scope: undefined }, 'invalid_scope', 'scope_invalid'],
  [
    'another response_type',
    { response_type: 'code' },
    'unsupported_response_type',
    'response_type_unsupported',
  ],
  [
    'no response_type',
    { response_type: undefined },
    'unsupported_response_type',
    'response_type_unsupported',
  ],
  ['another response_mode', { response_mode: 'query' }, 'invalid_request', 'response_mode_invalid'],
  ['no response_mode', { response_mode: undefined }, 'invalid_request', 'response_mode_invalid'],
  ['another prompt', { prompt: 'login' }, 'invalid_request', 'prompt_invalid'],
  ['no prompt', { prompt: undefined }, 'invalid_request', 'prompt_invalid'],
  ['no nonce', { nonce: undefined }, 'invalid_request', 'nonce_missing_from_tool'],
  ['no login_hint', { login_hint: undefined }, 'invalid_request', 'login_hint_mismatch'],
  ['another login_hint', { login_hint: 'somebody' }, 'login_required', 'login_hint_mismatch'],
];

test.each(faults)(
  'the tool is told of a request with %s, and the launch ends for it',
  async (_name, changes, error, reason) => {
    const login = await reachTool(world);
    const request = authenticationRequest(world, login, changes);
    const { action, fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
    expect(action).toBe(redirectUri);
    expect(fields).toEqual({
      error,
      state: request.state,
      error_description: expect.stringMatching(`^${reason} `),
    });
    expect(await endOf(testDatabase, login)).toEqual(['refused', reason]);
    const mended = authenticationRequest(world, login);
    const late = readPosted(await sendAuthorize(world, mended, { cookies: login.cookies }));
    expect(late.fields).toMatchObject({ error: 'login_required' });
  },
);

test.each(['', 'x', `${'A'.repeat(74)}.12345678`, 'a.b.c', '\0', 'é'.repeat(40)])(
  'a message hint that cannot be one of ours is told as such: "%s"',
  async (lti_message_hint) => {
    const login = await reachTool(world);
    const request = authenticationRequest(world, login, { lti_message_hint });
    const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
    const error = ['', '\0'].includes(lti_message_hint) ? 'invalid_request' : 'login_required';
    expect(fields).toMatchObject({ error, state: request.state });
    expect(await endOf(testDatabase, login)).toEqual(['started', null]);
  },
);

test('a hint given to one tool is no use to another, which is told nothing of the launch', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login, {
    client_id: otherTool.clientId,
    redirect_uri: otherTool.redirectUris[0],
  });
  const { action, fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(action).toBe(otherTool.redirectUris[0]);
  expect(Object.keys(fields).sort()).toEqual(['error', 'error_description', 'state']);
  expect(await endOf(testDatabase, login)).toEqual(['refused', 'hint_mismatch']);
});

test('a hint is bound to its tool even where two tools share an address', async () => {
  const twin = await database.withHub((tx) =>
    registerTool(
      tx,
      {
        slug: 'twin-tool',
        name: 'Twin tool',
        loginInitiationUrl: world.tool.loginInitiationUrl,
        targetLinkUri: world.tool.targetLinkUri,
        redirectUris: world.tool.redirectUris,
      },
      loopbackAllowed,
      by(),
    ),
  );
  const login = await reachTool(world);
  const request = authenticationRequest(world, login, { client_id: twin.clientId });
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(fields.error).toBeDefined();
  expect(fields.id_token).toBeUndefined();
  expect(await endOf(testDatabase, login)).toEqual(['refused', 'hint_mismatch']);
});

test('a tool switched off for the school after the launch gets no token', async () => {
  const login = await reachTool(world);
  await database.withTenant(tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
  onTestFinished(async () => {
    await database.withTenant(tenantId, (tx) => enableToolWithPolicy(tx, { toolId }, by()));
    world.first.lti.forgetAll();
  });
  const request = authenticationRequest(world, login);
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(fields).toMatchObject({ error: 'unauthorized_client' });
  expect(await endOf(testDatabase, login)).toEqual(['refused', 'tool_not_enabled']);
});

test('a tool switched off for all after the launch gets no token', async () => {
  const setStatus = (status: 'active' | 'disabled') =>
    database.withHub((tx) => setToolStatus(tx, toolId, status, loopbackAllowed, by()));
  const login = await reachTool(world);
  await setStatus('disabled');
  onTestFinished(async () => {
    await setStatus('active');
    world.first.lti.forgetAll();
  });
  const request = authenticationRequest(world, login);
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(fields).toMatchObject({ error: 'unauthorized_client' });
  expect(await endOf(testDatabase, login)).toEqual(['refused', 'tool_disabled']);
});
