import { lineItemUnknown } from '../../grades/line-items.ts';
import { DomainError } from '../../platform/errors.ts';

/** What people call the service of an LMS. */
type LmsService = 'gradebook' | 'class list';

/**
 * Asks an LMS for a tool, and tells a failure in words for the tool: nothing of the LMS's addresses and answers is in
 * them.
 *
 * @throws DomainError upstream `lms_unavailable`, `lms_misconfigured`, `lms_answer_invalid`, `lms_refused`; forbidden or
 *   input `lms_refused` where that is what the LMS says; not_found `line_item_unknown`
 */
export async function askLms<T>(ask: () => Promise<T>, service: LmsService = 'gradebook'): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw (error instanceof DomainError ? inWordsForTools(error, service) : undefined) ?? error;
  }
}

function inWordsForTools(cause: DomainError, service: LmsService): DomainError | undefined {
  switch (cause.code) {
    case 'lms_unavailable':
      return new DomainError(
        'upstream',
        'lms_unavailable',
        'The LMS of this school does not answer. Try again.',
        {
          cause,
        },
      );
    case 'lms_answer_invalid':
      return new DomainError(
        'upstream',
        'lms_answer_invalid',
        `The ${service} of this school’s LMS answers what its specification does not allow.`,
        { cause },
      );
    case 'lms_misconfigured':
      return new DomainError(
        'upstream',
        'lms_misconfigured',
        `The LMS of this school does not let the hub at its ${service}. Its administrator has to mend that.`,
        { cause, details: { reason: cause.details?.reason } },
      );
    case 'lms_refused':
      return refused(cause, service);
    case 'lms_line_item_gone':
      return lineItemUnknown();
    default:
      return undefined;
  }
}

function refused(cause: DomainError, service: LmsService): DomainError {
  const status = statusOf(cause);
  if (status === 403) {
    const message = 'The LMS of this school does not allow this in this course.';
    return new DomainError('forbidden', 'lms_refused', message, { cause });
  }
  if (status === 400 || status === 422) {
    const what = service === 'gradebook' ? 'line item. Check its values' : 'question';
    const message = `The LMS of this school does not take this ${what}.`;
    return new DomainError('input', 'lms_refused', message, { cause });
  }
  return new DomainError('upstream', 'lms_refused', 'The LMS of this school says no.', {
    cause,
    details: { status },
  });
}

/** What the LMS answered with, where a call failed for that. */
export function statusOf(error: unknown): number | undefined {
  const status = error instanceof DomainError ? error.details?.status : undefined;
  return typeof status === 'number' ? status : undefined;
}
