/**
 * The value of a cookie in a request's Cookie header (RFC 6265 §4.2.1), or undefined. Of several with one
 * name the first counts, as browsers send the most specific one first (RFC 6265 §5.4).
 */
export function findCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && trimBlanks(pair.slice(0, equals)) === name) return trimBlanks(pair.slice(equals + 1));
  }
  return undefined;
}

/** Takes SP and HTAB away, which RFC 6265 §2.2 calls optional white space, and no other character. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

export interface HostCookie {
  /** Starts with `__Host-`. */
  name: string;
  /** Base64url or another text of cookie octets (RFC 6265 §4.1.1). */
  value: string;
  /** Undefined: until the browser is closed. */
  maxAgeSeconds: number | undefined;
  /** Kept apart by the site on top (CHIPS), so that it works in a frame where third-party cookies do not. */
  partitioned: boolean;
  /** `None` where it must work inside the frame of another site. */
  sameSite: 'None' | 'Lax' | 'Strict';
}

/**
 * A Set-Cookie header for a `__Host-` cookie: browsers take it only over a trustworthy connection, for this
 * very host and every path (RFC 6265bis §4.1.3.2). Scripts never see it.
 */
export function serializeHostCookie(cookie: HostCookie): string {
  const { name, value, maxAgeSeconds, partitioned, sameSite } = cookie;
  if (!/^__Host-[A-Za-z0-9_-]+$/.test(name) || !/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value)) {
    throw new TypeError('A cookie has a name or a value that cannot be written');
  }
  const parts = [
    `${name}=${value}`,
    'Path=/',
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
    'Secure',
    'HttpOnly',
    `SameSite=${sameSite}`,
  ];
  if (partitioned) parts.push('Partitioned');
  return parts.join('; ');
}
