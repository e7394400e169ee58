import { hashSecret } from '../../platform/handle.ts';
import type { OneTime } from '../requests/once-store.ts';
import type { EndedByPartner } from '../sessions/session.ts';
import type { OidcCheck } from './check.ts';
import { check, skewMs } from './check.ts';
import { type Claims, numberOf, textOf } from './claims.ts';
import type { OidcConnection } from './connection.ts';
import type { Providers } from './discovery.ts';
import type { ProviderKeys } from './keys.ts';
import type { Provider } from './provider.ts';
import type { OidcReason } from './reasons.ts';
import { Refusal } from './refusal.ts';
import { checkLogoutToken, longestLife } from './rules/logout-token.ts';
import { verifySignature } from './signature.ts';

/**
 * Where a browser goes to sign out at the provider as well (RP-Initiated Logout 1.0 §2), or undefined where the provider
 * offers nothing, or the connection does not want it.
 *
 * @param session `partnerSession` of the sign-in; its ID Token spares the person a question
 */
export function logoutAddress(
  { settings, signedOutUri }: OidcConnection,
  { endSessionEndpoint }: Provider,
  session: Readonly<Record<string, string>> | undefined,
): string | undefined {
  if (endSessionEndpoint === undefined || !settings.endSession) return undefined;
  const location = new URL(endSessionEndpoint);
  location.searchParams.set('client_id', settings.clientId);
  location.searchParams.set('post_logout_redirect_uri', signedOutUri);
  if (session?.idToken !== undefined) location.searchParams.set('id_token_hint', session.idToken);
  return location.href;
}

/** Which sessions end: those of the provider's session `index`, or all of the person `name`; both: that session alone. */
export interface EndedSessions {
  /** `sub`. */
  readonly name?: string;
  /** `sid`. */
  readonly index?: string;
}

export type ReceivedLogout =
  | {
      readonly accepted: true;
      readonly ended: EndedSessions;
      /** To be used up before anything ends: a second token with this id is a replay. */
      readonly oneTime: Omit<OneTime, 'connectionId'>;
      readonly checks: readonly OidcCheck[];
    }
  | { readonly accepted: false; readonly reason: OidcReason; readonly checks: readonly OidcCheck[] };

/** Reads, verifies and judges a logout token that a provider posted (Back-Channel Logout 1.0 §2.6). */
export async function receiveLogout(
  { providers, keys, now }: { providers: Providers; keys: ProviderKeys; now: number },
  connection: OidcConnection,
  logoutToken: string,
): Promise<ReceivedLogout> {
  try {
    const provider = await providers.find(connection);
    const token = await verifySignature(logoutToken, connection, provider, keys);
    const checks = [
      check('signature', true, 'a signature by a key of the provider', token.algorithm),
      ...checkLogoutToken({ token, connection, issuer: provider.issuer, now }),
    ];
    const broken = checks.find(({ passed }) => !passed);
    if (broken !== undefined) return { accepted: false, reason: broken.rule, checks };
    return { accepted: true, ended: endedBy(token.claims), oneTime: oneTimeOf(token.claims, now), checks };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { accepted: false, reason: error.reason, checks: [error.check()] };
  }
}

/** By `sub`, `sid` or both, which are stored as hashes: a person's one session there, all of theirs, or whoever's it was. */
export function hashEnded({ name, index }: EndedSessions): EndedByPartner | undefined {
  if (name !== undefined) {
    const partnerIndexHashes = index === undefined ? [] : [hashSecret(index)];
    return { partnerNameHash: hashSecret(name), partnerIndexHashes };
  }
  return index === undefined ? undefined : { partnerIndexHash: hashSecret(index) };
}

function endedBy(claims: Claims): EndedSessions {
  const [name, index] = [textOf(claims, 'sub'), textOf(claims, 'sid')];
  return { ...(name !== undefined && { name }), ...(index !== undefined && { index }) };
}

function oneTimeOf(claims: Claims, now: number): Omit<OneTime, 'connectionId'> {
  const issuedAt = (numberOf(claims, 'iat') ?? now / 1000) * 1000;
  const expiresAt = new Date(issuedAt + longestLife + skewMs);
  return { kind: 'logout_token', id: textOf(claims, 'jti') ?? '', expiresAt };
}
