import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPeer } from '../packages.ts';
import { type SimpleSaml, simplesamlPackages, startSimpleSaml } from './start.ts';

const missing = await installPeer(simplesamlPackages);
if (missing !== undefined) console.warn(`SimpleSAMLphp is not tested: ${missing}.`);

describe.skipIf(missing !== undefined)('SimpleSAMLphp', () => {
  let idp: SimpleSaml;
  beforeAll(async () => {
    idp = await startSimpleSaml();
  });
  afterAll(() => idp?.stop());

  const metadata = async () => {
    const response = await fetch(idp.metadataUrl);
    expect(response.status).toBe(200);
    return response.text();
  };
  const certificates = async () =>
    [...(await metadata()).matchAll(/use="signing"[\s\S]*?<ds:X509Certificate>([^<]*)/g)].map(
      ([, text]) => text,
    );

  test('it answers its metadata', async () => {
    const text = await metadata();
    expect(text).toContain(`entityID="${idp.entityId}"`);
    expect(text).toContain(`Location="${idp.baseUrl}/saml2/idp/SSOService.php"`);
  });

  test('somebody signs in with name and password for a service provider that was registered, and for no other', async () => {
    const entityId = 'https://hub.school.example/saml/test';
    await idp.register(
      'test',
      `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
        <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
          <AssertionConsumerService index="0" Location="https://hub.school.example/acs"
            Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
        </SPSSODescriptor>
      </EntityDescriptor>`,
    );
    const begin = (id: string) =>
      fetch(`${idp.baseUrl}/saml2/idp/SSOService.php?spentityid=${encodeURIComponent(id)}`, {
        redirect: 'manual',
      });
    expect((await begin('https://stranger.example/')).headers.get('location')).toBeNull();
    const known = await begin(entityId);
    const form = known.headers.get('location') ?? '';
    expect(form).toContain('/module.php/core/loginuserpass.php?AuthState=');
    const cookie = known.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const fields = {
      username: 'student1',
      password: 'pw',
      AuthState: new URL(form).searchParams.get('AuthState') ?? '',
    };
    const signedIn = await fetch(form, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams(fields),
    });
    const answer = /name="SAMLResponse" value="([^"]+)"/.exec(await signedIn.text())?.[1] ?? '';
    const assertion = Buffer.from(answer, 'base64').toString();
    expect(assertion).toContain(`<saml:Audience>${entityId}</saml:Audience>`);
    // mail, by its object identifier.
    expect(assertion).toContain('Name="urn:oid:0.9.2342.19200300.100.1.3"');
  });

  test('its certificate is rolled over in three steps', async () => {
    const [first] = await certificates();
    await idp.rollOver('next');
    const both = await certificates();
    expect(both).toHaveLength(2);
    expect(both).toContain(first);
    await idp.rollOver('swap');
    expect((await certificates()).sort()).toEqual([...both].sort());
    await idp.rollOver('drop');
    const last = await certificates();
    expect(last).toHaveLength(1);
    expect(last).not.toContain(first);
  });
});
