import { createHash } from 'node:crypto';
import { check, type OidcCheck, shown, skewMs } from '../check.ts';
import { audiencesOf, numberOf, textOf } from '../claims.ts';
import type { OidcConnection } from '../connection.ts';
import type { SignatureAlgorithm } from '../settings.ts';
import type { SignedToken } from '../signature.ts';
import type { OidcExpectations } from '../start.ts';
import { checkPerson } from './person.ts';

/** Everything that decides about an ID Token whose signature holds. */
export interface Facts {
  readonly token: SignedToken;
  readonly connection: OidcConnection;
  readonly issuer: string;
  readonly nonce: string;
  readonly expectations: OidcExpectations;
  /** What came beside it. */
  readonly code: string;
  readonly accessToken: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Holds an ID Token against everything that is expected of it (OpenID Connect Core 1.0 §3.1.3.7). Pure: all rules are looked
 * at each time, so that a test sign-in shows every one of them; the first that is broken decides.
 */
export function checkIdToken(facts: Facts): OidcCheck[] {
  return [
    ...checkOrigin(facts),
    ...checkTimes(facts),
    checkNonce(facts),
    ...checkHashes(facts),
    ...checkAuthentication(facts),
    ...checkPerson(facts),
  ];
}

/** Steps 2 to 5; also of logout tokens (Back-Channel Logout 1.0 §2.6 steps 3 and 4). */
export function checkOrigin({
  token,
  connection,
  issuer,
}: Pick<Facts, 'token' | 'connection' | 'issuer'>): OidcCheck[] {
  const { clientId, otherAudiences } = connection.settings;
  const audiences = audiencesOf(token.claims);
  const known = [clientId, ...otherAudiences];
  const isForUs = audiences?.includes(clientId) === true && audiences.every((each) => known.includes(each));
  const party = textOf(token.claims, 'azp');
  const namesParty = 'azp' in token.claims || (audiences?.length ?? 0) > 1;
  return [
    check('issuer', textOf(token.claims, 'iss') === issuer, issuer, textOf(token.claims, 'iss')),
    check('audience', isForUs, clientId, audiences?.join(', ')),
    ...(namesParty ? [check('authorized_party', party === clientId, clientId, party)] : []),
  ];
}

/** Steps 9 and 10. A token is made when its code is used, so that an older one belongs to another sign-in. */
function checkTimes({ token, expectations, now }: Facts): OidcCheck[] {
  const { claims } = token;
  const [exp, iat, nbf] = [numberOf(claims, 'exp'), numberOf(claims, 'iat'), numberOf(claims, 'nbf')];
  const isTimely =
    iat !== undefined && iat * 1000 <= now + skewMs && iat * 1000 >= expectations.startedAt - skewMs;
  const since = shown(expectations.startedAt / 1000);
  return [
    check(
      'expired',
      exp !== undefined && now - skewMs < exp * 1000,
      `after ${shown(now / 1000)}`,
      shown(exp),
    ),
    check('issued_at', isTimely, `between ${since} and ${shown(now / 1000)}`, shown(iat)),
    ...('nbf' in claims
      ? [
          check(
            'not_before',
            nbf !== undefined && nbf * 1000 <= now + skewMs,
            `not after ${shown(now / 1000)}`,
            shown(nbf),
          ),
        ]
      : []),
  ];
}

/** Step 11: the token belongs to the request of this browser. */
function checkNonce({ token, nonce }: Facts): OidcCheck {
  const found = textOf(token.claims, 'nonce');
  return check(
    'nonce',
    found === nonce,
    'the nonce of this sign-in',
    found === undefined ? undefined : 'another',
  );
}

/** §3.1.3.8 and §3.3.2.11, where the provider sends them: access token and code are those of this ID Token. */
function checkHashes({ token, accessToken, code }: Facts): OidcCheck[] {
  const { claims, algorithm } = token;
  const compare = (rule: 'access_token_hash' | 'code_hash', name: string, value: string) =>
    name in claims
      ? [check(rule, claims[name] === halfHash(value, algorithm), 'the hash of what came with it')]
      : [];
  return [...compare('access_token_hash', 'at_hash', accessToken), ...compare('code_hash', 'c_hash', code)];
}

/** The left half of the hash that the signature's algorithm uses; Ed25519 uses SHA-512. */
function halfHash(value: string, algorithm: SignatureAlgorithm): string {
  const hash = createHash(algorithm.startsWith('Ed') ? 'sha512' : `sha${algorithm.slice(2)}`)
    .update(value)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

/** Steps 12 and 13: how and when the person proved who they are. */
function checkAuthentication({ token, connection, expectations, now }: Facts): OidcCheck[] {
  const { maxAgeSeconds, prompt, acrValues } = connection.settings;
  const at = numberOf(token.claims, 'auth_time');
  const since = Math.max(
    maxAgeSeconds === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeSeconds * 1000,
    prompt === 'login' ? expectations.startedAt : Number.NEGATIVE_INFINITY,
  );
  // With max_age it has to be there (§2); with prompt=login alone providers may leave it out.
  const isAsked = maxAgeSeconds !== undefined || (prompt === 'login' && 'auth_time' in token.claims);
  const isRecent = at !== undefined && at * 1000 >= since - skewMs && at * 1000 <= now + skewMs;
  const acr = textOf(token.claims, 'acr');
  return [
    ...(isAsked ? [check('auth_time', isRecent, `after ${shown(since / 1000)}`, shown(at))] : []),
    ...(acrValues.length > 0
      ? [check('acr', acr !== undefined && acrValues.includes(acr), acrValues.join(' or '), acr)]
      : []),
  ];
}
