import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import { networkOf } from '../../platform/http/client-address.ts';
import { findTenantBySlug } from '../../tenants/tenants.ts';
import { findOperatorByEmail, findPasswordHashByEmail, noteSignIn } from '../accounts/operator-store.ts';
import { normaliseEmail, type Operator, subjectOf } from '../operator.ts';
import { takeCode } from '../second-factor/second-factor.ts';
import type { OperatorServices, OwnerId, OwnerTx } from '../services.ts';
import { accountKeys, addressKey, countTries } from './attempts.ts';
import { endSessions } from './operator-session-store.ts';
import { beginSession, findSession, type SessionStart, type StartedSession } from './operator-sessions.ts';

/** Where a try comes from. */
export interface SignInVisit {
  address: string | undefined;
  cookieHeader: string | undefined;
}

export interface PasswordTry {
  email: string;
  password: string;
  /** Of an institution's admin; staff of the hub have none. */
  tenantSlug?: string | undefined;
}

/**
 * Signs in with a password, or half-way where a second factor is asked for. Whether there is such an account or institution shows
 * neither in the answer nor in its time.
 *
 * @throws DomainError unauthenticated `sign_in_refused`, rate_limited `sign_in_paused`, `sign_in_busy`
 */
export async function signInWithPassword(
  services: OperatorServices,
  { email, password, tenantSlug }: PasswordTry,
  { address, cookieHeader }: SignInVisit,
): Promise<StartedSession> {
  const { db, passwords, clock } = services;
  const keys = [addressKey(address), ...accountKeys(tenantSlug, email, address)];
  const operator = await countTries(services, keys, async () => {
    const owner = await ownerOf(services, tenantSlug);
    const known = await findAccount(services, owner, email);
    const isRight = await passwords.verify(known.passwordHash, password);
    return isRight && known.operator?.status === 'active' ? known.operator : undefined;
  });
  if (operator === undefined) {
    const message = 'E-mail address and password do not fit together. Check both, and the institution.';
    throw new DomainError('unauthenticated', 'sign_in_refused', message);
  }
  return inScope(db, operator.tenantId, (tx) =>
    letIn(tx, { operator, beganBy: 'password', cookieHeader, from: networkOf(address) }, clock.now()),
  );
}

/** Whose accounts are meant. For an institution that is none, one without any, so that the same is done. */
async function ownerOf({ db }: OperatorServices, tenantSlug: string | undefined): Promise<OwnerId> {
  if (tenantSlug === undefined) return HUB_TENANT;
  return (await findTenantBySlug(db.directory, tenantSlug))?.tenantId ?? newId<TenantId>();
}

/** The same is asked of the database whether there is an account or not. */
async function findAccount(
  { db }: OperatorServices,
  owner: OwnerId,
  typed: string,
): Promise<{ operator: Operator | undefined; passwordHash: string | null }> {
  const email = normaliseEmail(typed);
  return inScope(db, owner, async (tx) => ({
    operator: await findOperatorByEmail(tx, email),
    passwordHash: await findPasswordHashByEmail(tx, email),
  }));
}

/** Begins a session of somebody who has proved who they are, and writes it down once nothing more is asked for. */
export async function letIn(tx: OwnerTx, start: SessionStart, now: number): Promise<StartedSession> {
  const session = await beginSession(tx, start, now);
  if (session.state === 'signed_in') await recordSignIn(tx, start, now);
  return session;
}

async function recordSignIn(
  tx: OwnerTx,
  { operator: { operatorId }, beganBy, setUp, connectionId, from }: SessionStart,
  now: number,
): Promise<void> {
  await noteSignIn(tx, operatorId, new Date(now));
  const actor = subjectOf(operatorId);
  const after = { beganBy, ...defined({ linkId: setUp?.linkId, connectionId }) };
  await recordAudit(tx, { actor, now, from, action: 'operator.signed_in', subject: actor, after });
}

/**
 * Gives the second factor: the session goes on under a new cookie. One that was ended while the code was looked at stays so.
 *
 * @throws DomainError unauthenticated `sign_in_over`, `second_factor_refused`; rate_limited `sign_in_paused`
 */
export async function signInWithCode(
  services: OperatorServices,
  code: string,
  { address, cookieHeader }: SignInVisit,
): Promise<StartedSession> {
  const halfWay = await findSession(services, cookieHeader);
  if (halfWay?.session.stage !== 'second_factor') throw signInOver();
  const { operator, session } = halfWay;
  if (!(await takeCode(services, operator, code))) {
    const message = 'The code is not right, or was used before. Wait for the next one.';
    throw new DomainError('unauthenticated', 'second_factor_refused', message);
  }
  const { linkId, steps, beganBy, connectionId, partnerEndsAt, partner } = session;
  const setUp = linkId === null || steps === null ? undefined : { linkId, steps };
  const start: SessionStart = {
    ...{ operator, beganBy, stage: 'full', setUp, cookieHeader, from: networkOf(address) },
    ...{ connectionId: connectionId ?? undefined, endsBy: partnerEndsAt ?? undefined, partner },
  };
  return inScope(services.db, operator.tenantId, async (tx) => {
    const now = services.clock.now();
    const { sessionId } = session;
    if ((await endSessions(tx, { sessionId }, 'rotated', new Date(now))) === 0) throw signInOver();
    return letIn(tx, start, now);
  });
}

function signInOver(): DomainError {
  const message = 'This sign-in took too long, has not begun, or was ended. Begin again from the start.';
  return new DomainError('unauthenticated', 'sign_in_over', message);
}
