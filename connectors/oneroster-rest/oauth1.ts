import { createHmac, randomBytes } from 'node:crypto';

/** What a request is signed with. OneRoster knows no user's token, so `token` is for completeness of the protocol. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly method: 'HMAC-SHA1' | 'HMAC-SHA256';
  readonly token?: { readonly value: string; readonly secret: string } | undefined;
}

export interface Signable {
  readonly method: string;
  readonly url: string;
  /** Parameters of a form in the body (RFC 5849 §3.4.1.3.1). */
  readonly form?: readonly (readonly [string, string])[];
}

type Parameter = readonly [name: string, value: string];

/** Percent-encoding of RFC 5849 §3.6: all but the unreserved characters of RFC 3986, with upper-case digits. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The signature base string. RFC 5849 §3.4.1. */
export function baseString({ method, url, form = [] }: Signable, oauth: readonly Parameter[]): string {
  const address = new URL(url);
  // §3.4.1.2: the host in lower case and no port that the scheme has anyway, which is how URL writes it.
  const place = `${address.protocol}//${address.host}${address.pathname}`;
  // §3.4.1.3.1: a plus in the query is a space.
  const pairs = [...address.searchParams, ...form, ...oauth].map(
    ([name, value]) => [encode(name), encode(value)] as const,
  );
  // §3.4.1.3.2: sorted by encoded name, then by encoded value, byte by byte.
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  const normalised = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  return [method.toUpperCase(), encode(place), encode(normalised)].join('&');
}

/** RFC 5849 §3.4.2, and the same with SHA-256 as OneRoster 1.1, security asks for. */
export function signature(base: string, { secret, token, method }: Credentials): string {
  const key = `${encode(secret)}&${encode(token?.secret ?? '')}`;
  return createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
    .update(base)
    .digest('base64');
}

/**
 * The Authorization header of one try of a request. RFC 5849 §3.5.1.
 *
 * @param now unix milliseconds
 */
export function authorize(
  request: Signable,
  credentials: Credentials,
  now: number,
  nonce = newNonce(),
): string {
  const oauth: Parameter[] = [
    ['oauth_consumer_key', credentials.key],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', credentials.method],
    ['oauth_timestamp', String(Math.floor(now / 1000))],
    ['oauth_version', '1.0'],
  ];
  if (credentials.token) oauth.push(['oauth_token', credentials.token.value]);
  const signed = signature(baseString(request, oauth), credentials);
  const fields = [...oauth, ['oauth_signature', signed] as const];
  return `OAuth ${fields.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(', ')}`;
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
