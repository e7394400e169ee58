import { DomainError } from '../../platform/errors.ts';
import type { OutboundResponse } from '../../platform/outbound/fetch.ts';
import { answerInvalid } from './call-failure.ts';
import { findNextPage } from './link-header.ts';

export interface PageOptions<T> {
  first: string;
  /** Reads one entry; undefined where it is none. */
  read(entry: unknown): T | undefined;
  mostEntries: number;
  /** The entries of a page; a page is itself a list where nothing is said. */
  listOf?(response: OutboundResponse): unknown[];
  /** Fetches one page, a success. */
  fetch(url: string): Promise<OutboundResponse>;
}

const mostPages = 1_000;
/** Of all pages together: what many large ones hold must fit into the memory of a copy, several times over. */
const mostBytes = 32 * 1024 * 1024;

/**
 * Every entry of a paged container (AGS 2.0 §3.2.4, §3.3.5). Entries that cannot be read are left out: one odd column
 * must not hide the others. What lies beyond the most entries is not read.
 *
 * @throws DomainError `lms_answer_invalid` where a page is no list, or pages go in a circle, to another origin, or on
 *   beyond all measure; what `fetch` throws
 */
export async function readPages<T>(options: PageOptions<T>): Promise<T[]> {
  const { first, read, mostEntries, fetch, listOf: entriesOf = listOf } = options;
  const entries: T[] = [];
  const seen = new Set<string>();
  let url: string | undefined = first;
  let bytes = 0;
  while (url !== undefined && entries.length < mostEntries) {
    if (seen.size >= mostPages || seen.has(url)) throw answerInvalid();
    seen.add(url);
    const response = await fetch(url);
    bytes += response.body.length;
    if (bytes > mostBytes) throw answerInvalid();
    for (const entry of entriesOf(response)) {
      const value = read(entry);
      if (value !== undefined) entries.push(value);
    }
    url = asSecureAs(first, findNextPage(response.headers.link, url));
    // The token goes where the launches said, and nowhere else.
    if (url !== undefined && new URL(url).origin !== new URL(first).origin) throw answerInvalid();
  }
  return entries.slice(0, mostEntries);
}

/**
 * An LMS behind a proxy that ends TLS may write its own addresses with http: what comes after a page over https is asked
 * for over https as well.
 */
export function asSecureAs(first: string, next: string | undefined): string | undefined {
  if (next === undefined || new URL(first).protocol !== 'https:') return next;
  const address = new URL(next);
  // Another scheme than http is none the token goes to; the origin tells.
  if (address.protocol === 'http:') address.protocol = 'https:';
  return address.href;
}

function listOf(response: OutboundResponse): unknown[] {
  const body = jsonOf(response);
  if (Array.isArray(body)) return body;
  throw answerInvalid();
}

/** The body of an answer. @throws DomainError `lms_answer_invalid` */
export function jsonOf(response: OutboundResponse): unknown {
  try {
    return response.json();
  } catch (error) {
    throw error instanceof DomainError ? answerInvalid(error) : error;
  }
}
