import { expect, test } from 'vitest';
import { CallFailure } from '../../../../src/console/api/failure.ts';
import { chooseStep } from '../../../../src/console/pages/setup/choose-step.ts';
import { errorOf } from '../../../../src/console/pages/setup/field-errors.ts';
import { fieldsOf, settingsOf } from '../../../../src/console/pages/setup/identity-settings.ts';
import { readEntered } from '../../../../src/console/parts/fields.ts';

/** What was entered, by the names of its fields. */
function entered(texts: Readonly<Record<string, string>>) {
  const form = new FormData();
  for (const [name, text] of Object.entries(texts)) form.append(name, text);
  return readEntered(form);
}

const names = (...given: Parameters<typeof fieldsOf>) => fieldsOf(...given).map(({ name }) => name);

test('an issuer that is the same for everybody is not asked for', () => {
  expect(names('oidc', 'entra', { issuer: 'https://login.example' })).toEqual([
    ...['directoryId', 'clientId', 'clientSecret'],
  ]);
  expect(names('oidc', 'generic', {})).toEqual(['issuer', 'clientId', 'clientSecret']);
});

test('settings are what each protocol takes', () => {
  expect(settingsOf('saml', 'generic', entered({ metadataUrl: ' https://idp.example/m ' }))).toEqual({
    metadata: { from: 'url', url: 'https://idp.example/m' },
  });
  expect(settingsOf('saml', 'generic', entered({}))).toEqual({ metadata: { from: 'file' } });
  expect(
    settingsOf(
      'oidc',
      'google',
      entered({ clientId: 'c', clientSecret: 's', domains: 'a.example, b.example' }),
    ),
  ).toEqual({
    ...{ clientId: 'c', clientSecret: 's' },
    tenant: { kind: 'google', domains: ['a.example', 'b.example'] },
  });
});

test('claims of a provider that nothing is known of are asked for where the specification has them', () => {
  expect(
    settingsOf('oidc', 'generic', entered({ issuer: 'https://idp.example', clientId: 'c' })).userInfo,
  ).toBe(true);
  expect(settingsOf('oidc', 'entra', entered({ clientId: 'c' }))).not.toHaveProperty('userInfo');
});

test('a directory is named by its first host, and spoken to over TLS where nothing else is said', () => {
  const texts = {
    servers: 'DC1.school.example, ldaps://dc2.school.example',
    base: 'dc=x',
    servicePassword: ' p ',
  };
  expect(settingsOf('ldap', 'ad', entered(texts))).toMatchObject({
    name: 'dc1.school.example',
    servers: [{ url: 'ldaps://DC1.school.example' }, { url: 'ldaps://dc2.school.example' }],
    servicePassword: ' p ',
  });
});

test('what the hub says of a field stands beside it', () => {
  const details = { issues: [{ path: 'issuer', message: 'Give an address.' }] };
  const failure = new CallFailure({ code: 'identity_settings_invalid', status: 400, details });
  expect(errorOf(failure, 'settings.issuer')).toBe('Give an address.');
  expect(errorOf(failure, 'settings.clientId')).toBeUndefined();
  expect(errorOf(null, 'settings.issuer')).toBeUndefined();
});

test('one goes on where one stopped, unless the address names a step', () => {
  const step = (name: 'lms' | 'identity' | 'roster', state: string, wanted = true) => ({
    step: name,
    state,
    wanted,
  });
  const steps = [step('lms', 'done'), step('identity', 'open', false), step('roster', 'connected')];
  expect(chooseStep(steps, undefined)).toBe('roster');
  expect(chooseStep(steps, 'lms')).toBe('lms');
  expect(chooseStep(steps, 'nonsense')).toBe('roster');
});
