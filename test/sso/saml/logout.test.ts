import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SamlConnection } from '../../../src/sso/saml/connection.ts';
import { answerLogout, receiveLogout, startLogout } from '../../../src/sso/saml/logout/logout.ts';
import type { Outgoing } from '../../../src/sso/saml/message.ts';
import { startSignIn } from '../../../src/sso/saml/saml.ts';
import { verifyQuery, writeQuery } from '../../../src/sso/saml/signature/query.ts';
import { verifySigned } from '../../../src/sso/saml/signature/verify.ts';
import { messageLimits } from '../../../src/sso/saml/xml/limits.ts';
import { parseXml } from '../../../src/sso/saml/xml/parse.ts';
import { own, trusted } from './support/keys.ts';
import { createWorld, noon, type World } from './support/world.ts';

let world: World;
/** The same connection seen from the other side: what we receive there, it sends. */
let mirror: SamlConnection;
beforeAll(async () => {
  world = await createWorld();
  const { identityProvider: idp, serviceProvider: sp } = world.connection;
  mirror = {
    ...world.connection,
    identityProvider: {
      ...idp,
      entityId: sp.entityId,
      singleLogout: [{ binding: 'redirect', location: sp.sloUrl }],
      certificates: [trusted(world.keys.signing, 'active')],
    },
    serviceProvider: {
      ...sp,
      entityId: idp.entityId,
      sloUrl: 'https://idp.example/slo',
      signingKeys: [own(world.keys.active, 'active')],
    },
  };
});

const session = {
  nameId: 'amara & 7f3c',
  format: 'urn:x',
  nameQualifier: 'https://idp.example',
  sessionIndex: 's-1',
};
const post = (connection: SamlConnection): SamlConnection => {
  const { identityProvider: idp } = connection;
  const singleLogout = idp.singleLogout.map((endpoint) => ({ ...endpoint, binding: 'post' as const }));
  return { ...connection, identityProvider: { ...idp, singleLogout } };
};
const queryOf = ({ url }: Outgoing) => url.slice(url.indexOf('?') + 1);
const inputOf = (outgoing: Outgoing) =>
  outgoing.binding === 'redirect'
    ? { binding: 'redirect' as const, query: queryOf(outgoing) }
    : { binding: 'post' as const, fields: outgoing.fields };
/** A signed LogoutRequest of the identity provider. */
const theirs = (how: 'redirect' | 'post' = 'redirect', now = noon) =>
  startLogout(how === 'post' ? post(mirror) : mirror, session, { now, relayState: 'opaque handle' })!;
const receive = (outgoing: Outgoing, connection: Partial<SamlConnection> = {}, now = noon) =>
  receiveLogout(inputOf(outgoing), { ...world.connection, ...connection }, undefined, now);
const reasonOf = (result: ReturnType<typeof receive>) => (result.accepted ? 'accepted' : result.reason);

describe('a request of the identity provider', () => {
  test.each(['redirect', 'post'] as const)('names the session, over %s', (how) => {
    const { outgoing, stored } = theirs(how);
    expect(receive(outgoing)).toMatchObject({
      accepted: true,
      kind: 'request',
      id: stored.id,
      nameId: { value: 'amara & 7f3c', format: 'urn:x', nameQualifier: 'https://idp.example' },
      sessionIndexes: ['s-1'],
      relayState: 'opaque handle',
      oneTime: { id: stored.id, expires: new Date(noon + 660_000) },
    });
  });

  test('is answered with a signature to the same session of messages', () => {
    const { outgoing, stored } = theirs();
    const request = receive(outgoing);
    if (!request.accepted || request.kind !== 'request') throw new Error('refused');
    for (const ours of [world.connection, post(world.connection)]) {
      const answer = answerLogout(ours, request, 'ended', noon)!;
      const there = receiveLogout(inputOf(answer), mirror, stored, noon);
      expect(there).toMatchObject({
        accepted: true,
        kind: 'response',
        complete: true,
        relayState: 'opaque handle',
      });
    }
  });

  test('is refused by name when it is not signed, by nobody known, or with a retired key', () => {
    const signedBy = (key: World['keys']['active'] | undefined) => {
      const query = queryOf(theirs().outgoing);
      const message = decodeURIComponent(/SAMLRequest=([^&]*)/.exec(query)![1]!);
      const written = writeQuery('SAMLRequest', message, undefined, key && own(key, 'active'));
      return reasonOf(receive({ binding: 'redirect', url: `?${written}` }));
    };
    const { retired, stranger, next } = world.keys;
    expect([undefined, stranger, retired, next].map(signedBy)).toEqual([
      'signature_missing',
      'signature',
      'certificate_retired',
      'accepted',
    ]);
    const { outgoing } = theirs('post');
    const fields = outgoing.binding === 'post' ? outgoing.fields : {};
    const xml = Buffer.from(fields.SAMLRequest!, 'base64')
      .toString()
      .replace(/<ds:Signature.*<\/ds:Signature>/s, '');
    const unsigned = { ...fields, SAMLRequest: Buffer.from(xml).toString('base64') };
    expect(reasonOf(receive({ binding: 'post', url: '', fields: unsigned }))).toBe('signature_missing');
  });

  test.each([
    ['another issuer', () => ({ serviceProvider: { ...mirror.serviceProvider, entityId: 'x' } }), 'issuer'],
    [
      'another destination',
      () => ({
        identityProvider: {
          ...mirror.identityProvider,
          singleLogout: [{ binding: 'redirect', location: 'https://x.example' }],
        },
      }),
      'destination',
    ],
  ] as const)('with %s is refused', (_, lies, reason) => {
    const sent = startLogout({ ...mirror, ...lies() } as SamlConnection, session, { now: noon })!;
    expect(reasonOf(receive(sent.outgoing))).toBe(reason);
  });

  test.each([
    [-660, 'issue_instant'],
    [-659, 'accepted'],
    [60, 'accepted'],
    [61, 'issue_instant'],
  ] as const)('made at %i s: %s', (seconds, outcome) => {
    expect(reasonOf(receive(theirs('redirect', noon + seconds * 1000).outgoing))).toBe(outcome);
  });

  test('that inflates to a great deal is given up', () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000, ' ')).toString('base64');
    const query = writeQuery('SAMLRequest', bomb, undefined, own(world.keys.active, 'active'));
    expect(reasonOf(receive({ binding: 'redirect', url: `?${query}` }))).toBe('message_too_large');
  });
});

describe('a response of the identity provider', () => {
  test('counts only for the open logout of this browser and this connection', () => {
    const ours = startLogout(world.connection, session, { now: noon })!;
    const answer = answerLogout(mirror, { id: ours.stored.id, relayState: undefined }, 'partly', noon)!;
    const judge = (stored: typeof ours.stored | undefined, now = noon) =>
      reasonOf(receiveLogout(inputOf(answer), world.connection, stored, now));
    expect(judge(ours.stored)).toBe('accepted');
    expect(judge(undefined)).toBe('in_response_to');
    expect(judge({ ...ours.stored, id: '_other' })).toBe('in_response_to');
    expect(judge({ ...ours.stored, connectionId: 'other' })).toBe('request_connection');
    expect(judge({ ...ours.stored, expiresAt: new Date(noon - 60_000) })).toBe('request_expired');
  });
});

test('a logout that cannot be asked for is not begun', () => {
  const { identityProvider } = world.connection;
  const silent = { ...world.connection, identityProvider: { ...identityProvider, singleLogout: [] } };
  expect(startLogout(silent, session, { now: noon })).toBeUndefined();
  expect(startLogout(world.connection, undefined, { now: noon })).toBeUndefined();
});

describe('the signature of a redirect covers the octets as they came', () => {
  const certificates = () => [trusted(world.keys.signing, 'active')];
  const query = () =>
    queryOf(startLogout(world.connection, session, { now: noon, relayState: 'a b' })!.outgoing);
  const accepts = (text: string) => {
    try {
      return verifyQuery(text, certificates()).relayState;
    } catch (error) {
      return (error as { reason: string }).reason;
    }
  };

  test('whatever else stands in the query, and in any order', () => {
    expect(accepts(query())).toBe('a b');
    expect(accepts(`utm=1&${query().split('&').reverse().join('&')}`)).toBe('a b');
  });

  test('the same text encoded otherwise is another text', () => {
    expect(accepts(query().replace('RelayState=a%20b', 'RelayState=a+b'))).toBe('signature');
    expect(accepts(query().replace('RelayState=a%20b', 'RelayState=b'))).toBe('signature');
    expect(accepts(query().replace('&RelayState=a%20b', ''))).toBe('signature');
  });

  test('a parameter given twice, or under an encoded name, is refused', () => {
    expect(accepts(`${query()}&RelayState=evil`)).toBe('message_unexpected');
    expect(accepts(`${query()}&Relay%53tate=evil`)).toBe('message_unexpected');
    expect(accepts(`SAMLResponse=x&${query()}`)).toBe('message_unexpected');
  });

  test('SHA-1 is refused', () => {
    const sha1 = encodeURIComponent('http://www.w3.org/2000/09/xmldsig#rsa-sha1');
    expect(accepts(query().replace(/SigAlg=[^&]*/, `SigAlg=${sha1}`))).toBe('algorithm');
  });
});

describe('a request to sign in', () => {
  const ask = (connection: Partial<SamlConnection> = {}) =>
    startSignIn({ ...world.connection, ...connection }, { now: noon, relayState: 'handle' });

  test('goes as a redirect whose query is signed, or unsigned where the connection says so', () => {
    const { outgoing, stored } = ask({
      forceAuthn: true,
      nameIdFormat: 'urn:f',
      requestedAuthnContext: ['urn:c'],
    });
    const { message, relayState } = verifyQuery(queryOf(outgoing), [trusted(world.keys.signing, 'active')]);
    const xml = inflateRawSync(Buffer.from(message, 'base64')).toString();
    expect(relayState).toBe('handle');
    expect(xml).toContain(`ID="${stored.id}"`);
    expect(xml).toContain('ForceAuthn="true"');
    expect(xml).toContain('<samlp:NameIDPolicy Format="urn:f" AllowCreate="true"/>');
    expect(xml).toContain('<saml:AuthnContextClassRef>urn:c</saml:AuthnContextClassRef>');
    expect(xml).toContain('AssertionConsumerServiceURL="https://hub.example/t/north/saml/1/acs"');
    expect(stored).toMatchObject({
      connectionId: 'connection-1',
      forceAuthn: true,
      requestedAuthnContext: ['urn:c'],
    });
    expect(queryOf(ask({ signRequests: false }).outgoing)).not.toContain('Signature');
  });

  test('goes as a form with the signature behind the issuer where there is no redirect', () => {
    const singleSignOn = [{ binding: 'post' as const, location: 'https://idp.example/sso' }];
    const { outgoing } = ask({ identityProvider: { ...world.connection.identityProvider, singleSignOn } });
    const fields = outgoing.binding === 'post' ? outgoing.fields : {};
    const xml = Buffer.from(fields.SAMLRequest!, 'base64').toString();
    const root = parseXml(xml);
    const places = Array.from(root.childNodes, (node) => (node as Element).localName);
    expect(places.slice(0, 2)).toEqual(['Issuer', 'Signature']);
    const signed = verifySigned(root, [trusted(world.keys.signing, 'active')], messageLimits);
    expect(signed?.getAttribute('Destination')).toBe('https://idp.example/sso');
  });

  test('needs an address of the identity provider and a key of ours', () => {
    const { identityProvider, serviceProvider } = world.connection;
    expect(() => ask({ identityProvider: { ...identityProvider, singleSignOn: [] } })).toThrow(
      expect.objectContaining({ code: 'saml_endpoint_missing' }),
    );
    expect(() => ask({ serviceProvider: { ...serviceProvider, signingKeys: [] } })).toThrow(
      expect.objectContaining({ code: 'saml_key_missing' }),
    );
  });
});
