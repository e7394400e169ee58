import type { SignInReasonEntry } from '../reasons/entry.ts';
import { connectionReasons } from './reasons/connection.ts';
import { contentReasons } from './reasons/content.ts';
import { messageReasons } from './reasons/message.ts';

const catalogue = { ...connectionReasons, ...messageReasons, ...contentReasons } as const;

/** Stable codes: they stand in traces, reports and alerts, so that a published one never changes its meaning. */
export type SamlReason = keyof typeof catalogue;

/** Every code of the catalogue. */
export const samlReasons = Object.keys(catalogue) as readonly SamlReason[];

/** What is known about one reason. */
export function samlReason(code: SamlReason): SignInReasonEntry & { readonly code: SamlReason } {
  return { code, ...catalogue[code] };
}

/** Narrows stored text to a code of the catalogue. */
export function isSamlReason(text: string): text is SamlReason {
  return Object.hasOwn(catalogue, text);
}
