/** One request of a chain: the first one, or where a redirect led. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export type RedirectPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'follow'; readonly target: string; readonly headers: Hop['headers'] }
  | {
      readonly kind: 'refuse';
      readonly reason: 'not_allowed' | 'unsafe_method' | 'bad_location' | 'downgrade';
    };

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** What may follow to another origin: everything else could be a credential of the first one. */
const headersForAnyOrigin = new Set(['accept', 'accept-language']);

/**
 * Decides what an answer means for the chain. Only GET and HEAD are followed: repeating a body elsewhere
 * would send it to a server nobody named (RFC 9110 §15.4).
 */
export function planRedirect(
  hop: Hop,
  answer: { status: number; location: string | undefined },
  hopsLeft: number,
): RedirectPlan {
  if (!redirectStatuses.has(answer.status)) return { kind: 'none' };
  if (hopsLeft <= 0) return { kind: 'refuse', reason: 'not_allowed' };
  if (hop.method !== 'GET' && hop.method !== 'HEAD') return { kind: 'refuse', reason: 'unsafe_method' };
  if (answer.location === undefined || !URL.canParse(answer.location, hop.url.href)) {
    return { kind: 'refuse', reason: 'bad_location' };
  }
  const target = new URL(answer.location, hop.url);
  if (hop.url.protocol === 'https:' && target.protocol !== 'https:') {
    return { kind: 'refuse', reason: 'downgrade' };
  }
  const headers =
    target.origin === hop.url.origin
      ? hop.headers
      : Object.fromEntries(Object.entries(hop.headers).filter(([name]) => headersForAnyOrigin.has(name)));
  return { kind: 'follow', target: target.href, headers };
}
