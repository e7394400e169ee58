import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { setToolStatus, updateTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { createPublishedKey } from '../signing-key.ts';
import {
  addToolClient,
  deploymentClaim,
  formOf,
  post,
  scope,
  signAssertion,
  type TokenReply,
} from './tool-client.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const copy = await world.addCopy();
const rules = { allowLoopback: true };
const client = await addToolClient(testDatabase);

const ask = async (claims = {}, header = {}, form: Record<string, string | undefined> = {}) =>
  post(copy, formOf(await signAssertion(world, client, claims, header), form));

/** Checks that a reply is a refusal as RFC 6749 §5.2 wants it. */
function expectRefused(reply: TokenReply, status: number, error: string, reason: string): void {
  expect(reply.body).toEqual({
    error,
    error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]{10,}$/),
    reason,
    reference: expect.stringMatching(/^.{4}-.{4}$/),
  });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toContain('application/json');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('pragma')).toBe('no-cache');
}

const readBack = (reply: TokenReply) => copy.lti.accessTokens.read(`Bearer ${reply.body.access_token}`);

async function countAssertions(): Promise<number> {
  const { rows } = await superuser.query('select count(*)::int as count from tool_assertion');
  return rows[0].count;
}

test('a tool that proves itself gets a token of an hour with the scope it asked for', async () => {
  const reply = await ask();
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 3600,
    scope: scope.score,
  });
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('pragma')).toBe('no-cache');
  expect(await readBack(reply)).toEqual({
    ok: true,
    grant: {
      toolId: client.tool.toolId,
      clientId: client.tool.clientId,
      scopes: [scope.score],
      deploymentId: undefined,
    },
  });
});

test('granted and told are the scopes asked for that the tool may have', async () => {
  const some = await addToolClient(testDatabase, { scopes: [scope.score, scope.lineItem] });
  const asked = `openid ${scope.lineItem} ${scope.lineItem}.readonly`;
  const reply = await post(copy, formOf(await signAssertion(world, some), { scope: asked }));
  expect(reply.body.scope).toBe(scope.lineItem);
  const none = await post(copy, formOf(await signAssertion(world, some), { scope: 'openid' }));
  expectRefused(none, 400, 'invalid_scope', 'scope_refused');
});

test('a tool that may have nothing gets nothing', async () => {
  const barred = await addToolClient(testDatabase, { scopes: [] });
  const reply = await post(copy, formOf(await signAssertion(world, barred)));
  expectRefused(reply, 400, 'invalid_scope', 'scope_refused');
});

test('a deployment_id in the assertion narrows the token to it, whether or not a tenant has it', async () => {
  const deploymentId = randomUUID();
  const reply = await ask({ [deploymentClaim]: deploymentId });
  expect(await readBack(reply)).toMatchObject({ ok: true, grant: { deploymentId } });
});

test('aud may be the issuer, alone or among others, as client_id may be sent along', async () => {
  for (const aud of [world.hubUrl, ['https://other.example', world.hubUrl]]) {
    expect((await ask({ aud }, {}, { client_id: client.tool.clientId })).status).toBe(200);
  }
});

test.each([
  ['issuer_mismatch', { iss: 'somebody' }],
  ['client_unknown', { sub: 'somebody' }],
  ['client_unknown', { sub: undefined }],
  ['client_unknown', { sub: 'x\0' }],
  ['audience_mismatch', { aud: 'https://lms.example/token' }],
  ['exp_missing', { exp: undefined }],
  ['assertion_expired', { exp: 1 }],
  ['exp_too_late', { exp: 9_999_999_999 }],
  ['iat_missing', { iat: undefined }],
  ['iat_in_future', { iat: 9_999_999_999 }],
  ['jti_missing', { jti: undefined }],
  ['deployment_invalid', { [deploymentClaim]: '' }],
])('%s: %o is refused and nothing is used up', async (reason, claims) => {
  const before = await countAssertions();
  expectRefused(await ask(claims), 401, 'invalid_client', reason);
  expect(await countAssertions()).toBe(before);
});

test.each([
  ['header_refused', { jku: 'https://evil.example/jwks' }],
  ['header_refused', { jwk: {} }],
  ['header_refused', { x5u: 'https://evil.example' }],
  ['header_refused', { x5c: ['AAAA'] }],
  ['kid_missing', { kid: undefined }],
  ['kid_unknown', { kid: 'other' }],
])('%s: a header with %o is refused', async (reason, header) => {
  expectRefused(await ask({}, header), 401, 'invalid_client', reason);
});

test.each(['none', 'HS256', 'RS512', 'PS256', 'ES256'])('alg %s is refused', async (alg) => {
  const [header, ...rest] = (await signAssertion(world, client)).split('.') as [string, string, string];
  const other = { ...decodeProtectedHeader(`${header}.e30.`), alg };
  const forged = [Buffer.from(JSON.stringify(other)).toString('base64url'), ...rest].join('.');
  expectRefused(await post(copy, formOf(forged)), 401, 'invalid_client', 'alg_refused');
});

test('a tool cannot sign for another tool', async () => {
  const other = await addToolClient(testDatabase);
  const forged = await signAssertion(world, { tool: other.tool, key: client.key });
  expectRefused(await post(copy, formOf(forged)), 401, 'invalid_client', 'signature_invalid');
  const mixed = await signAssertion(world, client, { iss: other.tool.clientId });
  expectRefused(await post(copy, formOf(mixed)), 401, 'invalid_client', 'issuer_mismatch');
  const named = formOf(await signAssertion(world, client), { client_id: other.tool.clientId });
  expectRefused(await post(copy, named), 401, 'invalid_client', 'client_id_mismatch');
});

test('the LMS’s key does not prove a tool, nor the key of nobody', async () => {
  const forged = await signAssertion(world, { tool: client.tool, key: createPublishedKey('tool-key') });
  expectRefused(await post(copy, formOf(forged)), 401, 'invalid_client', 'signature_invalid');
});

test('a tool without keys is told so', async () => {
  expectRefused(
    await post(copy, formOf(await signAssertion(world, { tool: world.tool, key: client.key }))),
    401,
    'invalid_client',
    'jwks_unreachable',
  );
});

test('a tool that is switched off is refused, also by a copy that has not heard of it', async () => {
  const off = await addToolClient(testDatabase);
  expect((await post(copy, formOf(await signAssertion(world, off)))).status).toBe(200);
  await database.withHub((tx) => setToolStatus(tx, off.tool.toolId, 'disabled', rules, by()));
  const reply = await post(copy, formOf(await signAssertion(world, off)));
  expectRefused(reply, 401, 'invalid_client', 'client_disabled');
});

test('a key that was taken away proves nothing any more, also at a copy that has not heard of it', async () => {
  const changed = await addToolClient(testDatabase);
  expect((await post(copy, formOf(await signAssertion(world, changed)))).status).toBe(200);
  const jwks = { keys: [createPublishedKey('new-key').jwk as { kty: string }] };
  await database.withHub((tx) => updateTool(tx, changed.tool.toolId, { jwks }, rules, by()));
  const reply = await post(copy, formOf(await signAssertion(world, changed)));
  expectRefused(reply, 401, 'invalid_client', 'kid_unknown');
});

test('scopes that were taken away are gone, also at a copy that has not heard of it', async () => {
  const changed = await addToolClient(testDatabase);
  const asked = { scope: `${scope.score} ${scope.lineItem}` };
  const before = await post(copy, formOf(await signAssertion(world, changed), asked));
  expect(before.body.scope).toBe(asked.scope);
  const scopes = [scope.lineItem];
  await database.withHub((tx) => updateTool(tx, changed.tool.toolId, { scopes }, rules, by()));
  const after = await post(copy, formOf(await signAssertion(world, changed), asked));
  expect(after.body.scope).toBe(scope.lineItem);
});

test.each([
  ['invalid_request', 400, 'grant_type_missing', { grant_type: undefined }],
  ['unsupported_grant_type', 400, 'grant_type_unsupported', { grant_type: 'password' }],
  ['invalid_client', 401, 'assertion_missing', { client_assertion: undefined }],
  ['invalid_request', 400, 'assertion_type_missing', { client_assertion_type: undefined }],
  ['invalid_client', 401, 'assertion_type_unsupported', { client_assertion_type: 'jwt' }],
  ['invalid_request', 400, 'authentication_repeated', { client_secret: 'x' }],
  ['invalid_scope', 400, 'scope_missing', { scope: undefined }],
  ['invalid_client', 401, 'token_malformed', { client_assertion: 'x' }],
  ['invalid_client', 401, 'client_unknown', { client_assertion: 'e30.e30.x' }],
])('%s (%i): %s', async (error, status, reason, form) => {
  expectRefused(await ask({}, {}, form), status, error, reason);
});

test('a parameter given twice is refused, even with the same value', async () => {
  const form = formOf(await signAssertion(world, client));
  form.append('scope', scope.score);
  expectRefused(await post(copy, form), 400, 'invalid_request', 'parameter_repeated');
});

test('whoever tries an Authorization header is told so by its scheme', async () => {
  const headers = { authorization: 'Basic YTpi' };
  const reply = await post(copy, 'grant_type=client_credentials&scope=a', headers);
  expectRefused(reply, 401, 'invalid_client', 'authentication_unsupported');
  expect(reply.headers.get('www-authenticate')).toBe('Basic realm="gatehouse"');
});

test('what is no form, too large or by another method is refused in the same words', async () => {
  const json = await post(copy, '{}', { 'content-type': 'application/json' });
  expectRefused(json, 415, 'invalid_request', 'unsupported_media_type');
  const large = await post(copy, formOf('x'.repeat(40_000)));
  expectRefused(large, 413, 'invalid_request', 'body_too_large');
  const many = await post(copy, 'a=1&'.repeat(101));
  expectRefused(many, 413, 'invalid_request', 'too_many_fields');
  const got = await fetch(`http://127.0.0.1:${new URL(copy.origin).port}/platform/token`);
  expect([got.status, await got.json()]).toMatchObject([405, { error: 'invalid_request' }]);
});

test('a refusal is counted: as the tool’s fault only where the tool has proven itself', async () => {
  copy.refusals.length = 0;
  await ask({ aud: 'x' });
  await ask({}, { kid: 'other' });
  await ask({}, {}, { grant_type: undefined });
  expect(copy.refusals).toEqual([
    { kind: 'token_request', outcome: 'failed_config', reason: 'audience_mismatch' },
    { kind: 'token_request', outcome: 'user_error', reason: 'kid_unknown' },
    { kind: 'token_request', outcome: 'user_error', reason: 'grant_type_missing' },
  ]);
});

test('the log names the tool and the reason, and holds neither assertion nor token', async () => {
  copy.requestLog.length = 0;
  const assertion = await signAssertion(world, client);
  const { body } = await post(copy, formOf(assertion));
  await post(copy, formOf(assertion));
  expect(copy.requestLog).toMatchObject([
    { status: 200, toolId: client.tool.toolId },
    { status: 401, toolId: client.tool.toolId, code: 'invalid_client', reason: 'assertion_used' },
  ]);
  const log = JSON.stringify(copy.requestLog);
  expect(log).not.toContain(assertion.slice(0, 40));
  expect(log).not.toContain(String(body.access_token).slice(0, 40));
});
