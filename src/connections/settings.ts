import { type ZodType, z } from 'zod';
import { isLoopbackHost } from '../platform/outbound/url.ts';
import { domainName } from './domain.ts';

/**
 * A source for `frame-ancestors` (CSP Level 3 §2.3.1, §6.4.2): `https:` or a host, perhaps with a wildcard in
 * front and a port. Plain http only on this machine. Quotes, separators and keywords are refused, since the
 * value stands in a header.
 */
export const frameAncestor: ZodType<string> = z.string().refine(isFrameAncestor, {
  error: 'Give https: or a host such as https://*.school.example.',
});

const hostSource =
  /^(?<scheme>https?:\/\/)?(?<host>(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)(:(\d{1,5}|\*))?$/i;

function isFrameAncestor(text: string): boolean {
  if (text === 'https:') return true;
  if (text.length > 300) return false;
  const parts = hostSource.exec(text)?.groups;
  if (parts?.host === undefined) return false;
  return parts.scheme?.toLowerCase() !== 'http://' || isLoopbackHost(parts.host.replace(/^\*\./, ''));
}

/** What an integration engineer may set for one registration. Every setting has a safe default. */
export const registrationSettings = z.strictObject({
  /** Accept launches without `sub` (LTI Core §5.3.6 lets a platform send them). */
  allowAnonymous: z.boolean().default(false),
  /** Refuse a launch whose browser is not proven to be the one that began it (Security Framework §5.1.1). */
  requireBrowserProof: z.boolean().default(true),
  /** When the target of the login and that of the token differ: note it in the trace, or refuse (LTI Core §5.3.4). */
  targetMismatch: z.enum(['warn', 'refuse']).default('warn'),
  /** How old an id_token may be, by its `iat`. */
  iatWindowSeconds: z.int().min(30).max(3600).default(300),
  /** How far the LMS's clock may be off. */
  clockSkewSeconds: z.int().min(0).max(300).default(60),
  /** Which pages may frame the launch: LMSs embed from customer domains, so any https page by default. */
  frameAncestors: z.array(frameAncestor).min(1).max(50).default(['https:']),
  /** Audiences accepted beside our client_id (OpenID Connect Core §3.1.3.7). */
  trustedAudiences: z.array(z.string().min(1).max(255)).max(20).default([]),
  /** The domain of the school's own under which the LMS knows the hub; null: the hub's own address. */
  domain: domainName.nullable().default(null),
  /** Scores sent a second at most, where the LMS can take more or less than others of its family. */
  gradesPerSecond: z.number().min(0.1).max(10_000).optional(),
});

export type RegistrationSettings = z.output<typeof registrationSettings>;
