import { DomainError } from '../platform/errors.ts';
import { parseReference } from '../platform/http/reference.ts';

/** A reference as people type it. @throws DomainError input `reference_invalid` */
export function readReference(typed: string): string {
  const reference = parseReference(typed);
  if (reference !== undefined) return reference;
  const message = 'A reference is eight letters and digits, such as K7QF-2M9D.';
  throw new DomainError('input', 'reference_invalid', message);
}
