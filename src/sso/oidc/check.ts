import type { Check } from '../sign-in.ts';
import type { OidcReason } from './reasons.ts';

/** Clocks of other systems may differ by this much. */
export const skewMs = 120_000;

export interface OidcCheck extends Check {
  readonly rule: OidcReason;
}

/** One rule and how it went; leaves out what is not there. */
export function check(rule: OidcReason, passed: boolean, expected: string, found?: string): OidcCheck {
  return found === undefined ? { rule, passed, expected } : { rule, passed, expected, found };
}

/** An instant of a token, in seconds since 1970, for people. */
export function shown(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'unreadable' : date.toISOString();
}
