import { expect, test } from 'vitest';
import { connectIdentity, updateIdentity } from '../../../src/sso/identities/identities.ts';
import { createOidcTerms } from '../../../src/sso/oidc-terms.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startSignInWorld } from '../support/world.ts';

const world = await startSignInWorld(await createTestDatabase());
const { clock } = world.services;
const unasked = () => Promise.reject(new Error('Nobody is asked while connecting'));
const services = {
  ...world.services,
  protocols: {
    ...world.services.protocols,
    oidc: createOidcTerms({ fetch: unasked, clock, allowLoopback: false }),
  },
};
const own = { clientId: 'client-1', clientSecret: 'secret' };
const directoryId = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';

async function connect(preset: string, settings: Record<string, unknown>) {
  const { tenantId } = await world.addTenant();
  const input = {
    protocol: 'oidc' as const,
    name: 'School account',
    preset,
    settings: { ...own, ...settings },
  };
  return { tenantId, identity: await connectIdentity(services, tenantId, input, world.by()) };
}

test.each([
  [
    'entra',
    { tenant: { kind: 'entra', tenantId: directoryId } },
    {
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      clientAuthentication: 'client_secret_post',
    },
  ],
  [
    'google',
    { tenant: { kind: 'google', domains: ['school.example'] } },
    { issuer: 'https://accounts.google.com', prompt: 'select_account', endSession: false },
  ],
  [
    'okta',
    { issuer: 'https://school.okta.com' },
    { scopes: ['openid', 'profile', 'email', 'groups'], userInfo: true, assertionAudience: 'token_endpoint' },
  ],
  [
    'adfs',
    { issuer: 'https://adfs.school.example/adfs', claims: { email: 'mail' } },
    {
      claims: expect.objectContaining({
        name: 'unique_name',
        groups: 'group',
        email: 'mail',
        locale: 'locale',
      }),
    },
  ],
  [
    'generic',
    { issuer: 'https://login.school.example' },
    { scopes: ['openid', 'profile', 'email'], userInfo: false },
  ],
])('a connection of the preset %s begins with what it suggests', async (preset, settings, expected) => {
  const { identity } = await connect(preset, settings);
  expect(identity).toMatchObject({ preset, settings: expected });
});

test('a setting that is given counts more than the preset’s, and so does one that is changed later', async () => {
  const issuer = 'https://school.okta.com';
  const { tenantId, identity } = await connect('okta', { issuer, userInfo: false, scopes: ['openid'] });
  expect(identity.settings).toMatchObject({
    userInfo: false,
    scopes: ['openid'],
    assertionAudience: 'token_endpoint',
  });
  const changes = { settings: { assertionAudience: 'issuer' } };
  const changed = await updateIdentity(services, tenantId, identity.connectionId, changes, world.by());
  expect(changed.settings).toMatchObject({ userInfo: false, assertionAudience: 'issuer' });
});

test('what a preset suggests does not stand in for what only the institution knows', async () => {
  await expect(connect('google', {})).rejects.toMatchObject({ code: 'identity_settings_invalid' });
});
