import { z } from 'zod';
import { DomainError } from '../platform/errors.ts';

/** Where a page has ended: the last row's key of the order, and what tells rows with one key apart. */
export interface Place {
  key: string;
  id: string;
}

/** PostgreSQL takes no NUL in a text, and UTF-8 has no half of a surrogate pair. */
const kept = z.string().refine((text) => !text.includes('\0') && text.isWellFormed());
const written = z.tuple([kept, kept]);

/** A place as a caller hands it back; what is in it is not theirs to know. */
export function writePlace({ key, id }: Place): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

/** @returns undefined where the list begins at its first row. @throws DomainError input `cursor_invalid` */
export function readPlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined;
  try {
    const [key, id] = written.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { key, id };
  } catch (cause) {
    throw cursorInvalid(cause);
  }
}

export function cursorInvalid(cause?: unknown): DomainError {
  const message = 'This is no place in the list. Give what the page before gave as "next", or nothing.';
  return new DomainError('input', 'cursor_invalid', message, { cause });
}
