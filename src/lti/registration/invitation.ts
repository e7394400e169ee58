import { z } from 'zod';
import type { Outcome } from '../../../contracts/health.ts';
import type { AttemptId, InvitationId } from '../../../contracts/ids.ts';
import { familyNames } from '../../../contracts/lms.ts';
import { presentations } from '../../../contracts/tools.ts';

/** To an LMS, which takes the hub as its tool. */
export const lmsTerms = z.object({
  side: z.literal('lms'),
  /** Which product it is; `generic` takes any. */
  family: z.enum(familyNames),
  /** Hosts it may have beside its issuer's and its vendor's, as `name` or `name:port`. */
  hosts: z.array(z.string()),
  /** What the connection is to be called; null: as the product. */
  name: z.string().nullable(),
  /** The school's own domain, under which the LMS is to know the hub; null: the hub's own address. */
  domain: z.string().nullable().default(null),
});
export type LmsTerms = z.output<typeof lmsTerms>;

/** To a tool, which takes the hub as its platform. */
export const toolTerms = z.object({
  side: z.literal('tool'),
  /** The short name it gets. */
  slug: z.string(),
  /** What it may ask access tokens for, at most. */
  scopes: z.array(z.string()),
  presentation: z.enum(presentations),
});
export type ToolTerms = z.output<typeof toolTerms>;

export const invitationTerms = z.discriminatedUnion('side', [lmsTerms, toolTerms]);
export type InvitationTerms = z.output<typeof invitationTerms>;
export type Side = InvitationTerms['side'];

/** A one-time invitation: all that is known of it but its token. */
export interface Invitation<Terms extends InvitationTerms = InvitationTerms> {
  invitationId: InvitationId;
  terms: Terms;
  createdAt: Date;
  expiresAt: Date;
  /** How many tries have begun. */
  attempts: number;
  /** Until when the try under way keeps others out; null: there is none. */
  attemptUntil: Date | null;
  usedAt: Date | null;
  revokedAt: Date | null;
  /** The connection, the hub-wide registration or the tool that came of it. */
  madeId: string | null;
}

/** A try and what came of it. */
export interface Attempt {
  attemptId: AttemptId;
  invitationId: InvitationId;
  reference: string;
  outcome: Outcome;
  /** A stable code; null after a success. */
  reason: string | null;
  /** Where the other side said it is. */
  host: string | null;
  httpStatus: number | null;
  endedAt: Date;
}

/** So many tries are bearable, and enough for whoever has to mend something in between. */
export const mostAttempts = 50;

/** Longer than the two calls of a try may take together. */
export const attemptMs = 60_000;

export type InvitationState = 'open' | 'busy' | 'used' | 'revoked' | 'expired' | 'exhausted';

/** @param now Unix milliseconds */
export function invitationState(invitation: Omit<Invitation, 'terms'>, now: number): InvitationState {
  const { usedAt, revokedAt, expiresAt, attemptUntil, attempts } = invitation;
  if (usedAt !== null) return 'used';
  if (revokedAt !== null) return 'revoked';
  if (expiresAt.getTime() <= now) return 'expired';
  if (attemptUntil !== null && attemptUntil.getTime() > now) return 'busy';
  return attempts >= mostAttempts ? 'exhausted' : 'open';
}
