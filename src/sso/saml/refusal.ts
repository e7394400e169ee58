import type { SamlReason } from './reasons.ts';
import { check, type SamlCheck } from './rules/facts.ts';

/** A message that cannot be read or trusted; turned into a result by the front, before any rule is looked at. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: SamlReason;
  /** What the rule asks for. */
  readonly expected: string;
  /** What was there instead: names of elements and algorithms, no personal data. */
  readonly found: string | undefined;

  constructor(reason: SamlReason, expected: string, found?: string) {
    super(`${reason}: expected ${expected}`);
    this.reason = reason;
    this.expected = expected;
    this.found = found;
  }

  /** The broken rule, as a page of checks shows it. */
  check(): SamlCheck {
    return check(this.reason, false, this.expected, this.found);
  }
}
