import { z } from 'zod';
import type { StoredRequest } from '../saml/connection.ts';
import type { StoredLogout } from '../saml/logout/check.ts';

const instant = z.number().transform((at) => new Date(at));

/** What is kept of a message of ours until its answer comes, as JSON. One that was sent for another purpose is none. */
const signIn = z
  .strictObject({
    kind: z.literal('saml_sign_in'),
    id: z.string(),
    connectionId: z.string(),
    issuedAt: instant,
    expiresAt: instant,
    forceAuthn: z.boolean(),
    requestedAuthnContext: z.array(z.string()),
  })
  .transform(({ kind: _kind, ...stored }): StoredRequest => stored);

const logout = z
  .strictObject({
    kind: z.literal('saml_logout'),
    id: z.string(),
    connectionId: z.string(),
    expiresAt: instant,
  })
  .transform(({ kind: _kind, ...stored }): StoredLogout => stored);

export function writeSignIn({ issuedAt, expiresAt, ...stored }: StoredRequest): Record<string, unknown> {
  return {
    ...stored,
    kind: 'saml_sign_in',
    issuedAt: issuedAt.getTime(),
    expiresAt: expiresAt.getTime(),
  };
}

export function readSignIn(expectations: unknown): StoredRequest | undefined {
  return signIn.safeParse(expectations).data;
}

export function writeLogout({ expiresAt, ...stored }: StoredLogout): Record<string, unknown> {
  return { ...stored, kind: 'saml_logout', expiresAt: expiresAt.getTime() };
}

export function readLogout(expectations: unknown): StoredLogout | undefined {
  return logout.safeParse(expectations).data;
}
