import { beforeEach, expect, test } from 'vitest';
import { agsScope, membershipScope, serviceScopes } from '../../../contracts/scopes.ts';
import {
  inviteLms,
  inviteTool,
  listInvitations,
  revokeInvitation,
  type ToolInvitationInput,
} from '../../../src/lti/registration/invitations.ts';
import { toolClaim } from '../../../src/lti/registration/tool-configuration.ts';
import { getToolBySlug } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const copy = await world.addCopy();
/** The copy answers at any name. */
const origin = `http://127.0.0.1:${new URL(copy.origin).port}`;
const by = () => ({ actor: 'test', now: world.clock.now() });
let count = 0;

const invite = (more: Partial<ToolInvitationInput> = {}) => {
  const slug = `quiz-${++count}`;
  return database
    .withHub((tx) => inviteTool(tx, { slug, ...more }, by()))
    .then(({ token, invitation: { invitationId } }) => ({ slug, token, invitationId }));
};

/** Metadata of a tool, with changes to its members and to those of its tool configuration. */
const metadata = (changes: Record<string, unknown> = {}, tool: Record<string, unknown> = {}) => ({
  application_type: 'web',
  response_types: ['id_token'],
  grant_types: ['implicit', 'client_credentials'],
  initiate_login_uri: 'https://quiz.example/login',
  redirect_uris: ['https://quiz.example/launch', 'https://quiz.example/deep'],
  client_name: 'Quiz',
  jwks_uri: 'https://quiz.example/keys',
  token_endpoint_auth_method: 'private_key_jwt',
  scope: `${agsScope.score} ${agsScope.lineItem} openid`,
  [toolClaim]: {
    domain: 'quiz.example',
    target_link_uri: 'https://quiz.example/',
    claims: ['iss', 'sub', 'name'],
    messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }, { type: 'Other' }],
    ...tool,
  },
  ...changes,
});

async function register(token: string | undefined, body: unknown) {
  const response = await fetch(`${origin}/platform/register`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, string>;
  return { status: response.status, headers: response.headers, body: answer };
}

beforeEach(() => {
  copy.calls.length = 0;
  copy.refusals.length = 0;
});

test('the hub’s configuration says where tools register', async () => {
  const response = await fetch(`${origin}/.well-known/openid-configuration`);
  expect(await response.json()).toMatchObject({ registration_endpoint: `${world.hubUrl}/platform/register` });
});

test('an invited tool gets a client_id, and of the scopes it asks for those it may have', async () => {
  const { slug, token, invitationId } = await invite({ scopes: [agsScope.score, membershipScope] });
  const { status, headers, body } = await register(token, metadata());
  expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
  const tool = await database.withHub((tx) => getToolBySlug(tx, slug));
  expect(tool).toMatchObject({
    name: 'Quiz',
    loginInitiationUrl: 'https://quiz.example/login',
    targetLinkUri: 'https://quiz.example/',
    redirectUris: ['https://quiz.example/launch', 'https://quiz.example/deep'],
    jwksUrl: 'https://quiz.example/keys',
    scopes: [agsScope.score],
    presentation: 'framed',
    status: 'active',
  });
  expect(body).toEqual({
    client_id: tool.clientId,
    client_id_issued_at: expect.any(Number),
    ...metadata(),
    scope: agsScope.score,
    [toolClaim]: {
      ...(metadata()[toolClaim] as object),
      messages: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
    },
  });
  const invitation = (await database.withHub((tx) => listInvitations(tx, 'tool'))).find(
    (each) => each.invitationId === invitationId,
  );
  expect(invitation).toMatchObject({
    madeId: tool.toolId,
    tries: [{ outcome: 'success', host: 'quiz.example' }],
  });
  expect(copy.calls).toMatchObject([{ kind: 'registration', outcome: 'success', toolId: tool.toolId }]);
});

test('a tool that asks for no scope gets none; one may paste its keys', async () => {
  const { slug, token } = await invite();
  const keys = { keys: [{ kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' }] };
  const { body } = await register(token, metadata({ scope: undefined, jwks_uri: undefined, jwks: keys }));
  expect(body).toMatchObject({ scope: '', jwks: keys });
  const tool = await database.withHub((tx) => getToolBySlug(tx, slug));
  expect(tool).toMatchObject({ scopes: [], jwks: keys, jwksUrl: null });
});

test('a registration token works once, also when ten come at once', async () => {
  const { token } = await invite();
  const all = await Promise.all(Array.from({ length: 10 }, () => register(token, metadata())));
  expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status, body } of all.filter((each) => each.status !== 201)) {
    expect([status, body.error]).toEqual([401, 'invalid_token']);
  }
  const again = await register(token, metadata());
  expect(again).toMatchObject({ status: 401, body: { error: 'invalid_token', reason: 'token_invalid' } });
  expect(again.body.error_description).toContain('was used already');
});

test.each([
  ['no token', undefined, 'token_missing', 'Bearer realm="gatehouse"'],
  ['a made-up token', 'x'.repeat(32), 'token_invalid', 'Bearer realm="gatehouse", error="invalid_token"'],
])('%s is answered by RFC 6750', async (_name, token, reason, challenge) => {
  const { status, headers, body } = await register(token, metadata());
  expect({ status, body }).toMatchObject({ status: 401, body: { error: 'invalid_token', reason } });
  expect(headers.get('www-authenticate')).toBe(challenge);
  expect(copy.refusals).toMatchObject([{ kind: 'registration', outcome: 'user_error', reason }]);
});

test('an expired token and a revoked one are refused', async () => {
  const [old, gone] = [await invite({ days: 1 }), await invite()];
  await database.withHub((tx) =>
    revokeInvitation(tx, { invitationId: gone.invitationId, side: 'tool' }, by()),
  );
  expect((await register(gone.token, metadata())).body.error_description).toContain('was revoked');
  world.clock.advance(86_400_001);
  expect((await register(old.token, metadata())).body.error_description).toContain('has expired');
});

test.each<[string, unknown, string]>([
  ['no redirect URI', metadata({ redirect_uris: [] }), 'invalid_redirect_uri'],
  ['redirect URIs missing', metadata({ redirect_uris: undefined }), 'invalid_redirect_uri'],
  [
    'a redirect URI with a fragment',
    metadata({ redirect_uris: ['https://quiz.example/#x'] }),
    'invalid_redirect_uri',
  ],
  [
    'a redirect URI without https',
    metadata({ redirect_uris: ['http://quiz.example/'] }),
    'invalid_redirect_uri',
  ],
  [
    'a redirect URI of another scheme',
    metadata({ redirect_uris: ['javascript:alert(1)'] }),
    'invalid_redirect_uri',
  ],
  [
    'a login without https',
    metadata({ initiate_login_uri: 'http://quiz.example/' }),
    'invalid_client_metadata',
  ],
  ['no name', metadata({ client_name: '' }), 'invalid_client_metadata'],
  ['no keys', metadata({ jwks_uri: undefined }), 'invalid_client_metadata'],
  [
    'a private key',
    metadata({ jwks_uri: undefined, jwks: { keys: [{ kty: 'RSA', kid: 'a', n: 'A', e: 'A', d: 'A' }] } }),
    'invalid_client_metadata',
  ],
  [
    'another way to sign in',
    metadata({ token_endpoint_auth_method: 'client_secret_basic' }),
    'invalid_client_metadata',
  ],
  ['no id_token', metadata({ response_types: ['code'] }), 'invalid_client_metadata'],
  ['no implicit grant', metadata({ grant_types: ['authorization_code'] }), 'invalid_client_metadata'],
  ['no tool configuration', metadata({ [toolClaim]: undefined }), 'invalid_client_metadata'],
  [
    'a target elsewhere',
    metadata({}, { target_link_uri: 'https://other.example/' }),
    'invalid_client_metadata',
  ],
  ['no JSON', '{"application_type":', 'invalid_client_metadata'],
  ['a list', [], 'invalid_client_metadata'],
  ['text that cannot be kept', '{"client_name":"\\u0000"}', 'invalid_client_metadata'],
])('%s is refused with the code of RFC 7591, and the token stays good', async (_name, body, error) => {
  const { slug, token } = await invite();
  const refused = await register(token, body);
  expect(refused).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
  expect(refused.headers.get('cache-control')).toBe('no-store');
  await expect(database.withHub((tx) => getToolBySlug(tx, slug))).rejects.toMatchObject({
    code: 'tool_unknown',
  });
  expect((await register(token, metadata())).status).toBe(201);
});

test('a refused try leaves a row, and counts as the tool’s', async () => {
  const { token, invitationId } = await invite();
  await register(token, metadata({ redirect_uris: [] }));
  const { rows } = await superuser.query(
    'select outcome, reason, host from lti_registration_attempt where invitation_id = $1',
    [invitationId],
  );
  const expected = { outcome: 'failed_partner', reason: 'invalid_redirect_uri' };
  expect(rows).toEqual([{ ...expected, host: 'quiz.example' }]);
  expect(copy.calls).toMatchObject([{ kind: 'registration', ...expected }]);
});

test('a short name that is taken is refused at the invitation, and at the registration when it was taken since', async () => {
  const [first, second] = [await invite({ slug: 'twice' }), await invite({ slug: 'twice' })];
  expect((await register(first.token, metadata())).status).toBe(201);
  const refused = await register(second.token, metadata());
  expect(refused).toMatchObject({
    status: 400,
    body: { error: 'invalid_client_metadata', reason: 'tool_slug_taken' },
  });
  await expect(invite({ slug: 'twice' })).rejects.toMatchObject({ code: 'tool_slug_taken' });
});

test('a set-up link of an LMS is no registration token, also the hub’s own', async () => {
  const { token } = await database.withHub((tx) => inviteLms(tx, { family: 'generic' }, by()));
  expect((await register(token, metadata())).status).toBe(401);
});

test('by default an invitation allows every scope', async () => {
  const { token } = await invite();
  const { body } = await register(token, metadata({ scope: serviceScopes.join(' ') }));
  expect(body.scope?.split(' ')).toEqual(serviceScopes);
});
