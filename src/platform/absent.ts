import { z } from 'zod';

/**
 * Whether a partner's member is as good as not there. Libraries that write every member of a class (.NET) write null or an
 * empty text for what is not set; PHP writes an empty object as an empty list.
 */
export function isNothing(value: unknown): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** An optional member of a partner's message: null, an empty text and an empty list count as absent. */
export function unlessEmpty<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (isNothing(value) ? undefined : value), schema.optional());
}
