import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readCertificate } from '../../../src/sso/saml/certificate.ts';
import { presets } from '../../../src/sso/saml/presets.ts';
import { isSamlReason, samlReason, samlReasons } from '../../../src/sso/saml/reasons.ts';
import { createSelfSigned } from '../../../src/sso/saml/self-signed.ts';

test('every reason says what to do, to an engineer and to a help desk', () => {
  for (const code of samlReasons) {
    const { advice, helpDesk, specification } = samlReason(code);
    for (const text of [advice, helpDesk]) expect(text).toMatch(/^\p{Lu}.{20,}\.$/u);
    expect(specification).not.toBe('');
    expect(helpDesk, code).not.toMatch(/Assertion|Audience|Issuer|NameID|XML|SHA-1|InResponseTo/);
  }
  expect(isSamlReason('replay')).toBe(true);
  expect(isSamlReason('constructor')).toBe(false);
});

test('no preset takes an e-mail address, a user name or a reassignable name for the key of a person', () => {
  for (const { mapping, otherSubjects } of Object.values(presets)) {
    for (const source of [mapping.subject, ...otherSubjects]) {
      const names = source.from === 'name_id' ? source.formats : source.names;
      expect(names.join(' ')).not.toMatch(
        /mail|upn|eduPersonPrincipalName|5923\.1\.1\.1\.6$|transient|unspecified/i,
      );
      expect(names.filter((name) => (mapping.email as readonly string[]).includes(name))).toEqual([]);
    }
  }
});

test('a weak or unreadable certificate is refused with what to give instead', async () => {
  const weak = createSelfSigned({
    commonName: 'weak',
    validFrom: new Date('2026-01-01'),
    validTo: new Date('2050-01-01'),
    modulusLength: 1024,
  });
  await expect(weak).rejects.toMatchObject({ code: 'certificate_weak' });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  for (const text of ['', 'hello', spki]) {
    expect(() => readCertificate(text)).toThrow(expect.objectContaining({ code: 'certificate_unreadable' }));
  }
});

test('our own certificate is read with its dates, also beyond 2049', async () => {
  const [validFrom, validTo] = [new Date('2026-11-21T00:00:00Z'), new Date('2051-11-21T00:00:00Z')];
  const { certificate } = await createSelfSigned({
    commonName: 'Gatehouse',
    validFrom,
    validTo,
    modulusLength: 2048,
  });
  expect(certificate).toMatchObject({ subject: 'CN=Gatehouse', validFrom, validTo });
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.base64}\n-----END CERTIFICATE-----\n`;
  expect(readCertificate(pem).fingerprint).toBe(certificate.fingerprint);
});
