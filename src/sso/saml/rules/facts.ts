import type { Check } from '../../sign-in.ts';
import type { Assertion } from '../assertion.ts';
import type { SamlConnection, StoredRequest } from '../connection.ts';
import type { SamlReason } from '../reasons.ts';

/** The Response around an assertion. Where it is unsigned, these may refuse and never help. */
export interface ResponseFields {
  readonly signed: boolean;
  readonly version: string | undefined;
  readonly issuer: string | undefined;
  readonly destination: string | undefined;
  readonly inResponseTo: string | undefined;
  /** Top-level status code, and the one inside it. */
  readonly status: string | undefined;
  readonly subStatus: string | undefined;
}

/** Everything that decides about a sign-in. */
export interface Facts {
  readonly assertion: Assertion;
  readonly response: ResponseFields;
  readonly connection: SamlConnection;
  readonly request: StoredRequest | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  /** Milliseconds. */
  readonly skew: number;
}

export interface SamlCheck extends Check {
  readonly rule: SamlReason;
}

/** One rule and how it went; leaves out what is not there. */
export function check(
  rule: SamlReason,
  passed: boolean,
  expected: string,
  found: string | readonly (string | undefined)[] | undefined,
): SamlCheck {
  const seen = (Array.isArray(found) ? found : [found]).filter((value) => value !== undefined).join(', ');
  return seen === '' ? { rule, passed, expected } : { rule, passed, expected, found: seen };
}

/** An instant for people; what could not be read is said as such. */
export function shown(at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  return Number.isNaN(at) ? 'unreadable' : new Date(at).toISOString();
}
