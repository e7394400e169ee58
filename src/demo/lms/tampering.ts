import type { LtiClaims } from './claims.ts';
import { ltiClaim } from './claims.ts';
import type { SigningOptions } from './id-token.ts';
import type { KeyRing } from './signing-keys.ts';
import { createSigningKey } from './signing-keys.ts';

/** A change to one launch. `claims` sees the honest claims and returns the ones to sign. */
export interface Tampering {
  claims?: (claims: LtiClaims) => LtiClaims;
  signing?: (keys: KeyRing) => SigningOptions | Promise<SigningOptions>;
  /** Replaces the whole id_token. */
  token?: string;
  /** Changes the authentication response's form fields; `undefined` leaves a field out. */
  fields?: (fields: Record<string, string>) => Record<string, string | undefined>;
}

/** Launches a tool must refuse: the certification suite's list, and forged signatures. */
export const knownBadLaunches: Readonly<Record<string, Tampering>> = {
  'no kid': { signing: () => ({ header: { kid: undefined } }) },
  'wrong kid': { signing: () => ({ header: { kid: 'not-a-published-key' } }) },
  'wrong version': set(ltiClaim('version'), '11.3'),
  'no version': remove(ltiClaim('version')),
  'not an LTI token': { claims: () => ({ name: 'badltilaunch' }) },
  'no LTI claims': { claims: withoutLtiClaims },
  'issued in the future': { claims: (claims) => ({ ...claims, iat: seconds(claims.iat) + 3600 }) },
  'issued long ago': {
    claims: (claims) => ({ ...claims, iat: seconds(claims.iat) - 86400 }),
  },
  expired: {
    claims: (claims) => ({ ...claims, iat: seconds(claims.iat) - 7200, exp: seconds(claims.iat) - 3600 }),
  },
  'no expiry': remove('exp'),
  'no issue time': remove('iat'),
  'no message type': remove(ltiClaim('message_type')),
  'unknown message type': set(ltiClaim('message_type'), 'LtiBakeCakeRequest'),
  'no roles': remove(ltiClaim('roles')),
  'no deployment': remove(ltiClaim('deployment_id')),
  'no resource link': remove(ltiClaim('resource_link')),
  'no resource link id': set(ltiClaim('resource_link'), { title: 'A link without an id' }),
  'no target link': remove(ltiClaim('target_link_uri')),
  'no subject': remove('sub'),
  'no nonce': remove('nonce'),
  'wrong nonce': set('nonce', 'another-nonce'),
  'wrong issuer': set('iss', 'https://another-lms.example'),
  'issuer with a slash': { claims: (claims) => ({ ...claims, iss: `${claims.iss}/` }) },
  'wrong audience': set('aud', 'another-client'),
  'untrusted second audience': { claims: (claims) => ({ ...claims, aud: [claims.aud, 'another-client'] }) },
  'wrong authorized party': { claims: (claims) => ({ ...claims, azp: 'another-client' }) },
  'unsigned (alg none)': { signing: () => ({ algorithm: 'none' }) },
  'HS256 with the public key': { signing: () => ({ algorithm: 'HS256' }) },
  'signed by another key': {
    signing: async (keys) => ({ key: await createSigningKey(keys.current().kid) }),
  },
  'key in the header': {
    signing: async () => {
      const key = await createSigningKey();
      return { key, header: { jwk: key.publicJwk } };
    },
  },
  'key address in the header': { signing: () => ({ header: { jku: 'https://attacker.example/jwks.json' } }) },
  'certificate address in the header': {
    signing: () => ({ header: { x5u: 'https://attacker.example/cert.pem' } }),
  },
  'certificate in the header': { signing: () => ({ header: { x5c: ['MIIB'] } }) },
  'critical header extension': { signing: () => ({ header: { crit: ['b64'], b64: true } }) },
};

/** Launches a tool must accept: the certification suite's list. */
export const mustAcceptLaunches: Readonly<Record<string, Tampering>> = {
  normal: {},
  'several roles': {
    claims: (claims) => ({
      ...claims,
      [ltiClaim('roles')]: [
        ...(claims[ltiClaim('roles')] as string[]),
        'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Observer',
      ],
    }),
  },
  'short role': set(ltiClaim('roles'), ['Learner']),
  'unknown role': set(ltiClaim('roles'), ['http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper']),
  'no role at all': set(ltiClaim('roles'), []),
  'e-mail only': removeAll('name', 'given_name', 'family_name'),
  'names only': removeAll('email'),
  'no personal data': removeAll('name', 'given_name', 'family_name', 'email'),
  'e-mail without a context': removeAll('name', 'given_name', 'family_name', ltiClaim('context')),
};

function set(name: string, value: unknown): Tampering {
  return { claims: (claims) => ({ ...claims, [name]: value }) };
}

function remove(name: string): Tampering {
  return removeAll(name);
}

function removeAll(...names: string[]): Tampering {
  return {
    claims: (claims) => Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name))),
  };
}

function withoutLtiClaims(claims: LtiClaims): LtiClaims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !name.startsWith(ltiClaim(''))));
}

function seconds(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
