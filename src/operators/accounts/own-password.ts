import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type OperatorSession, subjectOf } from '../operator.ts';
import { requireGoodPassword } from '../passwords/weakness.ts';
import type { OperatorServices } from '../services.ts';
import { countTries, passwordKey } from '../sessions/attempts.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import { rotateSession, type SignedInOperator, type StartedSession } from '../sessions/operator-sessions.ts';
import { findPasswordHash, noteBehind, setPasswordHash } from './operator-store.ts';

/** How long somebody who has no password is taken to sit there still after signing in, in milliseconds. */
const freshMs = 10 * 60_000;

/**
 * That it is the operator who sits there, and not somebody at a screen left open. Who has no password shows it by having signed in
 * just now.
 *
 * @throws DomainError forbidden `password_wrong`, `sign_in_stale`; rate_limited `sign_in_paused`, `sign_in_busy`
 */
export async function requireOwnPassword(
  services: OperatorServices,
  { operator: { tenantId, operatorId }, session }: SignedInOperator,
  password: string | undefined,
): Promise<void> {
  const { db, passwords, clock } = services;
  const known = await inScope(db, tenantId, (tx) => findPasswordHash(tx, operatorId));
  if (known === null) return requireFresh(session, clock.now());
  const isRight = await countTries(
    services,
    [passwordKey(operatorId)],
    async () => (await passwords.verify(known, password ?? '')) || undefined,
  );
  if (isRight) return;
  throw new DomainError('forbidden', 'password_wrong', 'This is not your present password.');
}

/** @throws DomainError forbidden `sign_in_stale` */
function requireFresh({ provedAt }: OperatorSession, now: number): void {
  if (provedAt !== null && provedAt.getTime() + freshMs > now) return;
  const message =
    'Your account has no password to show that it is still you. Sign out, sign in again, and do this within ten minutes.';
  throw new DomainError('forbidden', 'sign_in_stale', message);
}

/**
 * Sets a new password; one's other sessions end, and this one goes on under a new cookie. Who else could sit there now could have
 * chosen it.
 *
 * @throws DomainError input `password_weak`; as `requireOwnPassword`
 */
export async function changePassword(
  services: OperatorServices,
  signedIn: SignedInOperator,
  { current, password }: { current?: string | undefined; password: string },
  by: ChangeBy,
): Promise<StartedSession> {
  const { operator, session } = signedIn;
  const { operatorId, tenantId } = operator;
  await requireOwnPassword(services, signedIn, current);
  requireGoodPassword(password, operator);
  const passwordHash = await services.passwords.hash(password);
  return inScope(services.db, tenantId, async (tx) => {
    const at = new Date(by.now);
    await setPasswordHash(tx, operatorId, passwordHash, at);
    await noteBehind(tx, operatorId, signedIn.behind, at);
    await endSessions(tx, { operatorId, except: session.sessionId }, 'change', at);
    const rotated = await rotateSession(tx, signedIn, by.now);
    await recordAudit(tx, { ...by, action: 'operator.password_set', subject: subjectOf(operatorId) });
    return rotated;
  });
}

/** A set-up link gives its steps alone: no lasting account grows out of it. @throws DomainError forbidden `set_up_only` */
export function refuseSetUp({ session }: SignedInOperator): void {
  if (session.steps === null) return;
  const message =
    'You came by a set-up link, which has no account of its own. Ask to be invited as an admin.';
  throw new DomainError('forbidden', 'set_up_only', message);
}
