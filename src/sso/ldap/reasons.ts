import type { SignInReasonEntry } from '../reasons/entry.ts';
import { directoryReasons } from './reasons/directory.ts';
import { accountReasons, strangerReasons } from './reasons/person.ts';

const catalogue = { ...strangerReasons, ...accountReasons, ...directoryReasons } as const;

/** Stable codes: they stand in traces, reports and alerts, so that a published one never changes its meaning. */
export type LdapReason = keyof typeof catalogue;

/** Every code of the catalogue. */
export const ldapReasons = Object.keys(catalogue) as readonly LdapReason[];

/** What is known about one reason. */
export function ldapReason(code: LdapReason): SignInReasonEntry & { readonly code: LdapReason } {
  return { code, ...catalogue[code] };
}

/** Narrows stored text to a code of the catalogue. */
export function isLdapReason(text: string): text is LdapReason {
  return Object.hasOwn(catalogue, text);
}

/** What only somebody hears who has the right password. */
export function isAfterPassword(reason: LdapReason): boolean {
  return Object.hasOwn(accountReasons, reason);
}
