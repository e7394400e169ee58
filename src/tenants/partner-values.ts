import type { JSONWebKeySet } from 'jose';
import { type ZodType, z } from 'zod';
import { DomainError } from '../platform/errors.ts';
import { isLocalhostName } from '../platform/outbound/url.ts';

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

/** Whether a host name, as the WHATWG parser spells it, can only mean this machine. */
export function isLoopbackHost(host: string): boolean {
  return isLocalhostName(host) || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Members of a JWK that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const publicJwk = z
  .looseObject({
    kty: z.string(),
    // The token's header names its key (Security Framework 1.0 §5.1.1), so a key without a name is never found.
    kid: z.string({ error: 'Every key needs a "kid".' }).min(1),
  })
  .refine((jwk) => privateMembers.every((member) => !Object.hasOwn(jwk, member)), {
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

export interface InputIssue {
  /** The field, such as `redirectUris.0`; empty for the whole. */
  path: string;
  message: string;
}

/**
 * Parses what a person gave.
 *
 * @throws DomainError input with the given code, its message naming the first field, `details.issues` all of
 *   them (`InputIssue[]`)
 */
export function parseInput<T>(schema: ZodType<T>, input: unknown, code: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }): InputIssue => ({ path: path.join('.'), message }),
  );
  throw invalidInput(code, issues);
}

/** The error for input that is wrong in the given ways. */
export function invalidInput(code: string, issues: InputIssue[]): DomainError {
  const first = issues[0];
  const message = first === undefined ? 'The input is not valid.' : say(first);
  return new DomainError('input', code, message, { details: { issues } });
}

function say({ path, message }: InputIssue): string {
  return path === '' ? message : `${path}: ${message}`;
}
