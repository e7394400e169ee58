import type { Protocol } from './identities/identity.ts';
import { isLdapReason, ldapReason } from './ldap/reasons.ts';
import { isOidcReason, oidcReason } from './oidc/reasons.ts';
import type { SignInReasonEntry } from './reasons/entry.ts';
import { sharedReasons } from './reasons/every-way.ts';
import { isSamlReason, samlReason } from './saml/reasons.ts';

/** One reason of any protocol. The same code may stand in several protocols, each with its own specification. */
export interface SignInReason extends SignInReasonEntry {
  readonly code: string;
}

export type SharedReason = keyof typeof sharedReasons;

/** What is known about a reason, by the protocol it was met in. */
export function signInReason(protocol: Protocol, code: string): SignInReason {
  const reason = findSignInReason(protocol, code);
  if (reason === undefined) throw new TypeError(`No reason "${code}" is known for ${protocol}`);
  return reason;
}

/** As `signInReason`; undefined for a code that this version of the hub does not know. */
export function findSignInReason(protocol: string, code: string): SignInReason | undefined {
  if (isShared(code)) return { code, ...sharedReasons[code] };
  if (protocol === 'saml' && isSamlReason(code)) return samlReason(code);
  if (protocol === 'oidc' && isOidcReason(code)) return oidcReason(code);
  if (protocol === 'ldap' && isLdapReason(code)) return ldapReason(code);
  return undefined;
}

function isShared(code: string): code is SharedReason {
  return Object.hasOwn(sharedReasons, code);
}
