import { expect, test } from 'vitest';
import { decideTrustSource } from '../../../src/operators/school/trust-source.ts';
import { createTestKey } from '../../sso/saml/support/keys.ts';
import { pem } from '../../sso/saml-connections/support/metadata.ts';

test('what names a person, where keys come from and who signs that is told of each protocol', async () => {
  const key = await createTestKey('federation');
  const base = 'https://mdq.example/';
  const metadata = { from: 'mdq', base, entityId: 'https://idp.example', signer: pem(key) };
  const saml = { protocol: 'saml', preset: 'generic' } as const;
  const subject = { from: 'attribute', names: ['urn:id', 'id'], scoped: true };
  expect(decideTrustSource({ ...saml, settings: { metadata, mapping: { subject } } })).toEqual({
    keysFrom: base,
    signer: key.certificate.fingerprint,
    subjectFrom: 'urn:id, id (scoped)',
  });
  const given = decideTrustSource({ ...saml, settings: { metadata: { from: 'file' } } });
  expect(given).toMatchObject({ keysFrom: null, signer: null });
  expect(given?.subjectFrom).toMatch(/^NameID urn:oasis:names:tc:SAML:2.0:nameid-format:persistent/);
  const oidc = { protocol: 'oidc', preset: 'entra' } as const;
  const settings = { issuer: 'https://op.example', clientId: 'c-1' };
  expect(decideTrustSource({ ...oidc, settings })?.subjectFrom).toBe('sub (client_id c-1)');
  const tenant = { kind: 'entra', tenantId: 'x', subject: 'oid' };
  expect(decideTrustSource({ ...oidc, settings: { ...settings, tenant } })).toEqual({
    ...{ keysFrom: 'https://op.example', signer: null, subjectFrom: 'oid (client_id c-1)' },
  });
  expect(decideTrustSource({ protocol: 'ldap', preset: 'generic', settings: {} })).toBeUndefined();
});
