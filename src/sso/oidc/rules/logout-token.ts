import { check, type OidcCheck, shown, skewMs } from '../check.ts';
import { numberOf, textOf } from '../claims.ts';
import type { OidcConnection } from '../connection.ts';
import type { SignedToken } from '../signature.ts';
import { checkOrigin } from './id-token.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** Back-Channel Logout 1.0 §2.4 recommends two minutes; a token is remembered as long as it could be taken. */
export const longestLife = 10 * 60_000;
/** §2.4: explicit typing is recommended, and many providers do without. */
const types = ['logout+jwt', 'jwt'];
const longestId = 1_000;

/** Holds a logout token whose signature holds against Back-Channel Logout 1.0 §2.6. Pure. */
export function checkLogoutToken(facts: {
  readonly token: SignedToken;
  readonly connection: OidcConnection;
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly now: number;
}): OidcCheck[] {
  const { token, now } = facts;
  const { claims, type } = token;
  const [iat, exp, jti] = [numberOf(claims, 'iat'), numberOf(claims, 'exp'), textOf(claims, 'jti')];
  const isTimely =
    iat !== undefined && iat * 1000 <= now + skewMs && iat * 1000 >= now - longestLife - skewMs;
  const isNamed = textOf(claims, 'sub') !== undefined || textOf(claims, 'sid') !== undefined;
  return [
    check('logout_type', type === undefined || types.includes(typeName(type)), 'logout+jwt', type),
    ...checkOrigin(facts),
    check('issued_at', isTimely, `within ten minutes of ${shown(now / 1000)}`, shown(iat)),
    check(
      'expired',
      exp !== undefined && now - skewMs < exp * 1000,
      `after ${shown(now / 1000)}`,
      shown(exp),
    ),
    check('logout_subject', isNamed, 'sub or sid'),
    check('logout_event', isLogout(claims.events), logoutEvent),
    // §2.6 step 7: so that no ID Token can be passed off as one.
    check('logout_nonce', !('nonce' in claims), 'no nonce'),
    check('logout_id', jti !== undefined && jti.length <= longestId, 'a jti'),
  ];
}

/** RFC 7515 §4.1.9: `application/` may stand in front; media types ignore case. */
function typeName(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

function isLogout(events: unknown): boolean {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, logoutEvent)) return false;
  const event = (events as Record<string, unknown>)[logoutEvent];
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}
