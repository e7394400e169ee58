import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import { makeTestLink } from '../../../src/sso/requests/test-link.ts';
import { addCertificate } from '../../../src/sso/saml-connections/certificates.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { type Answer, readForm } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startDirectory } from '../ldap/directory-server.ts';
import { directory, person } from '../ldap/world.ts';
import { startPortalWorld, visit } from '../portal/world.ts';
import { createTestKey } from '../saml/support/keys.ts';
import { pem } from '../saml-connections/support/metadata.ts';
import { signInAt, startSignInWorld } from '../support/world.ts';

vi.setConfig({ testTimeout: 30_000 });

const testDatabase = await createTestDatabase();
const world = await startSignInWorld(testDatabase);
const { northside } = await startPortalWorld(testDatabase);
const { services } = world;

async function connectSaml({ tenantId }: Tenant): Promise<{ connectionId: ConnectionId }> {
  const metadata = {
    ...{ from: 'fields', entityId: 'https://idp.example/entity' },
    singleSignOn: [{ binding: 'post', location: 'https://idp.example/sso' }],
  };
  const input = { protocol: 'saml' as const, name: 'School account', settings: { metadata } };
  const identity = await connectIdentity(services, tenantId, input, world.by());
  await addCertificate(
    services,
    tenantId,
    identity.connectionId,
    pem(await createTestKey('idp')),
    world.by(),
  );
  return identity;
}

const tenant = await world.addTenant();
const ldap = await world.connect(tenant, [636], { domains: ['school.example'] });
const saml = await connectSaml(tenant);
const { visitor } = world.first;
const local = 'https: http:';

const makeLink = (of: Tenant, { connectionId }: { connectionId: ConnectionId }) =>
  makeTestLink(services, of, connectionId, world.by());

/** Opens a form, or presses the button that leads to it, and signs in at a directory that knows ada. */
async function signIn(password: string, { isTest }: { isTest: boolean }): Promise<Answer> {
  const school = await world.addTenant();
  const identity = await world.connect(school, [await startDirectory({ entries: directory(person('ada')) })]);
  const browser = visitor();
  let form = await browser.open(signInAt(school, identity));
  if (isTest) {
    const link = await browser.open(new URL((await makeLink(school, identity)).address).pathname);
    form = await browser.post(readForm(link.body).action, {});
  }
  const { action, fields } = readForm(form.body);
  return browser.post(action, { ...fields, username: 'ada', password });
}

/** Every page of signing in: its file, how it is come by, where its forms may lead, and what other sites learn of its address. */
const pages: [file: string, open: () => Promise<Answer>, forms: string, referrer: string][] = [
  ['choice-page.ts', () => visitor().open(`/t/${tenant.slug}/sign-in`), `'self' ${local}`, 'same-origin'],
  [
    'choice-page.ts',
    () => visitor().open(`/t/${tenant.slug}/sign-in?choose=unknown`),
    `'self' ${local}`,
    'same-origin',
  ],
  ['password-page.ts', () => visitor().open(signInAt(tenant, ldap)), "'self'", 'same-origin'],
  ['password-page.ts', () => signIn('wrong', { isTest: false }), "'self'", 'same-origin'],
  ['refused-page.ts', () => visitor().post(signInAt(tenant, ldap), { handle: 'x' }), "'none'", 'no-referrer'],
  ['signed-out-page.ts', () => visitor().open(`/t/${tenant.slug}/signed-out`), "'none'", 'no-referrer'],
  [
    'test-link-page.ts',
    async () => visitor().open(new URL((await makeLink(tenant, ldap)).address).pathname),
    `'self' ${local}`,
    'same-origin',
  ],
  ['test-page.ts', () => signIn('ada-password', { isTest: true }), "'none'", 'no-referrer'],
  [
    'portal-page.ts',
    async () => {
      const ada = await northside.addUser('ada', ['Ada', 'Byron'], 'student');
      return visit(northside.portal, (await northside.signIn(ada)).cookie);
    },
    `'self' ${local}`,
    'same-origin',
  ],
  // The page of launches that posts itself, here to an identity provider: its referrer names the hub, since some refuse
  // a form of which no site says that it is theirs.
  ['form-post-page.ts', () => visitor().open(signInAt(tenant, saml)), local, 'strict-origin'],
];

test.each(pages)(
  '%s is framed by nobody, kept nowhere, and runs nothing that is not the hub’s',
  async (_file, open, forms, referrer) => {
    const { headers, body } = await open();
    expect(headers['content-type']).toMatch(/^text\/html/);
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [
          directive.slice(0, directive.indexOf(' ')),
          directive.slice(directive.indexOf(' ') + 1),
        ]),
    );
    expect(policy).toEqual({
      ...{ 'default-src': "'none'", 'base-uri': "'none'", 'script-src': "'self'", 'style-src': "'self'" },
      ...{ 'connect-src': "'self'", 'img-src': 'data:', 'frame-src': "'none'", 'frame-ancestors': "'none'" },
      'form-action': forms,
    });
    expect(headers).toMatchObject({
      ...{ 'x-frame-options': 'DENY', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'referrer-policy': referrer,
    });
    // Nothing is inline, so that the policy needs no exception.
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style|javascript:/i);
  },
);

test('no page of signing in is left out here', async () => {
  const files = (await readdir(new URL('../../../src/sso/pages', import.meta.url))).filter((name) =>
    name.endsWith('-page.ts'),
  );
  const named = new Set(pages.map(([file]) => file));
  expect(files.filter((file) => !named.has(file))).toEqual([]);
});
