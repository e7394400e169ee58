import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

export interface Consumer {
  clientId: string;
  clientSecret: string;
}

/** How far the caller's clock may be off. */
const leewayMs = 5 * 60_000;
const hashes: Readonly<Record<string, string>> = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' };

export interface SignedCalls {
  /** Whether the call is signed by the consumer, now, and for the first time. RFC 5849 §3.2. */
  check(request: Request, baseUrl: string, now: number): boolean;
}

/** Calls signed by OAuth 1.0a, as 1.1, security wants them. */
export function createSignedCalls({ clientId, clientSecret }: Consumer): SignedCalls {
  const used = new Map<string, number>();
  return {
    check(request, baseUrl, now) {
      const given = readAuthorization(request.get('authorization') ?? '');
      const hash = hashes[given.get('oauth_signature_method') ?? ''];
      const [nonce = '', stamp = ''] = [given.get('oauth_nonce'), given.get('oauth_timestamp')];
      if (given.get('oauth_consumer_key') !== clientId || hash === undefined || nonce === '') return false;
      if (!/^\d+$/.test(stamp) || Math.abs(Number(stamp) * 1000 - now) > leewayMs) return false;
      // §3.3: a nonce counts once for its timestamp.
      for (const [old, at] of used) if (now - at > 2 * leewayMs) used.delete(old);
      if (used.has(`${stamp} ${nonce}`)) return false;
      used.set(`${stamp} ${nonce}`, now);
      const expected = createHmac(hash, `${percentEncoded(clientSecret)}&`)
        .update(baseOf(request, baseUrl, given))
        .digest();
      const signature = Buffer.from(given.get('oauth_signature') ?? '', 'base64');
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    },
  };
}

/** §3.5.1: names and values are encoded, values stand in quotes. */
function readAuthorization(header: string): Map<string, string> {
  const found = new Map<string, string>();
  if (!/^OAuth\s/i.test(header)) return found;
  for (const [, name = '', value = ''] of header.matchAll(/([^\s=,]+)="([^"]*)"/g)) {
    found.set(decodeURIComponent(name), decodeURIComponent(value));
  }
  return found;
}

/** §3.4.1. */
function baseOf(request: Request, baseUrl: string, given: ReadonlyMap<string, string>): string {
  const [path = '', query = ''] = request.originalUrl.split('?');
  const parameters = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [name, value].map((text) => percentEncoded(decodeURIComponent(text.replaceAll('+', ' '))));
    });
  for (const [name, value] of given) {
    // §3.4.1.3.1: neither the realm nor the signature itself.
    if (name !== 'realm' && name !== 'oauth_signature')
      parameters.push([percentEncoded(name), percentEncoded(value)]);
  }
  const lines = parameters.map(([name, value]) => ({ name: name ?? '', value: value ?? '' }));
  lines.sort(
    (a, b) =>
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) ||
      Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)),
  );
  const normalised = lines.map(({ name, value }) => `${name}=${value}`).join('&');
  const address = `${new URL(baseUrl).origin}${path}`;
  return `${request.method}&${percentEncoded(address)}&${percentEncoded(normalised)}`;
}

/** §3.6. */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
