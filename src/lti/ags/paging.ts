import { z } from 'zod';
import { parseInput } from '../../platform/input.ts';

/** A filter; an empty one filters nothing. */
export const filter = z
  .string()
  .max(1_000)
  .optional()
  .transform((text) => (text === '' ? undefined : text));

/** AGS 2.0 §3.2.4, §3.3.6. `after` is the hub's own: the key of the last entry of the page before. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, { error: 'Give a whole number above 0.' })
    .transform(Number)
    .optional(),
  after: filter,
};

/** @throws DomainError input `query_invalid` */
export function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  return parseInput(schema, query, 'query_invalid');
}

export interface Page<Entry> {
  entries: Entry[];
  /** The key to go on after; undefined on the last page. */
  next: string | undefined;
}

/**
 * Takes a page out of entries in the order of their keys. The key says where it goes on, not a count: what is added or
 * taken away in between moves nothing from one page to another.
 *
 * @param limit what the caller asks for; `most` is what it gets
 */
export function planPage<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  { limit, after, most }: { limit?: number | undefined; after?: string | undefined; most: number },
): Page<Entry> {
  const sorted = entries
    .filter((entry) => after === undefined || keyOf(entry) > after)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const size = Math.min(limit ?? most, most);
  const page = sorted.slice(0, size);
  const last = page.at(-1);
  return { entries: page, next: sorted.length > size && last !== undefined ? keyOf(last) : undefined };
}

/**
 * The `Link` header to the next page (RFC 8288). It holds every filter, since tools follow it as it is (AGS 2.0
 * §3.2.4).
 */
export function nextLink(
  address: string,
  query: Readonly<Record<string, string | number | undefined>>,
  next: string,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, after: next })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `<${address}?${parameters}>; rel="next"`;
}
