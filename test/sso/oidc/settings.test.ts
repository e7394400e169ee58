import { expect, test } from 'vitest';
import { secretNames } from '../../../contracts/connector.ts';
import { oidcPresets } from '../../../src/sso/oidc/presets.ts';
import { isOidcReason, oidcReason, oidcReasons } from '../../../src/sso/oidc/reasons.ts';
import { issuerOf, oidcSettings } from '../../../src/sso/oidc/settings.ts';

const tenantId = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const valid = { issuer: 'https://login.school.example', clientId: 'client-1', clientSecret: 'secret' };
const entra = { kind: 'entra', tenantId };
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';
const pinned = `https://login.microsoftonline.com/${tenantId}/v2.0`;

test('the client secret is sealed, and nothing else', () => {
  expect(secretNames(oidcSettings)).toEqual(['clientSecret']);
});

test('settings that were read are read again as the same', () => {
  const once = oidcSettings.parse(valid);
  expect(oidcSettings.parse(once)).toEqual(once);
});

test.each<[string, object, string]>([
  ['plain http', { issuer: 'http://login.school.example' }, 'issuer'],
  ['a query', { issuer: 'https://login.school.example/?a=b' }, 'issuer'],
  ['a fragment', { issuer: 'https://login.school.example/#a' }, 'issuer'],
  ['a user name', { issuer: 'https://a@login.school.example' }, 'issuer'],
  ['a script', { issuer: 'javascript:alert(1)' }, 'issuer'],
  ['no client secret', { clientSecret: undefined }, 'clientSecret'],
  ['no algorithm', { algorithms: [] }, 'algorithms'],
  ['none', { algorithms: ['none'] }, 'algorithms.0'],
  ['HS256 beside RS256', { algorithms: ['RS256', 'HS256'], clientSecret: 'x'.repeat(32) }, 'algorithms'],
  ['HS256 with a short secret', { algorithms: ['HS256'], clientSecret: 'x'.repeat(31) }, 'algorithms'],
  ['several words in a scope', { scopes: ['openid profile'] }, 'scopes.0'],
  ['Entra ID without a tenant', { issuer: pinned }, 'tenant'],
  ['Entra ID of everybody', { issuer: 'https://login.microsoftonline.com/common/v2.0' }, 'tenant'],
  ['Entra ID in another cloud', { issuer: `https://login.microsoftonline.us/${tenantId}/v2.0` }, 'tenant'],
  ['a tenant of another issuer', { issuer: pinned.replace('aaaa', 'bbbb'), tenant: entra }, 'issuer'],
  [
    'personal Microsoft accounts',
    { issuer: pinned.replace(tenantId, personal), tenant: { kind: 'entra', tenantId: personal } },
    'tenant.tenantId',
  ],
  ['Google without domains', { issuer: 'https://accounts.google.com' }, 'tenant'],
  [
    'Google with no domain',
    { issuer: 'https://accounts.google.com', tenant: { kind: 'google', domains: [] } },
    'tenant.domains',
  ],
  ['an unknown setting', { clientsecret: 'x' }, ''],
])('refused: %s', (_name, changes, path) => {
  const result = oidcSettings.safeParse({ ...valid, ...changes });
  expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

test('an Entra issuer that serves many tenants is pinned to one', () => {
  for (const name of ['{tenantid}', 'common', 'organizations', '%7Btenantid%7D', tenantId]) {
    const issuer = `https://login.microsoftonline.com/${name}/v2.0`;
    expect(issuerOf(oidcSettings.parse({ ...valid, issuer, tenant: entra }))).toBe(pinned);
  }
  expect(issuerOf(oidcSettings.parse(valid))).toBe(valid.issuer);
});

test('the hub’s own key needs no secret', () => {
  const { clientSecret: _secret, ...rest } = valid;
  expect(oidcSettings.safeParse({ ...rest, clientAuthentication: 'private_key_jwt' }).success).toBe(true);
});

test('every preset is complete with an issuer, a client and its tenant rule', () => {
  const tenants = { none: { kind: 'none' }, entra, google: { kind: 'google', domains: ['school.example'] } };
  for (const [name, { settings, issuer, tenant, advice }] of Object.entries(oidcPresets)) {
    const parsed = oidcSettings.safeParse({ ...valid, ...settings, issuer, tenant: tenants[tenant] });
    expect(parsed.error, name).toBeUndefined();
    expect(advice).toMatch(/^\p{Lu}.{20,}\.$/u);
  }
});

test('every reason says what to do, to an engineer and to a help desk', () => {
  for (const code of oidcReasons) {
    const { advice, helpDesk, specification } = oidcReason(code);
    expect(advice, code).toMatch(/^[\p{L}].{15,}\.$/u);
    expect(helpDesk, code).toMatch(/^\p{Lu}.{20,}\.$/u);
    expect(helpDesk, code).not.toMatch(/\b(aud|iss|nonce|token|claim|endpoint|JSON|JWT|OAuth|acr|PKCE)\b/i);
    expect(specification).not.toBe('');
  }
  expect(isOidcReason('nonce')).toBe(true);
  expect(isOidcReason('constructor')).toBe(false);
});
