import type { OperatorRole } from '../../../contracts/http/roles.ts';
import { HUB_TENANT, type OperatorId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { handsOf } from '../hands.ts';
import { revokeOpen } from '../links/link-store.ts';
import { normaliseEmail, type Operator, subjectOf } from '../operator.ts';
import { deleteFactor } from '../second-factor/second-factor-store.ts';
import type { OperatorServices, OwnerId, OwnerTx } from '../services.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import {
  findOperator,
  findOperatorByEmail,
  hasOperators,
  lockOwners,
  noteHanded,
  type OperatorPage,
  selectOperators,
  setRoles,
  setStatus,
} from './operator-store.ts';

type Deps = Pick<OperatorServices, 'db'>;

/** The accounts of an owner by name: all of them, or one page. */
export function listOperators({ db }: Deps, owner: OwnerId, page?: OperatorPage): Promise<Operator[]> {
  return inScope(db, owner, (tx) => selectOperators(tx, page));
}

/** Whether anybody of the staff has an account. */
export function hasAnyOperator({ db }: Deps): Promise<boolean> {
  return db.withHub(hasOperators);
}

/** Reads an operator in a transaction. @throws DomainError not_found `operator_unknown` */
async function getOperator(tx: OwnerTx, operatorId: OperatorId): Promise<Operator> {
  const operator = await findOperator(tx, operatorId);
  if (operator !== undefined) return operator;
  throw unknown();
}

function unknown(): DomainError {
  return new DomainError('not_found', 'operator_unknown', 'There is no such account here. List them first.');
}

/** @throws DomainError not_found `operator_unknown` */
export function readOperator({ db }: Deps, owner: OwnerId, operatorId: OperatorId): Promise<Operator> {
  return inScope(db, owner, (tx) => getOperator(tx, operatorId));
}

/** @throws DomainError not_found `operator_unknown` */
export async function readOperatorByEmail({ db }: Deps, owner: OwnerId, email: string): Promise<Operator> {
  const operator = await inScope(db, owner, (tx) => findOperatorByEmail(tx, normaliseEmail(email)));
  if (operator !== undefined) return operator;
  throw unknown();
}

/**
 * Says what somebody of the staff may do. Their sessions end: what those were let in for may have changed.
 *
 * @throws DomainError not_found `operator_unknown`, conflict `last_owner`
 */
export function changeRoles(
  { db }: Deps,
  operatorId: OperatorId,
  roles: readonly OperatorRole[],
  by: ChangeBy,
): Promise<Operator> {
  return db.withHub(async (tx) => {
    const operator = await getOperator(tx, operatorId);
    if (!roles.includes('owner')) await keepAnOwner(tx, operatorId);
    await setRoles(tx, operatorId, [...new Set(roles)], new Date(by.now));
    await endSessions(tx, { operatorId }, 'change', new Date(by.now));
    const subject = subjectOf(operatorId);
    const [before, after] = [{ roles: operator.roles }, { roles }];
    await recordAudit(tx, { ...by, action: 'operator.roles_changed', subject, before, after });
    return getOperator(tx, operatorId);
  });
}

/** A hub without an owner could be given none but on its machine. @throws DomainError conflict `last_owner` */
async function keepAnOwner(tx: OwnerTx, leaving: OperatorId): Promise<void> {
  if (tx.tenantId !== HUB_TENANT) return;
  const owners = await lockOwners(tx);
  if (!owners.includes(leaving) || owners.length > 1) return;
  const message = 'This is the last owner. Make somebody else an owner first.';
  throw new DomainError('conflict', 'last_owner', message);
}

/** Lets somebody in no more; their sessions and links end. @throws DomainError as `changeRoles` */
export function disableOperator(
  { db }: Deps,
  owner: OwnerId,
  operatorId: OperatorId,
  by: ChangeBy,
): Promise<Operator> {
  return inScope(db, owner, async (tx) => {
    await getOperator(tx, operatorId);
    await keepAnOwner(tx, operatorId);
    const at = new Date(by.now);
    await setStatus(tx, operatorId, 'disabled', at);
    await endSessions(tx, { operatorId }, 'revoked', at);
    for (const kind of ['password', 'sign_in'] as const) await revokeOpen(tx, { kind, operatorId }, at);
    await recordAudit(tx, { ...by, action: 'operator.disabled', subject: subjectOf(operatorId) });
    return getOperator(tx, operatorId);
  });
}

/** @throws DomainError not_found `operator_unknown` */
export function enableOperator(
  { db }: Deps,
  owner: OwnerId,
  operatorId: OperatorId,
  by: ChangeBy,
): Promise<Operator> {
  return inScope(db, owner, async (tx) => {
    await getOperator(tx, operatorId);
    await setStatus(tx, operatorId, 'active', new Date(by.now));
    await recordAudit(tx, { ...by, action: 'operator.enabled', subject: subjectOf(operatorId) });
    return getOperator(tx, operatorId);
  });
}

/**
 * Takes the authenticator off somebody who has lost it; their sessions end. Whoever does that has a hand in how they come in.
 *
 * @throws DomainError not_found `operator_unknown`
 */
export function resetFactor(
  { db }: Deps,
  owner: OwnerId,
  operatorId: OperatorId,
  by: ChangeBy,
): Promise<Operator> {
  return inScope(db, owner, async (tx) => {
    await getOperator(tx, operatorId);
    await deleteFactor(tx, operatorId);
    await noteHanded(tx, operatorId, handsOf(by), new Date(by.now));
    await endSessions(tx, { operatorId }, 'change', new Date(by.now));
    await recordAudit(tx, { ...by, action: 'operator.second_factor_reset', subject: subjectOf(operatorId) });
    return getOperator(tx, operatorId);
  });
}
