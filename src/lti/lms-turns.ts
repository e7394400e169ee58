import { DomainError } from '../platform/errors.ts';
import { createTurns, type TurnLimits, type Turns } from '../platform/turns.ts';

/** Turns of calls to LMSs that tools make. `take` throws DomainError upstream `lms_unavailable` for those that are too many. */
export function createLmsTurns(limits: Omit<TurnLimits, 'refusal'>): Turns {
  return createTurns({ ...limits, refusal });
}

function refusal(): DomainError {
  const message = 'Too many calls wait for this LMS. Try again shortly.';
  return new DomainError('upstream', 'lms_unavailable', message);
}
