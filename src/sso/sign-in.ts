import type { PartnerNames } from './sessions/session.ts';

/** One rule that a sign-in was held against; what a test sign-in shows to the admin, and nobody else. */
export interface Check {
  /** Stable name of the rule: the reason code its breach is refused with. */
  readonly rule: string;
  readonly passed: boolean;
  /** What the rule asks for. */
  readonly expected?: string;
  /** What was there instead. May be personal: for pages of admins, never for logs. */
  readonly found?: string;
}

/** Whom an identity provider or a directory vouches for. */
export interface SignedIn {
  /** SAML entity id, OIDC issuer, or the name of the directory: with `subject` the key of the person's link. */
  readonly issuer: string;
  /** Never changes and is never given to another person, as far as the other side promises: no e-mail address. */
  readonly subject: string;
  /** As they came, by the other side's names. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
  /** BCP 47. */
  readonly locale?: string;
  /** Names of groups or affiliations, for the tenant's mapping to roles. */
  readonly groups: readonly string[];
  /** When the other side wants the session over (SAML SessionNotOnOrAfter). */
  readonly endsAt?: Date;
  /** What the other side calls its own session, for signing out both. */
  readonly partnerSession?: Readonly<Record<string, string>>;
}

/** How a sign-in ended: one reason code per rule broken, the first of them deciding. */
export type SignInResult<Reason extends string> =
  | { readonly accepted: true; readonly signedIn: SignedIn; readonly checks: readonly Check[] }
  | { readonly accepted: false; readonly reason: Reason; readonly checks: readonly Check[] };

/** What the other side calls somebody and its session, by which it tells that they signed out; undefined where it never does. */
export function namesOf({ subject, partnerSession }: SignedIn): PartnerNames | undefined {
  return partnerSession && { name: partnerSession.name ?? subject, index: partnerSession.index };
}
