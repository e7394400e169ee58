import type { ApiScope } from '../../../contracts/http/scopes.ts';
import { newId, type OperatorId, type RaiseId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { OperatorServices } from '../services.ts';
import { rotateSession, type SignedInOperator, type StartedSession } from '../sessions/operator-sessions.ts';
import { endRaise, insertRaise, selectActive, selectRaises } from './raise-store.ts';

/** Somebody of the staff allowed more at one institution for a while (break-glass). */
export interface Raise {
  raiseId: RaiseId;
  operatorId: OperatorId;
  scopes: readonly ApiScope[];
  reason: string;
  startedAt: Date;
  endsAt: Date;
  /** Where it was ended before its time. */
  endedAt: Date | null;
}

type Deps = Pick<OperatorServices, 'db'>;

/**
 * Allows the operator more at one institution until the time is up, by itself. The institution finds it in its own audit chain. The
 * session goes on under another cookie.
 */
export async function raiseRights(
  { db }: Deps,
  tenantId: TenantId,
  signedIn: SignedInOperator,
  { scopes, reason, minutes }: { scopes: readonly ApiScope[]; reason: string; minutes: number },
  by: ChangeBy,
): Promise<{ raise: Raise; session: StartedSession }> {
  const raise: Raise = {
    raiseId: newId<RaiseId>(by.now),
    operatorId: signedIn.operator.operatorId,
    scopes: [...new Set(scopes)],
    reason,
    startedAt: new Date(by.now),
    endsAt: new Date(by.now + minutes * 60_000),
    endedAt: null,
  };
  const session = await db.withHub((tx) => rotateSession(tx, signedIn, by.now));
  await db.withTenant(tenantId, async (tx) => {
    await insertRaise(tx, raise);
    const after = { scopes: raise.scopes, minutes, endsAt: raise.endsAt };
    const subject = subjectOfRaise(raise.raiseId);
    await recordAudit(tx, { ...by, reason, action: 'break_glass.started', subject, after });
  });
  return { raise, session };
}

function subjectOfRaise(raiseId: RaiseId): string {
  return `break-glass:${raiseId}`;
}

/** The newest first. */
export function listRaises({ db }: Deps, tenantId: TenantId): Promise<Raise[]> {
  return db.withTenant(tenantId, selectRaises);
}

/** What an operator may do at an institution beyond their roles, now. */
export async function raisedScopes(
  { db, clock }: Pick<OperatorServices, 'db' | 'clock'>,
  tenantId: TenantId,
  operatorId: OperatorId,
): Promise<ApiScope[]> {
  const active = await selectActive(db.tenant(tenantId), operatorId, new Date(clock.now()));
  return active.flatMap(({ scopes }) => scopes);
}

/** Ends raised rights before their time. @throws DomainError not_found `raise_unknown` */
export function endRaised({ db }: Deps, tenantId: TenantId, raiseId: RaiseId, by: ChangeBy): Promise<Raise> {
  return db.withTenant(tenantId, async (tx) => {
    const ended = await endRaise(tx, raiseId, new Date(by.now));
    if (ended === undefined) {
      const message = 'There are no such raised rights that still hold.';
      throw new DomainError('not_found', 'raise_unknown', message);
    }
    await recordAudit(tx, { ...by, action: 'break_glass.ended', subject: subjectOfRaise(raiseId) });
    return ended;
  });
}
