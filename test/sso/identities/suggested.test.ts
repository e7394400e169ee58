import { expect, test } from 'vitest';
import { overSuggested } from '../../../src/sso/identities/suggested.ts';
import { ldapPresets } from '../../../src/sso/ldap/presets.ts';
import { directorySettings } from '../../../src/sso/ldap/settings.ts';
import { base, reader } from '../ldap/world.ts';

test('what is given counts more than what a preset suggests, one setting at a time and within groups of settings', () => {
  const suggested = {
    scopes: ['openid', 'groups'],
    userInfo: true,
    claims: { name: 'unique_name', groups: 'group' },
  };
  expect(overSuggested(suggested, { userInfo: false, claims: { groups: 'roles' }, clientId: 'a' })).toEqual({
    ...{ scopes: ['openid', 'groups'], userInfo: false, clientId: 'a' },
    claims: { name: 'unique_name', groups: 'roles' },
  });
});

test('lists are taken whole, and a setting that is no group replaces one that is, and the other way round', () => {
  expect(overSuggested({ scopes: ['a', 'b'], key: 'x' }, { scopes: ['c'], key: { attribute: 'y' } })).toEqual(
    {
      ...{ scopes: ['c'], key: { attribute: 'y' } },
    },
  );
  expect(overSuggested({ key: { attribute: 'y' } }, { key: 'x' })).toEqual({ key: 'x' });
  expect(overSuggested({ key: { attribute: 'y' } }, { key: null })).toEqual({ key: null });
});

test('what is suggested stays as it was', () => {
  const suggested = { claims: { name: 'unique_name' } };
  overSuggested(suggested, { claims: { name: 'other' } });
  expect(suggested).toEqual({ claims: { name: 'unique_name' } });
});

test.each(Object.entries(ldapPresets))(
  'a directory of the preset %s needs only its place and its account',
  (_name, preset) => {
    const own = {
      ...{
        name: 'school.example',
        servers: [{ url: 'ldaps://dc1.school.example' }],
        authorities: 'public',
        base,
      },
      ...{ serviceAccount: reader.dn, servicePassword: 'secret' },
    };
    expect(directorySettings.safeParse(overSuggested(preset, own)).error).toBeUndefined();
  },
);
