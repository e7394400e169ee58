import type { JSONWebKeySet } from 'jose';
import { type ZodType, z } from 'zod';
import { isNothing } from './absent.ts';
import { isLoopbackHost } from './outbound/url.ts';

export interface AddressRules {
  /** Accept http:// on localhost names and loopback addresses: for demo and tests. */
  allowLoopback: boolean;
}

const longest = 2000;

/**
 * A web address of a partner, kept exactly as given, since redirect URIs and issuers are compared character by
 * character. HTTPS only (Security Framework 1.0 §3), without user name, fragment (RFC 6749 §3.1.2) or spaces.
 */
export function webAddress({ allowLoopback }: AddressRules): ZodType<string> {
  return z.string().superRefine((text, context) => {
    const complaint = complainAboutAddress(text, allowLoopback);
    if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint });
  });
}

function complainAboutAddress(text: string, allowLoopback: boolean): string | undefined {
  if (text.length > longest) return `This address is longer than ${longest} characters.`;
  if (!/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) {
    return 'Give a complete web address without spaces, such as https://tool.example.com/launch.';
  }
  const url = new URL(text);
  const loopback = allowLoopback && url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !loopback) return 'The address must begin with https://.';
  if (url.username !== '' || url.password !== '')
    return 'Take the user name and password out of the address.';
  if (text.includes('#')) return 'Take the part from # on out of the address.';
  return undefined;
}

/** Members of a JWK that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const publicJwk = z
  .looseObject({
    kty: z.string(),
    // The token's header names its key (Security Framework 1.0 §5.1.1), so a key without a name is never found.
    kid: z.string({ error: 'Every key needs a "kid".' }).min(1),
  })
  .refine((jwk) => privateMembers.every((member) => isNothing(jwk[member])), {
    error:
      'This holds a private key. Paste the public keys only, and replace the private key: it is known now.',
  });

/** A pasted public key set (RFC 7517 §5) with at least one RSA key, since RS256 is what LTI signs with. */
export const publicKeySet: ZodType<JSONWebKeySet> = z
  .object({ keys: z.array(publicJwk).min(1).max(20) }, { error: 'Paste a key set: {"keys": [ … ]}.' })
  .refine(({ keys }) => keys.some(isRsa), { error: 'The key set needs an RSA key with "n" and "e".' });

function isRsa(jwk: Record<string, unknown>): boolean {
  return jwk.kty === 'RSA' && typeof jwk.n === 'string' && typeof jwk.e === 'string';
}
