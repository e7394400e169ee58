import { z } from 'zod';
import { hubRoles, operatorRoles, setupSteps } from './roles.ts';
import { apiScopes } from './scopes.ts';
import { instant, pageLimit } from './values.ts';

/** RFC 5321 §4.5.3.1.3: a path of 256 with its two angle brackets. */
export const operatorEmail = z.email({ error: 'Give an e-mail address.' }).max(254);
export const operatorName = z.string().trim().min(1, { error: 'Give a name.' }).max(200);
/** Long rather than contrived (NIST SP 800-63B-4 §3.1.1.2); what is easily guessed is refused besides. */
export const newPassword = z
  .string()
  .min(12, { error: 'A password has at least 12 characters.' })
  .max(200, { error: 'A password has at most 200 characters.' });
/** What stands in a one-time link. */
export const linkToken = z.string().min(1).max(200);
/** Six digits of an authenticator, or a recovery code. */
export const secondFactorCode = z.string().trim().min(6).max(40);
export const scopeName = z.enum(apiScopes);

export const operatorFields = z
  .object({
    operatorId: z.uuid(),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(operatorRoles)),
    status: z.enum(['active', 'disabled']),
    secondFactor: z.boolean().describe('Whether one is set up'),
    isLinked: z.boolean().describe('Whether the institution’s own sign-in is linked'),
    createdAt: instant,
    lastSignInAt: instant.nullable(),
  })
  .meta({ id: 'Operator' });

export const invitationFields = z
  .object({
    linkId: z.uuid(),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(operatorRoles)),
    state: z.enum(['open', 'used', 'expired', 'revoked']),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' });

/** A list of accounts is turned page by page. */
export const operatorPage = z.object({
  after: z.string().min(1).max(1000).optional().describe('What the page before gave as `next`'),
  limit: pageLimit,
});
export const operatorPageReply = z.object({
  operators: z.array(operatorFields),
  invitations: z.array(invitationFields).describe('At most 500; none behind the first page'),
  next: z.string().nullable().describe('What to give as `after`; null: this was the last page'),
});

export const setupLinkFields = invitationFields
  .omit({ roles: true })
  .extend({ steps: z.array(z.enum(setupSteps)) })
  .meta({ id: 'SetupLink' });

/** What signing in leads to. The browser is given its cookie beside it. */
export const signedIn = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('signed_in'),
      csrfToken: z.string().describe('Goes into X-CSRF-Token of whatever changes something'),
    }),
    z.object({ state: z.literal('second_factor_needed') }),
  ])
  .meta({ id: 'SignedIn' });

export const signedInReply = {
  kind: 'json',
  status: 200,
  about: 'Signed in, or half-way',
  schema: signedIn,
} as const;

export const hubRoleList = z.array(z.enum(hubRoles)).min(1, { error: 'Give a role.' }).max(hubRoles.length);

/** Refusals of everything that checks a password or a code. */
export const tooMany = { 429: ['sign_in_paused', 'sign_in_busy'] } as const;
