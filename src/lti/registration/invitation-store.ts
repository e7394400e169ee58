import { z } from 'zod';
import { outcomes } from '../../../contracts/health.ts';
import type { AttemptId, InvitationId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { type Attempt, type Invitation, invitationTerms, mostAttempts, type Side } from './invitation.ts';

type Tx = TenantTx | HubTx;

const columns = sql`invitation_id, side, terms, created_at, expires_at, attempts, attempt_until, used_at, revoked_at,
  made_id`;

const invitationRow = z
  .object({
    invitation_id: z.uuid(),
    side: z.string(),
    terms: z.record(z.string(), z.unknown()),
    created_at: z.date(),
    expires_at: z.date(),
    attempts: z.number(),
    attempt_until: z.date().nullable(),
    used_at: z.date().nullable(),
    revoked_at: z.date().nullable(),
    made_id: z.uuid().nullable(),
  })
  .transform(
    ({ side, terms, ...row }): Invitation => ({
      invitationId: row.invitation_id as InvitationId,
      terms: invitationTerms.parse({ ...terms, side }),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      attempts: row.attempts,
      attemptUntil: row.attempt_until,
      usedAt: row.used_at,
      revokedAt: row.revoked_at,
      madeId: row.made_id,
    }),
  );

export async function insertInvitation(tx: Tx, invitation: Invitation, tokenHash: Buffer): Promise<void> {
  const { side, ...terms } = invitation.terms;
  await tx.exec(sql`
    insert into lti_invitation (tenant_id, invitation_id, token_hash, side, terms, created_at, expires_at)
    values (${tx.tenantId}, ${invitation.invitationId}, ${tokenHash}, ${side}, ${json(terms)},
      ${invitation.createdAt}, ${invitation.expiresAt})`);
}

/** The newest first. */
export function selectInvitations(tx: Tx, side: Side): Promise<Invitation[]> {
  return tx.many(
    sql`select ${columns} from lti_invitation where tenant_id = ${tx.tenantId} and side = ${side}
      order by invitation_id desc limit 200`,
    invitationRow,
  );
}

/** The invitation of a token's hash: an index finds it, whole or not at all. */
export function findInvitationByHash(tx: Tx, tokenHash: Buffer): Promise<Invitation | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from lti_invitation
      where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash}`,
    invitationRow,
  );
}

/**
 * Lets one try begin: of several at once one gets the row, and the others none until it has ended or its time is over.
 */
export function takeAttempt(
  tx: Tx,
  take: { tokenHash: Buffer; side: Side; attemptId: AttemptId; now: Date; until: Date },
): Promise<Invitation | undefined> {
  const { tokenHash, side, attemptId, now, until } = take;
  return tx.maybeOne(
    sql`update lti_invitation set attempt_id = ${attemptId}, attempt_until = ${until}, attempts = attempts + 1
      where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash} and side = ${side} and used_at is null
        and revoked_at is null and expires_at > ${now} and attempts < ${mostAttempts}
        and (attempt_until is null or attempt_until <= ${now})
      returning ${columns}`,
    invitationRow,
  );
}

/** Uses an invitation up. @returns false when the try has lost it meanwhile: somebody else tries, or it was revoked */
export async function markUsed(
  tx: Tx,
  attemptId: AttemptId,
  { madeId, now }: { madeId: string; now: Date },
): Promise<boolean> {
  const count = await tx.exec(sql`
    update lti_invitation set used_at = ${now}, made_id = ${madeId}, attempt_id = null, attempt_until = null
    where tenant_id = ${tx.tenantId} and attempt_id = ${attemptId} and used_at is null and revoked_at is null`);
  return count === 1;
}

/** Makes an invitation free for the next try. */
export async function releaseAttempt(tx: Tx, attemptId: AttemptId): Promise<void> {
  await tx.exec(sql`
    update lti_invitation set attempt_id = null, attempt_until = null
    where tenant_id = ${tx.tenantId} and attempt_id = ${attemptId}`);
}

/** @returns the invitation, unless there is none that could still be revoked */
export function markRevoked(
  tx: Tx,
  { invitationId, side }: { invitationId: InvitationId; side: Side },
  at: Date,
): Promise<Invitation | undefined> {
  return tx.maybeOne(
    sql`update lti_invitation set revoked_at = ${at}
      where tenant_id = ${tx.tenantId} and invitation_id = ${invitationId} and side = ${side}
        and used_at is null and revoked_at is null
      returning ${columns}`,
    invitationRow,
  );
}

const attemptRow = z
  .object({
    attempt_id: z.uuid(),
    invitation_id: z.uuid(),
    reference: z.string(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    host: z.string().nullable(),
    http_status: z.number().nullable(),
    ended_at: z.date(),
  })
  .transform(
    (row): Attempt => ({
      attemptId: row.attempt_id as AttemptId,
      invitationId: row.invitation_id as InvitationId,
      reference: row.reference,
      outcome: row.outcome,
      reason: row.reason,
      host: row.host,
      httpStatus: row.http_status,
      endedAt: row.ended_at,
    }),
  );

export async function insertAttempt(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.exec(sql`
    insert into lti_registration_attempt (tenant_id, attempt_id, invitation_id, reference, outcome, reason, host,
      http_status, ended_at)
    values (${tx.tenantId}, ${attempt.attemptId}, ${attempt.invitationId}, ${attempt.reference}, ${attempt.outcome},
      ${attempt.reason}, ${attempt.host}, ${attempt.httpStatus}, ${attempt.endedAt})`);
}

/** What came of the tries of some invitations, the newest first. */
export function selectAttempts(tx: Tx, invitationIds: readonly InvitationId[]): Promise<Attempt[]> {
  return tx.many(
    sql`select attempt_id, invitation_id, reference, outcome, reason, host, http_status, ended_at
      from lti_registration_attempt
      where tenant_id = ${tx.tenantId} and invitation_id = any (${[...invitationIds]}) order by attempt_id desc`,
    attemptRow,
  );
}
