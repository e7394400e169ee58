import { isRefusedAddress } from '../../lti/lms/token-fault.ts';
import { DomainError } from '../../platform/errors.ts';
import { check, type OidcCheck } from './check.ts';
import type { OidcReason } from './reasons.ts';

/** A sign-in that cannot go on; turned into a result by the front. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: OidcReason;
  /** What the rule asks for. */
  readonly expected: string;
  /** What was there instead: codes and names of algorithms, no personal data. */
  readonly found: string | undefined;

  constructor(reason: OidcReason, expected: string, found?: string, options?: ErrorOptions) {
    super(`${reason}: expected ${expected}`, options);
    this.reason = reason;
    this.expected = expected;
    this.found = found;
  }

  /** The broken rule, as a page of checks shows it. */
  check(): OidcCheck {
    return check(this.reason, false, this.expected, this.found);
  }
}

/** Answers that came and cannot be what was asked for. */
const unusable = /^outbound_(answer_invalid|too_large|encoding_refused|body_invalid)$/;

/**
 * The refusal for a call that the outbound guard gave up.
 *
 * @throws the error itself where it is none of the guard's
 */
export function refusedCall(
  error: unknown,
  expected: string,
  reasons: { unreachable: OidcReason; invalid: OidcReason },
): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof DomainError) || !error.code.startsWith('outbound_')) throw error;
  const { code } = error;
  const reason = isRefusedAddress(code)
    ? 'address_refused'
    : code === 'outbound_tls_failed'
      ? 'tls_failed'
      : unusable.test(code)
        ? reasons.invalid
        : reasons.unreachable;
  return new Refusal(reason, expected, code, { cause: error });
}
