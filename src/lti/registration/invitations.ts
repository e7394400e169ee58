import { z } from 'zod';
import { type AttemptId, type InvitationId, newId } from '../../../contracts/ids.ts';
import { serviceScopes } from '../../../contracts/scopes.ts';
import { recordAudit } from '../../audit/audit.ts';
import { domainName } from '../../connections/domain.ts';
import { requireVerified } from '../../connections/domains.ts';
import { familyNames } from '../../connections/families.ts';
import { connectionName } from '../../connections/registration.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newSecret } from '../../platform/handle.ts';
import { parseInput } from '../../platform/input.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { slug } from '../../tenants/slug.ts';
import { presentations } from '../../tools/tool.ts';
import { findToolBySlug } from '../../tools/tools.ts';
import type { Attempt, Invitation, InvitationTerms, LmsTerms, Side, ToolTerms } from './invitation.ts';
import { insertInvitation, markRevoked, selectAttempts, selectInvitations } from './invitation-store.ts';
import { profileOf } from './profiles.ts';

const dayMs = 86_400_000;

const days = z
  .int()
  .min(1, { error: 'An invitation lives for a day at least.' })
  .max(30, { error: 'An invitation lives for 30 days at most.' })
  .default(7);

const lmsInput = z.strictObject({
  family: z.enum(familyNames),
  hosts: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/, {
          error: 'A host is written in small letters, such as lms.school.example.',
        })
        .max(255),
    )
    .max(10, { error: 'Give ten hosts at most.' })
    .default([]),
  name: connectionName.nullable().default(null),
  domain: domainName.nullable().default(null),
  days,
});

const toolInput = z.strictObject({
  slug,
  scopes: z
    .array(z.enum(serviceScopes, { error: `Scopes are: ${serviceScopes.join(', ')}.` }))
    .transform((scopes) => [...new Set<string>(scopes)])
    .default([...serviceScopes]),
  presentation: z.enum(presentations).default('framed'),
  days,
});

export type LmsInvitationInput = z.input<typeof lmsInput>;
export type ToolInvitationInput = z.input<typeof toolInput>;

/** An invitation with its token, which is shown this once: only its hash is kept. */
export interface MadeInvitation<Terms extends InvitationTerms> {
  invitation: Invitation<Terms>;
  token: string;
}

/**
 * Invites an LMS to take the hub as its tool: for a tenant, or for all schools of a vendor.
 *
 * @throws DomainError input `invitation_invalid`, input `domain_unverified`, input `registration_not_offered` where the product
 *   has no dynamic registration
 */
export async function inviteLms(
  tx: TenantTx | HubTx,
  input: LmsInvitationInput,
  by: ChangeBy,
): Promise<MadeInvitation<LmsTerms>> {
  const { days: lifetime, ...terms } = parseInput(lmsInput, input, 'invitation_invalid');
  if (!profileOf(terms.family).offersRegistration) {
    const message =
      'This product has no dynamic registration. Connect it by hand: lms setup shows the values.';
    throw new DomainError('input', 'registration_not_offered', message);
  }
  if (tx.scope === 'tenant') await requireVerified(tx, terms.domain);
  else if (terms.domain !== null) {
    const message = 'A link for all schools has the hub’s own address. Leave the domain out.';
    throw new DomainError('input', 'invitation_invalid', message);
  }
  return invite<LmsTerms>(tx, { side: 'lms', ...terms }, lifetime, by);
}

/**
 * Invites a tool to take the hub as its platform.
 *
 * @throws DomainError input `invitation_invalid`, conflict `tool_slug_taken`
 */
export async function inviteTool(
  tx: HubTx,
  input: ToolInvitationInput,
  by: ChangeBy,
): Promise<MadeInvitation<ToolTerms>> {
  const { days: lifetime, ...terms } = parseInput(toolInput, input, 'invitation_invalid');
  if ((await findToolBySlug(tx, terms.slug)) !== undefined) {
    const message = `There is already a tool "${terms.slug}". Choose another short name.`;
    throw new DomainError('conflict', 'tool_slug_taken', message);
  }
  return invite<ToolTerms>(tx, { side: 'tool', ...terms }, lifetime, by);
}

async function invite<Terms extends InvitationTerms>(
  tx: TenantTx | HubTx,
  terms: Terms,
  lifetimeDays: number,
  by: ChangeBy,
): Promise<MadeInvitation<Terms>> {
  const token = newSecret();
  const invitation: Invitation<Terms> = {
    invitationId: newId<InvitationId>(by.now),
    terms,
    createdAt: new Date(by.now),
    expiresAt: new Date(by.now + lifetimeDays * dayMs),
    attempts: 0,
    attemptUntil: null,
    usedAt: null,
    revokedAt: null,
    madeId: null,
  };
  await insertInvitation(tx, invitation, hashSecret(token));
  const after = { ...terms, expiresAt: invitation.expiresAt };
  await recordInvitation(tx, 'made', invitation.invitationId, by, after);
  return { invitation, token };
}

export type InvitationWithAttempts = Invitation & { tries: Attempt[] };

/** The invitations of a side, at most 200, the newest first, each with what came of its tries. */
export async function listInvitations(tx: TenantTx | HubTx, side: Side): Promise<InvitationWithAttempts[]> {
  const invitations = await selectInvitations(tx, side);
  const attempts = await selectAttempts(
    tx,
    invitations.map(({ invitationId }) => invitationId),
  );
  const byInvitation = Map.groupBy(attempts, ({ invitationId }) => invitationId);
  return invitations.map((each) => ({ ...each, tries: byInvitation.get(each.invitationId) ?? [] }));
}

/** Ends an invitation that nobody has used. @throws DomainError not_found `invitation_unknown` */
export async function revokeInvitation(
  tx: TenantTx | HubTx,
  which: { invitationId: InvitationId; side: Side },
  by: ChangeBy,
): Promise<Invitation> {
  const invitation = await markRevoked(tx, which, new Date(by.now));
  if (invitation === undefined) {
    const message = 'There is no such invitation, or it was used or revoked already. List them to see.';
    throw new DomainError('not_found', 'invitation_unknown', message);
  }
  await recordInvitation(tx, 'revoked', invitation.invitationId, by);
  return invitation;
}

/** Who makes what comes of an invitation. @param now Unix milliseconds */
export function attributeTo(invitationId: InvitationId, now: number): ChangeBy {
  return { actor: `lti_invitation:${invitationId}`, now };
}

/** Audits that an invitation was used up, and what came of it. */
export function recordUse(
  tx: TenantTx | HubTx,
  invitationId: InvitationId,
  use: { attemptId: AttemptId; madeId: string },
  by: ChangeBy,
): Promise<void> {
  return recordInvitation(tx, 'used', invitationId, by, use);
}

async function recordInvitation(
  tx: TenantTx | HubTx,
  what: 'made' | 'used' | 'revoked',
  invitationId: InvitationId,
  by: ChangeBy,
  after?: unknown,
): Promise<void> {
  const subject = `lti_invitation:${invitationId}`;
  await recordAudit(tx, {
    ...by,
    action: `lti_invitation.${what}`,
    subject,
    ...(after !== undefined && { after }),
  });
}
