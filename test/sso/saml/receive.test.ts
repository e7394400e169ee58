import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SamlConnection } from '../../../src/sso/saml/connection.ts';
import { receiveResponse, refuseAsReplay } from '../../../src/sso/saml/saml.ts';
import { signByHand } from './support/hand-signer.ts';
import { honest, instant, type Said, writeAssertion, writeResponse } from './support/idp.ts';
import { signElement } from './support/signer.ts';
import { byActive, createWorld, noon, receive, tell, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const reasonOf = (result: ReturnType<typeof receive>) => (result.accepted ? 'accepted' : result.reason);
const told = (lies: Partial<Said>, connection: Partial<SamlConnection> = {}) =>
  reasonOf(receive(world, tell(world, lies), { connection }));

test('a signed assertion gives the person, the key for one-time use, and every rule that was looked at', () => {
  const result = receive(world, tell(world, { assertionId: '_a' }));
  expect(result).toMatchObject({
    accepted: true,
    signedIn: {
      issuer: 'https://idp.example/entity',
      subject: 'amara-7f3c',
      name: 'Amara Nwosu',
      email: 'amara@north.example',
      groups: ['teachers', 'staff'],
      endsAt: new Date(noon + 8 * 3_600_000),
      partnerSession: { nameId: 'amara-7f3c', sessionIndex: 's-1' },
    },
    oneTime: { id: '_a', expires: new Date(noon + 300_000 + 60_000) },
  });
  expect(result.checks.map(({ rule }) => rule)).toEqual([
    'signature',
    ...['version', 'status', 'destination', 'unsolicited', 'request_connection', 'request_expired'],
    ...['version', 'issuer', 'issue_instant', 'audience', 'condition'],
    ...['subject_confirmation', 'recipient', 'in_response_to', 'not_before', 'not_on_or_after'],
    ...['authn_instant', 'session_not_on_or_after', 'name_id', 'subject'],
  ]);
});

test('every rule is looked at, and the first that is broken decides', () => {
  const result = receive(world, tell(world, { recipient: 'https://evil.example', audiences: [] }));
  expect(reasonOf(result)).toBe('audience');
  expect(result.checks.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([
    'audience',
    'recipient',
  ]);
});

test('a message that was used before becomes a refusal with its checks', () => {
  const result = receive(world, tell(world));
  expect(refuseAsReplay(result)).toMatchObject({ accepted: false, reason: 'replay' });
  expect(refuseAsReplay(result).checks.at(-1)).toMatchObject({ rule: 'replay', passed: false });
});

test('a form without the field is refused', () => {
  const { connection, request, now } = world;
  expect(receiveResponse({ connection, request, now, fields: {} })).toMatchObject({
    reason: 'message_missing',
  });
});

describe('signatures', () => {
  const rsa = (bits: string) => `http://www.w3.org/2001/04/xmldsig-more#rsa-sha${bits}`;

  test.each(['256', '384', '512'])('RSA with SHA-%s counts', (bits) => {
    const signAssertion = { ...byActive(world), algorithm: rsa(bits) };
    expect(reasonOf(receive(world, tell(world, {}, { signAssertion })))).toBe('accepted');
  });

  test.each([
    ['256', 'P-256'],
    ['384', 'P-384'],
  ])('ECDSA with SHA-%s counts, for a key of its kind only', (bits, namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const algorithm = `http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha${bits}`;
    const [some] = world.connection.identityProvider.certificates;
    const certificates = [{ ...some!, state: 'active' as const, key: publicKey }];
    const identityProvider = { ...world.connection.identityProvider, certificates };
    const xml = tell(world, {}, { signAssertion: { key: privateKey, algorithm } });
    expect(reasonOf(receive(world, xml, { connection: { identityProvider } }))).toBe('accepted');
    expect(reasonOf(receive(world, xml))).toBe('signature');
  });

  test.each(['sha384', 'sha512'])('a digest of %s counts', (name) => {
    const digests = {
      sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
      sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
    };
    const signAssertion = { ...byActive(world), digest: digests[name as keyof typeof digests] };
    expect(reasonOf(receive(world, tell(world, {}, { signAssertion })))).toBe('accepted');
  });

  test('the next certificate counts already, a retired one is told from a stranger', () => {
    const { next, retired, stranger } = world.keys;
    const by = (key: typeof next) =>
      reasonOf(receive(world, tell(world, {}, { signAssertion: { key: key.privateKey } })));
    expect([by(next), by(retired), by(stranger)]).toEqual(['accepted', 'certificate_retired', 'signature']);
  });

  test('a signed Response vouches for an assertion without a signature, and both may be signed', () => {
    const signResponse = byActive(world);
    expect(reasonOf(receive(world, tell(world, {}, { signResponse })))).toBe('accepted');
    expect(reasonOf(receive(world, tell(world, {}, { signResponse, signAssertion: signResponse })))).toBe(
      'accepted',
    );
  });

  test('a list of inclusive prefixes counts as it was signed', () => {
    const said = { ...honest(world.target), advice: '<!-- left out by canonicalisation -->' };
    const xml = writeResponse(said, writeAssertion(said));
    for (const id of [said.assertionId, said.responseId]) {
      const signed = signByHand(xml, id, world.keys.active.privateKey, ['xs', 'samlp']);
      expect(reasonOf(receive(world, signed))).toBe('accepted');
      expect(reasonOf(receive(world, signed.replace('"xs samlp"', '"xs"')))).toBe('signature');
    }
  });

  test('prefixes mean nothing: an assertion in a default namespace counts, as Entra ID writes it', () => {
    const said = honest(world.target);
    const assertion = writeAssertion(said)
      .replaceAll('xmlns:saml=', 'xmlns=')
      .replaceAll(/(<\/?)saml:/g, '$1');
    const signed = signElement(assertion, said.assertionId, byActive(world));
    expect(reasonOf(receive(world, writeResponse(said, signed)))).toBe('accepted');
    const response = writeResponse(said, signed).replace('<saml:Issuer', '<saml:Issuer xmlns="urn:other"');
    expect(reasonOf(receive(world, response))).toBe('accepted');
    expect(reasonOf(receive(world, response.replace('amara', 'intruder')))).toBe('signature');
  });

  test('a comment inside NameID cuts nothing off', () => {
    const xml = tell(world).replace('amara-7f3c', 'amara-<!-- x -->7f3c');
    const result = receive(world, xml);
    expect(result.accepted && result.signedIn.subject).toBe('amara-7f3c');
  });

  test('the errors of an identity provider need no signature and carry their codes', () => {
    const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder';
    const xml = tell(world, { status }).replace(/<saml:Assertion.*<\/saml:Assertion>/s, '');
    const result = receive(world, xml);
    expect(reasonOf(result)).toBe('status');
    expect(result.checks.find(({ rule }) => rule === 'status')?.found).toBe(status);
    const empty = tell(world).replace(/<saml:Assertion.*<\/saml:Assertion>/s, '');
    expect(reasonOf(receive(world, empty))).toBe('assertion_count');
  });
});

describe('encryption', () => {
  const pack = (encrypt: object, signed: 'assertion' | 'response') => ({
    ...(signed === 'assertion' ? { signAssertion: byActive(world) } : { signResponse: byActive(world) }),
    encrypt: { to: [world.keys.decryption.certificate.key], ...encrypt },
  });

  test.each([
    [{}, 'assertion', 'accepted'],
    [{ content: 'aes-128-gcm', transport: 'oaep-sha256' }, 'assertion', 'accepted'],
    [{ keyPlace: 'beside' }, 'assertion', 'accepted'],
    [{ content: 'aes-256-gcm' }, 'response', 'accepted'],
    [{ content: 'aes-128-cbc' }, 'response', 'accepted'],
    [{ content: 'aes-256-cbc' }, 'response', 'accepted'],
    [{ content: 'aes-256-cbc' }, 'assertion', 'encryption'],
    [{ transport: 'rsa-1_5' }, 'response', 'encryption'],
  ] as const)('%j in a message whose %s is signed: %s', (encrypt, signed, outcome) => {
    expect(reasonOf(receive(world, tell(world, {}, pack(encrypt, signed))))).toBe(outcome);
  });

  test('each decryption key is tried, a retired one as well', () => {
    const encrypt = { to: [world.keys.oldDecryption.certificate.key] };
    expect(reasonOf(receive(world, tell(world, {}, pack(encrypt, 'assertion'))))).toBe('accepted');
  });

  test('whatever is wrong inside a ciphertext looks the same', () => {
    const xml = tell(world, {}, pack({}, 'assertion'));
    const broken = [...xml.matchAll(/<xenc:CipherValue>/g)].map(({ index, 0: tag }) => {
      const at = index + tag.length + 60;
      return xml.slice(0, at) + (xml[at] === 'A' ? 'B' : 'A') + xml.slice(at + 1);
    });
    const checks = broken.map((text) => receive(world, text)).map((result) => result.checks);
    expect(checks).toHaveLength(2);
    expect(checks[0]).toEqual(checks[1]);
  });
});

describe('times hold to the second, with the skew of the connection', () => {
  const at = (seconds: number) => instant(noon + seconds * 1000);

  test.each([
    ['notBefore', 60, 'accepted'],
    ['notBefore', 61, 'not_before'],
    ['notOnOrAfter', -59, 'accepted'],
    ['notOnOrAfter', -60, 'not_on_or_after'],
    ['confirmationNotOnOrAfter', -59, 'accepted'],
    ['confirmationNotOnOrAfter', -60, 'not_on_or_after'],
    ['sessionNotOnOrAfter', -59, 'accepted'],
    ['sessionNotOnOrAfter', -60, 'session_not_on_or_after'],
    ['authnInstant', 60, 'accepted'],
    ['authnInstant', 61, 'authn_instant'],
    ['issueInstant', 60, 'accepted'],
    ['issueInstant', 61, 'issue_instant'],
  ] as const)('%s at %i s: %s', (field, seconds, outcome) => {
    expect(told({ [field]: at(seconds) })).toBe(outcome);
  });

  test('a connection may ask for less and for no more than three minutes', () => {
    expect(told({ notBefore: at(1) }, { skewSeconds: 0 })).toBe('not_before');
    expect(told({ notBefore: at(180) }, { skewSeconds: 3_600 })).toBe('accepted');
    expect(told({ notBefore: at(181) }, { skewSeconds: 3_600 })).toBe('not_before');
  });

  test('an answer after its request had expired is refused', () => {
    const request = { ...world.request, expiresAt: new Date(noon - 60_000) };
    expect(reasonOf(receive(world, tell(world), { request }))).toBe('request_expired');
  });
});

describe('requests', () => {
  const nobodyAsked = { responseInResponseTo: undefined, inResponseTo: undefined };
  const unasked = (lies: Partial<Said>, allowUnsolicited: boolean) =>
    reasonOf(receive(world, tell(world, lies), { request: undefined, connection: { allowUnsolicited } }));

  test('an answer that nobody asked for counts only where the connection allows it', () => {
    expect(unasked(nobodyAsked, false)).toBe('unsolicited');
    expect(unasked(nobodyAsked, true)).toBe('accepted');
  });

  test('an answer to a request that is not this browser’s never counts as one that nobody asked for', () => {
    expect(unasked({}, true)).toBe('in_response_to');
    expect(unasked({ responseInResponseTo: undefined }, true)).toBe('in_response_to');
    expect(unasked({ inResponseTo: undefined }, true)).toBe('in_response_to');
  });

  test('a request of another connection is refused', () => {
    const request = { ...world.request, connectionId: 'connection-2' };
    expect(reasonOf(receive(world, tell(world), { request }))).toBe('request_connection');
  });

  test('with ForceAuthn the person has to have signed in after the request', () => {
    const request = { ...world.request, forceAuthn: true };
    const since = (seconds: number) => {
      const authnInstant = instant(request.issuedAt.getTime() + seconds * 1000);
      return reasonOf(receive(world, tell(world, { authnInstant }), { request }));
    };
    expect([since(-60), since(-61)]).toEqual(['accepted', 'authn_instant']);
  });

  test('a class of authentication that was asked for has to be the one that was used', () => {
    const strong = 'https://refeds.org/profile/mfa';
    const request = { ...world.request, requestedAuthnContext: [strong] };
    expect(reasonOf(receive(world, tell(world), { request }))).toBe('authn_context');
    expect(reasonOf(receive(world, tell(world, { contextClass: strong }), { request }))).toBe('accepted');
  });
});
