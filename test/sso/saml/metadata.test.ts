import { beforeAll, describe, expect, test } from 'vitest';
import { planCertificateWarnings, warningKey } from '../../../src/sso/saml/certificate-warnings.ts';
import { findMetadataChanges } from '../../../src/sso/saml/metadata/difference.ts';
import { readIdentityProvider } from '../../../src/sso/saml/metadata/identity-provider.ts';
import { describeServiceProvider } from '../../../src/sso/saml/metadata/service-provider.ts';
import { signDocument } from '../../../src/sso/saml/signature/sign.ts';
import { verifySigned } from '../../../src/sso/saml/signature/verify.ts';
import { messageLimits } from '../../../src/sso/saml/xml/limits.ts';
import { parseXml } from '../../../src/sso/saml/xml/parse.ts';
import { descendantsOf } from '../../../src/sso/saml/xml/read.ts';
import { Xml } from '../../../src/sso/saml/xml/write.ts';
import { own, type TestKey, trusted } from './support/keys.ts';
import { createWorld, noon, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

interface Described {
  entityId?: string;
  keys?: TestKey[];
  around?: string;
  role?: string;
  location?: string;
  extensions?: string;
}

function entity({
  entityId = 'https://idp.example/entity',
  keys = [world.keys.active],
  ...more
}: Described = {}) {
  const descriptors = keys.map(
    ({ certificate }, index) =>
      `<md:KeyDescriptor${index === 0 ? ' use="signing"' : ''}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>\n${certificate.base64.replace(/(.{64})/g, '$1\n')}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  );
  const encryption = `<md:KeyDescriptor use="encryption"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${world.keys.stranger.certificate.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings';
  const { location = 'https://idp.example/sso', around = '', role = '', extensions = '' } = more;
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_${entityId.length}" entityID="${entityId}"${around}><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol"${role}><md:Extensions>${extensions}</md:Extensions>${descriptors.join('')}${encryption}<md:SingleLogoutService Binding="${bindings}:HTTP-POST" Location="https://idp.example/slo" ResponseLocation="https://idp.example/slo/done"/><md:SingleSignOnService Binding="${bindings}:SOAP" Location="https://idp.example/soap"/><md:SingleSignOnService Binding="${bindings}:HTTP-Redirect" Location="${location}"/></md:IDPSSODescriptor></md:EntityDescriptor>`;
}

const aggregate = (inside: string, attributes = '') =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all"${attributes}>${inside}</md:EntitiesDescriptor>`;

function read(text: string, more: Partial<Parameters<typeof readIdentityProvider>[0]> = {}) {
  return readIdentityProvider({ bytes: Buffer.from(text), now: noon, ...more });
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'read';
}

describe('metadata of an identity provider', () => {
  test('gives names, addresses that we can use, signing certificates and scopes', () => {
    const { active, next } = world.keys;
    const extensions =
      '<shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="false">north.example</shibmd:Scope><shibmd:Scope xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" regexp="true">(a+)+$</shibmd:Scope><mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"><mdui:DisplayName xml:lang="de">Nord</mdui:DisplayName><mdui:DisplayName xml:lang="en">North</mdui:DisplayName></mdui:UIInfo>';
    expect(read(entity({ keys: [active, next], extensions }))).toEqual({
      entityId: 'https://idp.example/entity',
      displayName: 'North',
      singleSignOn: [{ binding: 'redirect', location: 'https://idp.example/sso' }],
      singleLogout: [
        {
          binding: 'post',
          location: 'https://idp.example/slo',
          responseLocation: 'https://idp.example/slo/done',
        },
      ],
      certificates: [active.certificate, next.certificate].map((certificate) =>
        expect.objectContaining({ fingerprint: certificate.fingerprint, validTo: new Date('2045-01-01') }),
      ),
      wantsSignedRequests: true,
      scopes: ['north.example'],
      patternScopes: ['(a+)+$'],
      validUntil: undefined,
      refreshAt: new Date(noon + 86_400_000),
    });
  });

  test('of a federation is read for one entity, which has to be named and there once', () => {
    const both = aggregate(
      entity() + aggregate(entity({ entityId: 'https://b.example' }), '').replace('_all', '_in'),
    );
    expect(read(both, { entityId: 'https://b.example' }).entityId).toBe('https://b.example');
    expect(codeOf(() => read(both))).toBe('metadata_entity');
    expect(codeOf(() => read(both, { entityId: 'https://c.example' }))).toBe('metadata_entity');
    expect(codeOf(() => read(entity(), { entityId: 'https://c.example' }))).toBe('metadata_entity');
    expect(read(aggregate(entity())).entityId).toBe('https://idp.example/entity');
  });

  test('has to be signed by the pinned key where one is pinned', () => {
    const { stranger, retired } = world.keys;
    const signed = signDocument(new Xml(entity()), '_26', own(stranger, 'active')).text;
    const by = (key: TestKey, state: 'active' | 'retired', text = signed) =>
      codeOf(() => read(text, { signers: [trusted(key, state)] }));
    expect(by(stranger, 'active')).toBe('read');
    expect(by(stranger, 'retired')).toBe('metadata_signature');
    expect(by(retired, 'active')).toBe('metadata_signature');
    expect(by(stranger, 'active', entity())).toBe('metadata_signature');
    expect(by(stranger, 'active', signed.replace('idp.example/sso', 'evil.example/sso'))).toBe(
      'metadata_signature',
    );
    expect(by(stranger, 'active', aggregate(signed))).toBe('metadata_signature');
  });

  test('counts no longer than everything around it says', () => {
    const until = (at: string) => ` validUntil="${at}"`;
    const [past, soon, late] = ['2026-11-21T12:00:00Z', '2026-11-21T13:00:00Z', '2026-12-01T00:00:00Z'].map(
      until,
    );
    for (const text of [
      entity({ around: past! }),
      entity({ role: past! }),
      aggregate(entity({ around: late! }), past),
    ]) {
      expect(codeOf(() => read(text))).toBe('metadata_expired');
    }
    expect(codeOf(() => read(entity({ around: until('soon') })))).toBe('metadata_expired');
    const { validUntil, refreshAt } = read(aggregate(entity({ around: soon! }), late));
    expect([validUntil, refreshAt]).toEqual([new Date(noon + 3_600_000), new Date(noon + 3_600_000)]);
  });

  test.each([
    ['PT6H', 6 * 60],
    ['PT1S', 10],
    ['P30D', 24 * 60],
    ['P1Y', 24 * 60],
  ])('with cacheDuration %s is asked for again after %i minutes', (duration, minutes) => {
    const { refreshAt } = read(entity({ around: ` cacheDuration="${duration}"` }));
    expect(refreshAt).toEqual(new Date(noon + minutes * 60_000));
  });

  test.each([
    ['<html/>', 'metadata_unreadable'],
    ['no XML', 'metadata_unreadable'],
    ['<!DOCTYPE md:EntityDescriptor><x/>', 'metadata_unreadable'],
    [
      '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
      'metadata_entity',
    ],
  ])('%s is none', (text, code) => {
    expect(codeOf(() => read(text))).toBe(code);
  });

  test('without a certificate, or with an address that is a script, it is not enough', () => {
    expect(codeOf(() => read(entity({ keys: [] })))).toBe('metadata_incomplete');
    expect(codeOf(() => read(entity({ location: 'javascript:alert(1)' })))).toBe('metadata_incomplete');
  });
});

test('what would change is said thing by thing, and the order of lists is nothing', () => {
  const { active, next, retired } = world.keys;
  const before = read(entity({ keys: [active, retired] }));
  expect(findMetadataChanges(before, read(entity({ keys: [retired, active] })))).toEqual([]);
  const after = read(entity({ keys: [active, next], location: 'https://new.example/sso' }));
  expect(findMetadataChanges(before, after)).toEqual([
    { kind: 'certificate_added', certificate: after.certificates[1] },
    { kind: 'certificate_removed', certificate: before.certificates[1] },
    {
      kind: 'sign_on_address',
      before: ['redirect https://idp.example/sso'],
      after: ['redirect https://new.example/sso'],
    },
  ]);
  expect(findMetadataChanges(before, { ...before, entityId: 'x', scopes: ['s.example'] })).toMatchObject([
    { kind: 'entity_id', after: 'x' },
    { kind: 'scopes', before: [], after: ['s.example'] },
  ]);
});

test('our metadata names the keys in use and to come, and can be signed', () => {
  const { signing, next, retired, decryption } = world.keys;
  const serviceProvider = {
    ...world.connection.serviceProvider,
    signingKeys: [own(next, 'next'), own(retired, 'retired'), own(signing, 'active')],
  };
  const text = describeServiceProvider({ ...world.connection, serviceProvider }, { signed: true });
  const root = parseXml(text);
  const certificates = descendantsOf(root, 'metadata', 'KeyDescriptor').map((descriptor) => [
    descriptor.getAttribute('use'),
    descendantsOf(descriptor, 'signature', 'X509Certificate')[0]?.textContent,
  ]);
  expect(certificates).toEqual([
    ['signing', signing.certificate.base64],
    ['signing', next.certificate.base64],
    ['encryption', decryption.certificate.base64],
  ]);
  const signed = verifySigned(root, [trusted(signing, 'active')], messageLimits);
  expect(signed?.getAttribute('entityID')).toBe('https://hub.example/t/north/saml/1');
  expect(text).toContain('WantAssertionsSigned="true"');
  expect(text).toContain('Location="https://hub.example/t/north/saml/1/acs" index="0" isDefault="true"');
  expect(describeServiceProvider(world.connection)).not.toContain('<ds:SignatureValue>');
});

describe('warnings before a certificate ends', () => {
  const day = 86_400_000;
  const ending = (days: number, state: 'active' | 'next' | 'retired' = 'active') => ({
    fingerprint: 'f',
    state,
    validTo: new Date(noon + days * day),
  });

  test.each([
    [61, []],
    [60, [60]],
    [31, [60]],
    [30, [30]],
    [14, [14]],
    [7, [7]],
    [1, [1]],
    [0.1, [1]],
  ])('%d days before: %j', (days, expected) => {
    const warnings = planCertificateWarnings([ending(days)], [], new Set(), noon);
    expect(warnings).toEqual(expected.map((limit) => ({ kind: 'expires', fingerprint: 'f', days: limit })));
  });

  test('each is given once, the end itself as well, and none for a retired certificate', () => {
    const [warning] = planCertificateWarnings([ending(10)], [], new Set(), noon);
    expect(planCertificateWarnings([ending(9)], [], new Set([warningKey(warning!)]), noon)).toEqual([]);
    expect(planCertificateWarnings([ending(0)], [], new Set(), noon)).toEqual([
      { kind: 'expired', fingerprint: 'f' },
    ]);
    expect(planCertificateWarnings([ending(3, 'retired')], [], new Set(), noon)).toEqual([]);
  });

  test('an end inside a term is told as soon as it is known', () => {
    const term = { name: 'Spring', startsAt: new Date(noon + 80 * day), endsAt: new Date(noon + 200 * day) };
    const inside = (days: number) => planCertificateWarnings([ending(days)], [term], new Set(), noon);
    expect(inside(100)).toEqual([{ kind: 'inside_term', fingerprint: 'f', term: 'Spring' }]);
    expect([...inside(79), ...inside(201)]).toEqual([]);
  });
});
