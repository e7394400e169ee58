import type { Request, Response } from 'express';

/** A page of a list, as far as the query's `limit` and `page` go. */
export interface Page<Entry> {
  entries: readonly Entry[];
  /** The query's `page` of the rest, where there is one. */
  next: number | undefined;
}

/**
 * Cuts a page out. A platform may give fewer entries than asked for (AGS 2.0 §3.2).
 *
 * @returns undefined for a query that makes no sense
 */
export function findPage<Entry>(
  all: readonly Entry[],
  query: Request['query'],
  most: number,
): Page<Entry> | undefined {
  const limit = query.limit === undefined ? most : readNumber(query.limit);
  const page = query.page === undefined ? 1 : readNumber(query.page);
  if (limit === undefined || page === undefined) return undefined;
  const size = Math.min(limit, most);
  const end = page * size;
  return { entries: all.slice(end - size, end), next: end < all.length ? page + 1 : undefined };
}

/** Names the next page (RFC 8288), with the query as it came. */
export function linkNext(request: Request, response: Response, baseUrl: string, next?: number): void {
  if (next === undefined) return;
  const url = new URL(request.originalUrl, baseUrl);
  url.searchParams.set('page', String(next));
  response.set('Link', `<${url.href}>; rel="next"`);
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined;
}
