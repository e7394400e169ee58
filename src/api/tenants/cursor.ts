import { z } from 'zod';
import { DomainError } from '../../platform/errors.ts';

/** Where a page has ended: the last row's key of the order, and the slug, which tells rows with one key apart. */
export interface Cursor {
  key: string;
  slug: string;
}

const written = z.tuple([z.string(), z.string()]);

/** A cursor as a caller hands it back; what is in it is not theirs to know. */
export function writeCursor({ key, slug }: Cursor): string {
  return Buffer.from(JSON.stringify([key, slug])).toString('base64url');
}

/** @throws DomainError input `cursor_invalid` */
export function readCursor(text: string): Cursor {
  try {
    const [key, slug] = written.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { key, slug };
  } catch (cause) {
    const message = 'This is no place in the list. Give what the page before gave as "next", or nothing.';
    throw new DomainError('input', 'cursor_invalid', message, { cause });
  }
}
