import { deepLinkingReasons } from './reasons/deep-linking.ts';
import type { LmsFamily, ReasonEntry } from './reasons/entry.ts';
import { loginReasons } from './reasons/login.ts';
import { messageReasons } from './reasons/message.ts';
import { outboundReasons } from './reasons/outbound.ts';
import { registrationReasons } from './reasons/registration.ts';
import { tokenReasons } from './reasons/token.ts';

export type { LmsFamily, ReasonEntry, ReasonOutcome, ReasonTextGroup, Turn } from './reasons/entry.ts';

const catalogue = {
  ...loginReasons,
  ...tokenReasons,
  ...messageReasons,
  ...outboundReasons,
  ...deepLinkingReasons,
  ...registrationReasons,
} as const;

/** Stable codes: they stand in traces, reports and alerts, so that a published one never changes its meaning. */
export type ReasonCode = keyof typeof catalogue;

export interface Reason extends ReasonEntry {
  readonly code: ReasonCode;
}

/** Every code of the catalogue. */
export const reasonCodes = Object.keys(catalogue) as readonly ReasonCode[];

/** What is known about one reason. */
export function reason(code: ReasonCode): Reason {
  return { code, ...catalogue[code] };
}

/** Narrows stored text to a code of the catalogue. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(catalogue, text);
}

/** Advice for an engineer, in English: the general one, and then what differs for the LMS family. */
export function adviceFor(code: ReasonCode, family: LmsFamily): string {
  const entry: ReasonEntry = catalogue[code];
  const more = family === 'generic' ? undefined : entry.adviceByFamily?.[family];
  return more === undefined ? entry.advice : `${entry.advice} ${more}`;
}
