import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import { z } from 'zod';
import { DomainError } from '../../platform/errors.ts';

/** Claim names of LTI Core. */
const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim/';

/** The claims of every message that the sample tool relies on. LTI 1.3 Core §5.3. */
const commonClaims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nonce: z.string(),
  name: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  email: z.string().optional(),
  locale: z.string().optional(),
  [`${claim}version`]: z.literal('1.3.0'),
  [`${claim}deployment_id`]: z.string().min(1).max(255),
  [`${claim}context`]: z
    .looseObject({ id: z.string(), label: z.string().optional(), title: z.string().optional() })
    .optional(),
});

const launchClaims = z.discriminatedUnion(`${claim}message_type`, [
  commonClaims.extend({
    [`${claim}message_type`]: z.literal('LtiResourceLinkRequest'),
    sub: z.string().min(1).max(255),
    [`${claim}target_link_uri`]: z.string(),
    [`${claim}roles`]: z.array(z.string()),
    [`${claim}resource_link`]: z.looseObject({
      id: z.string().min(1).max(255),
      title: z.string().optional(),
    }),
  }),
  // Deep Linking 2.0 §4.4: nobody and no roles need be named.
  commonClaims.extend({
    [`${claim}message_type`]: z.literal('LtiDeepLinkingRequest'),
    [`${deepLinking}deep_linking_settings`]: z.looseObject({
      deep_link_return_url: z.string(),
      accept_types: z.array(z.string()),
    }),
  }),
]);

/** Claims of a verified launch, as they came. */
export type VerifiedClaims = Record<string, unknown>;

export type Verification =
  | { kind: 'verified'; claims: VerifiedClaims }
  /** `check` is stable and names what failed; no claim values. */
  | { kind: 'refused'; check: string };

export interface Expectation {
  issuer: string;
  clientId: string;
  nonce: string;
  /** Unix milliseconds. */
  now: number;
}

/** Answers with the platform's key set; `fresh` asks for one that is not cached. */
export type KeySetSource = (fresh: boolean) => Promise<JSONWebKeySet>;

/** Verifies an id_token as a Tool must. Security Framework 1.0 §5.1.3, LTI 1.3 Core §5.3. */
export async function verifyIdToken(
  token: string,
  expected: Expectation,
  keySet: KeySetSource,
): Promise<Verification> {
  const header = findHeader(token);
  if (!header) return refused('format');
  // Security Framework §5.1.3: RS256 whatever the token proposes, and a key that the platform publishes.
  if (header.alg !== 'RS256') return refused('alg');
  if (typeof header.kid !== 'string') return refused('kid');
  // Security Framework §5.4: nothing in the token says where its key is, or how else to read it.
  const forbidden = ['crit', 'jku', 'jwk', 'x5u', 'x5c'].find((name) => name in header);
  if (forbidden !== undefined) return refused(forbidden);
  try {
    const published = (await keySet(false)).keys.some(({ kid }) => kid === header.kid);
    const keys = createLocalJWKSet(await keySet(!published));
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: expected.issuer,
      audience: expected.clientId,
      requiredClaims: ['exp', 'iat', 'nonce'],
      maxTokenAge: '5m',
      clockTolerance: 60,
      currentDate: new Date(expected.now),
    });
    const parsed = launchClaims.safeParse(payload);
    if (!parsed.success) return refused(String(parsed.error.issues[0]?.path[0] ?? 'claims'));
    return checkParties(parsed.data, expected);
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
      return refused(error.claim);
    }
    if (error instanceof errors.JWKSNoMatchingKey) return refused('kid');
    if (error instanceof errors.JOSEError) return refused('signature');
    if (error instanceof DomainError && error.kind === 'upstream') return refused(error.code);
    throw error;
  }
}

function checkParties(claims: z.infer<typeof launchClaims>, expected: Expectation): Verification {
  // Security Framework §5.1.3: no audience that the tool does not trust; azp, where present, is the tool.
  if (Array.isArray(claims.aud) && claims.aud.length > 1) return refused('aud');
  if (claims.azp !== undefined && claims.azp !== expected.clientId) return refused('azp');
  if (claims.nonce !== expected.nonce) return refused('nonce');
  return { kind: 'verified', claims };
}

function findHeader(token: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

function refused(check: string): Verification {
  return { kind: 'refused', check };
}
