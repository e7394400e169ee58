import { expect, test } from 'vitest';
import { presets } from '../../../src/sso/saml/presets.ts';
import { nameIdFormats } from '../../../src/sso/saml/xml/names.ts';
import { mappingOf, nameIdFormatOf, samlSettings } from '../../../src/sso/saml-connections/settings.ts';

const metadata = { from: 'url', url: 'https://idp.example/metadata' };
const read = (more: Record<string, unknown> = {}) => samlSettings.safeParse({ metadata, ...more });
const subject = (...names: string[]) => read({ mapping: { subject: { from: 'attribute', names } } });

test('what is not said is the careful choice', () => {
  expect(read().data).toMatchObject({
    allowUnsolicited: false,
    signRequests: true,
    forceAuthn: false,
    requestedAuthnContext: [],
    skewSeconds: 60,
  });
});

test.each([
  'http://idp.example/metadata',
  'file:///etc/passwd',
  'https://user:secret@idp.example/',
  'https://idp.example/#x',
  '//idp.example',
  'idp.example',
])('%s is no address of metadata', (url) => {
  expect(read({ metadata: { from: 'url', url } }).success).toBe(false);
  expect(
    read({
      metadata: { from: 'fields', entityId: 'x', singleSignOn: [{ binding: 'redirect', location: url }] },
    }).success,
  ).toBe(false);
});

test('a federation is asked only with its key pinned, and a pinned key is one', () => {
  const mdq = { from: 'mdq', base: 'https://mdq.example', entityId: 'https://idp.example/entity' };
  expect(read({ metadata: mdq }).success).toBe(false);
  expect(read({ metadata: { ...mdq, signer: 'no certificate' } }).success).toBe(false);
});

test('clocks may differ by three minutes at most', () => {
  expect(read({ skewSeconds: 180 }).success).toBe(true);
  expect(read({ skewSeconds: 181 }).success).toBe(false);
});

test.each([
  'mail',
  'email',
  'urn:oid:0.9.2342.19200300.100.1.3',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
  'eduPersonPrincipalName',
  'userPrincipalName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  'sAMAccountName',
])('%s is no key of a person', (name) => {
  expect(subject(name).success).toBe(false);
});

test('what never goes to somebody else may be chosen as the key', () => {
  for (const { mapping, otherSubjects } of Object.values(presets)) {
    for (const source of [mapping.subject, ...otherSubjects]) {
      expect(read({ mapping: { subject: source } }).data?.mapping.subject).toEqual(source);
    }
  }
});

test('an e-mail address or a transient name as NameID cannot be chosen as the key', () => {
  for (const format of [nameIdFormats.email, nameIdFormats.transient]) {
    expect(read({ mapping: { subject: { from: 'name_id', formats: [format] } } }).success).toBe(false);
  }
});

test('a choice stands over the preset, and leaves the rest of it', () => {
  const settings = samlSettings.parse({ metadata, mapping: { groups: ['affiliation'] } });
  expect(mappingOf('entra', settings)).toEqual({ ...presets.entra.mapping, groups: ['affiliation'] });
  expect(mappingOf('gone', settings)).toEqual({ ...presets.generic.mapping, groups: ['affiliation'] });
});

test('the format that the key is read from is asked for, unless another one is', () => {
  const ask = (preset: string, more = {}) => {
    const settings = samlSettings.parse({ metadata, ...more });
    return nameIdFormatOf(settings, mappingOf(preset, settings));
  };
  expect(ask('generic')).toBe(nameIdFormats.persistent);
  expect(ask('entra')).toBeUndefined();
  expect(ask('entra', { nameIdFormat: nameIdFormats.transient })).toBe(nameIdFormats.transient);
});
