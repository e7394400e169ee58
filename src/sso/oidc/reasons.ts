import type { SignInReasonEntry } from '../reasons/entry.ts';
import { answerReasons } from './reasons/answer.ts';
import { providerReasons } from './reasons/provider.ts';
import { tokenReasons } from './reasons/token.ts';

const catalogue = { ...answerReasons, ...providerReasons, ...tokenReasons } as const;

/** Stable codes: they stand in traces, reports and alerts, so that a published one never changes its meaning. */
export type OidcReason = keyof typeof catalogue;

/** Every code of the catalogue. */
export const oidcReasons = Object.keys(catalogue) as readonly OidcReason[];

/** What is known about one reason. */
export function oidcReason(code: OidcReason): SignInReasonEntry & { readonly code: OidcReason } {
  return { code, ...catalogue[code] };
}

/** Narrows stored text to a code of the catalogue. */
export function isOidcReason(text: string): text is OidcReason {
  return Object.hasOwn(catalogue, text);
}
