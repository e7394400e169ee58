import { expect, test } from 'vitest';
import { readForm } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { begin, post, reasonOf, targetOf, tell } from './support/flow.ts';
import { fieldsOfIdp, startSamlWorld } from './support/world.ts';

const world = await startSamlWorld(await createTestDatabase());
const tenant = await world.addTenant();

test('an identity provider that takes forms alone is sent one that posts itself, with the signature in it', async () => {
  const singleSignOn = [{ binding: 'post', location: 'https://idp.example/sso' }];
  const identity = await world.connect(tenant, { metadata: { ...fieldsOfIdp, singleSignOn } });
  const visitor = world.first.visitor();
  const page = await visitor.open(`/t/${tenant.slug}/sign-in/${identity.connectionId}`);
  expect(page.body).toContain('data-automatic');
  const { action, fields } = readForm(page.body);
  expect(action).toBe('https://idp.example/sso');
  const xml = Buffer.from(fields.SAMLRequest!, 'base64').toString();
  expect(xml).toContain('<ds:Signature');
  const requestId = / ID="([^"]+)"/.exec(xml)?.[1];
  const target = targetOf(world, tenant, identity, requestId);
  const form = { SAMLResponse: tell(world, target), RelayState: fields.RelayState! };
  expect((await post(visitor, target, form)).status).toBe(303);
});

test('what the settings ask for stands in the request', async () => {
  const context = 'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken';
  const identity = await world.connect(tenant, { forceAuthn: true, requestedAuthnContext: [context] });
  const { requestXml, visitor, target, relayState: RelayState } = await begin(world, tenant, identity);
  expect(requestXml).toContain('ForceAuthn="true"');
  expect(requestXml).toContain('Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"');
  // And is held against the answer.
  const refused = await post(visitor, target, { SAMLResponse: tell(world, target), RelayState });
  expect(reasonOf(refused)).toMatch(/^authn_(instant|context)$/);
});

test('a connection that no certificate was given to trusts nobody', async () => {
  const identity = await world.connect(tenant);
  await world.database.superuser.query('delete from identity_certificate where connection_id = $1', [
    identity.connectionId,
  ]);
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, identity);
  const refused = await post(visitor, target, { SAMLResponse: tell(world, target), RelayState });
  expect(reasonOf(refused)).toBe('signature');
});

test('the assertion consumer service takes forms alone', async () => {
  const identity = await world.connect(tenant);
  const { pathname } = new URL(targetOf(world, tenant, identity).acsUrl);
  const opened = await world.first.visitor().open(pathname);
  expect(opened.body).toContain('method_not_allowed');
});

test('an address of the identity provider in any script is gone to as browsers write it', async () => {
  const singleSignOn = [{ binding: 'redirect', location: 'https://idp.example/スクール?a=1' }];
  const identity = await world.connect(tenant, { metadata: { ...fieldsOfIdp, singleSignOn } });
  const visitor = world.first.visitor();
  const { location } = await visitor.open(`/t/${tenant.slug}/sign-in/${identity.connectionId}`);
  expect(location).toMatch(
    /^https:\/\/idp\.example\/%E3%82%B9%E3%82%AF%E3%83%BC%E3%83%AB\?a=1&SAMLRequest=[^#]+$/,
  );
});
