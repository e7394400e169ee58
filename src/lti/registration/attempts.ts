import { type AttemptId, newId } from '../../../contracts/ids.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { parseHandle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import {
  type Attempt,
  attemptMs,
  type Invitation,
  type InvitationState,
  type InvitationTerms,
  invitationState,
  type Side,
} from './invitation.ts';
import {
  findInvitationByHash,
  insertAttempt,
  markUsed,
  releaseAttempt,
  takeAttempt,
} from './invitation-store.ts';
import { attributeTo, recordUse } from './invitations.ts';

type Tx = TenantTx | HubTx;
type TermsOf<S extends Side> = Extract<InvitationTerms, { side: S }>;

/** A try that keeps others out until it has ended. */
export interface OpenAttempt<S extends Side> {
  attemptId: AttemptId;
  invitation: Invitation<TermsOf<S>>;
}

/** Why no try can begin. */
export type Closed = Exclude<InvitationState, 'open'> | 'unknown';

/** Runs work on the records of a tenant; without one, on the hub's own. */
export function within<T>(
  db: Database,
  tenant: Tenant | undefined,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return tenant === undefined ? db.withHub(work) : db.withTenant(tenant.tenantId, work);
}

/** An invitation by its token, whatever its state. */
export function findInvitation<S extends Side>(
  tx: Tx,
  token: unknown,
  side: S,
): Promise<Invitation<TermsOf<S>> | undefined> {
  const handle = parseHandle(token, 0);
  return handle === undefined ? Promise.resolve(undefined) : findOf(tx, handle.hash, side);
}

/**
 * Begins a try with a token. One statement decides; only when it did nothing is looked for the reason.
 *
 * @param now Unix milliseconds
 */
export async function beginAttempt<S extends Side>(
  tx: Tx,
  { token, side, now }: { token: unknown; side: S; now: number },
): Promise<{ ok: true; attempt: OpenAttempt<S> } | { ok: false; state: Closed }> {
  const handle = parseHandle(token, 0);
  if (handle === undefined) return { ok: false, state: 'unknown' };
  const attemptId = newId<AttemptId>(now);
  const taken = await takeAttempt(tx, {
    tokenHash: handle.hash,
    side,
    attemptId,
    now: new Date(now),
    until: new Date(now + attemptMs),
  });
  if (taken !== undefined) {
    // The statement has asked for the side.
    return { ok: true, attempt: { attemptId, invitation: taken as Invitation<TermsOf<S>> } };
  }
  const found = await findOf(tx, handle.hash, side);
  if (found === undefined) return { ok: false, state: 'unknown' };
  const state = invitationState(found, now);
  // What was in the way a moment ago is not any more.
  return { ok: false, state: state === 'open' ? 'busy' : state };
}

async function findOf<S extends Side>(tx: Tx, tokenHash: Buffer, side: S) {
  const found = await findInvitationByHash(tx, tokenHash);
  return found?.terms.side === side ? (found as Invitation<TermsOf<S>>) : undefined;
}

/** What a try ended with, for those who look after it. */
export type AttemptEnd = Pick<Attempt, 'reference' | 'outcome' | 'reason' | 'host' | 'httpStatus'>;

/** Ends a try in vain: the invitation is free for the next. @param now Unix milliseconds */
export async function failAttempt<S extends Side>(
  tx: Tx,
  { attemptId, invitation }: OpenAttempt<S>,
  end: AttemptEnd,
  now: number,
): Promise<void> {
  await releaseAttempt(tx, attemptId);
  await insertAttempt(tx, {
    attemptId,
    invitationId: invitation.invitationId,
    ...end,
    endedAt: new Date(now),
  });
}

/**
 * Uses the invitation up for what the try has made; call it in the transaction that makes it.
 *
 * @param now Unix milliseconds
 * @throws AttemptLost when somebody else tries or has revoked it meanwhile, so that nothing is made
 */
export async function succeedAttempt<S extends Side>(
  tx: Tx,
  { attemptId, invitation }: OpenAttempt<S>,
  { madeId, ...end }: Pick<AttemptEnd, 'reference' | 'host'> & { madeId: string },
  now: number,
): Promise<void> {
  const { invitationId } = invitation;
  if (!(await markUsed(tx, attemptId, { madeId, now: new Date(now) }))) throw new AttemptLost();
  await insertAttempt(tx, {
    ...{ attemptId, invitationId, ...end },
    ...{ outcome: 'success', reason: null, httpStatus: null, endedAt: new Date(now) },
  });
  await recordUse(tx, invitationId, { attemptId, madeId }, attributeTo(invitationId, now));
}

/** The invitation is no longer this try's. */
export class AttemptLost extends Error {}
