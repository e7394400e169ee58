import { createPrivateKey } from 'node:crypto';
import * as client from 'openid-client';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { addToolClient, deploymentClaim, scope } from './tool-client.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const copy = await world.addCopy();
const { tool, key } = await addToolClient(testDatabase);

/** Every copy answers for the hub's address; this goes to the one with a port of its own. */
const toCopy: client.CustomFetch = (url, options) => {
  const wanted = new URL(url);
  return fetch(`http://127.0.0.1:${new URL(copy.origin).port}${wanted.pathname}`, options as RequestInit);
};

async function configure(modifyAssertion?: client.ModifyAssertionFunction): Promise<client.Configuration> {
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(key.privateKey.export({ type: 'pkcs8', format: 'pem' })).export({
      type: 'pkcs8',
      format: 'der',
    }),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const authentication = client.PrivateKeyJwt(
    { key: privateKey, kid: String(key.jwk.kid) },
    modifyAssertion && { [client.modifyAssertion]: modifyAssertion },
  );
  return client.discovery(new URL(world.hubUrl), tool.clientId, undefined, authentication, {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: toCopy,
  });
}

test('a certified client that finds everything in the configuration gets a token', async () => {
  const configuration = await configure();
  expect(configuration.serverMetadata()).toMatchObject({
    token_endpoint: `${world.hubUrl}/platform/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    scopes_supported: expect.arrayContaining(['openid', scope.score, scope.lineItem]),
  });
  const tokens = await client.clientCredentialsGrant(configuration, { scope: scope.score });
  expect(tokens.scope).toBe(scope.score);
  expect(tokens.expiresIn()).toBeGreaterThan(3_500);
  expect(await copy.lti.accessTokens.read(`Bearer ${tokens.access_token}`)).toMatchObject({
    ok: true,
    grant: { toolId: tool.toolId },
  });
});

test('it may name the token endpoint as audience and narrow the token to a deployment', async () => {
  const configuration = await configure((_header, payload) => {
    payload.aud = `${world.hubUrl}/platform/token`;
    payload[deploymentClaim] = 'd-1';
  });
  const tokens = await client.clientCredentialsGrant(configuration, { scope: scope.score });
  expect(await copy.lti.accessTokens.read(`Bearer ${tokens.access_token}`)).toMatchObject({
    grant: { deploymentId: 'd-1' },
  });
});

test('it understands a refusal', async () => {
  const configuration = await configure((_header, payload) => {
    payload.aud = 'https://lms.example';
  });
  await expect(client.clientCredentialsGrant(configuration, { scope: scope.score })).rejects.toMatchObject({
    name: 'ResponseBodyError',
    error: 'invalid_client',
    status: 401,
  });
});
