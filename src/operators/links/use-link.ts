import { newId, type OperatorId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import {
  findOperator,
  findOperatorByEmail,
  hasOperators,
  insertOperator,
  type NewOperator,
  noteHanded,
  setPasswordHash,
} from '../accounts/operator-store.ts';
import { isLasting, normaliseEmail, type Operator, subjectOf } from '../operator.ts';
import { requireGoodPassword } from '../passwords/weakness.ts';
import type { OperatorServices, OwnerTx } from '../services.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import type { StartedSession } from '../sessions/operator-sessions.ts';
import { letIn } from '../sessions/sign-in.ts';
import { handsOfLink, type OperatorLink } from './link.ts';
import { lockFirstRun, revokeOpen, setLinkOperator, takeLink } from './link-store.ts';
import { getOpenLink, linkRefused } from './links.ts';

/** A browser that comes with a link. */
export interface Visit {
  cookieHeader: string | undefined;
  /** Unix milliseconds. */
  now: number;
  /** From where, for the audit trail. */
  from?: string | undefined;
}

/** When somebody comes, and from where. */
type When = Pick<Visit, 'now' | 'from'>;

/**
 * Makes the first account, an owner's, and signs its owner in. Of several at once, on any copies, one alone succeeds.
 *
 * @throws DomainError unauthenticated `link_refused`, input `password_weak`, rate_limited `sign_in_busy`
 */
export async function completeFirstRun(
  { db, passwords }: OperatorServices,
  { token, name, email, password }: { token: string; name: string; email: string; password: string },
  { cookieHeader, now, from }: Visit,
): Promise<StartedSession> {
  const link = await getOpenLink({ db }, token, ['first_run'], now);
  requireGoodPassword(password, { name, email });
  const passwordHash = await passwords.hash(password);
  return db.withHub(async (tx) => {
    await lockFirstRun(tx);
    if ((await hasOperators(tx)) || !(await takeLink(tx, link.linkId, new Date(now)))) throw linkRefused();
    await revokeOpen(tx, { kind: 'first_run' }, new Date(now));
    const operator = await addOperator(
      tx,
      link,
      { name, email, passwordHash, roles: ['owner'] },
      { now, from },
    );
    return letIn(tx, { operator, beganBy: 'link', cookieHeader, from }, now);
  });
}

/**
 * Accepts an invitation, or sets a new password by a link for that, and signs in; a second factor is asked for where there is one.
 *
 * @throws as `completeFirstRun`
 */
export async function acceptLink(
  { db, passwords }: OperatorServices,
  { token, name, password }: { token: string; name: string; password: string },
  { cookieHeader, now, from }: Visit,
): Promise<StartedSession> {
  const link = await getOpenLink({ db }, token, ['invitation', 'password'], now);
  const email = link.email ?? '';
  requireGoodPassword(password, { name, email });
  const passwordHash = await passwords.hash(password);
  return inScope(db, link.tenantId, async (tx) => {
    if (!(await takeLink(tx, link.linkId, new Date(now)))) throw linkRefused();
    const operator =
      link.kind === 'password'
        ? await replacePassword(tx, link, passwordHash, { now, from })
        : await addOperator(tx, link, { name, email, passwordHash, roles: link.roles }, { now, from });
    return letIn(tx, { operator, beganBy: 'link', cookieHeader, from }, now);
  });
}

/**
 * Signs in by a link that is good for that once, or opens a set-up link: that session may do what its steps need, and no more.
 *
 * @throws DomainError unauthenticated `link_refused`
 */
export async function signInByLink(
  { db }: Pick<OperatorServices, 'db'>,
  token: string,
  { cookieHeader, now, from }: Visit,
): Promise<StartedSession & { isSetUp: boolean }> {
  const link = await getOpenLink({ db }, token, ['sign_in', 'set_up'], now);
  return inScope(db, link.tenantId, async (tx) => {
    if (!(await takeLink(tx, link.linkId, new Date(now)))) throw linkRefused();
    const operator = await whoseLink(tx, link, { now, from });
    if (operator?.status !== 'active') throw linkRefused();
    const { linkId, steps, kind } = link;
    const setUp = kind === 'set_up' ? { linkId, steps } : undefined;
    const session = await letIn(tx, { operator, beganBy: 'link', setUp, cookieHeader, from }, now);
    return { ...session, isSetUp: setUp !== undefined };
  });
}

/** Who opens a set-up link has an account from then on, without a password: nobody signs in to it but by links. */
async function whoseLink(tx: OwnerTx, link: OperatorLink, visit: When): Promise<Operator | undefined> {
  if (link.kind === 'sign_in') {
    if (link.operatorId === null) return undefined;
    await noteHanded(tx, link.operatorId, handsOfLink(link), new Date(visit.now));
    return findOperator(tx, link.operatorId);
  }
  const { name, roles } = link;
  const email = link.email ?? '';
  const known = await findOperatorByEmail(tx, email);
  if (known !== undefined) {
    // Meanwhile it is a lasting account, which signs in by itself: nobody acts under its name by a link.
    if (isLasting(known)) throw linkRefused();
    await setLinkOperator(tx, link.linkId, known.operatorId);
    await noteHanded(tx, known.operatorId, handsOfLink(link), new Date(visit.now));
    return known;
  }
  return addOperator(tx, link, { name, email, roles, passwordHash: null }, visit);
}

/**
 * Makes the account that a link invites to.
 *
 * @throws DomainError unauthenticated `link_refused` where the address has an account by now
 */
export async function addOperator(
  tx: OwnerTx,
  link: OperatorLink,
  given: Pick<NewOperator, 'name' | 'email' | 'roles' | 'passwordHash'>,
  { now, from }: When,
): Promise<Operator> {
  const { linkId } = link;
  const operatorId = newId<OperatorId>(now);
  const email = normaliseEmail(given.email);
  const at = new Date(now);
  if (!(await insertOperator(tx, { ...given, operatorId, email, companySubject: null }, at)))
    throw linkRefused();
  await setLinkOperator(tx, linkId, operatorId);
  await noteHanded(tx, operatorId, handsOfLink(link), at);
  const operator = await findOperator(tx, operatorId);
  if (operator === undefined) throw new Error('An operator who was just added is not there');
  const actor = subjectOf(operatorId);
  const after = { roles: given.roles, linkId };
  await recordAudit(tx, { actor, now, from, action: 'operator.added', subject: actor, after });
  return operator;
}

async function replacePassword(
  tx: OwnerTx,
  link: OperatorLink,
  passwordHash: string,
  { now, from }: When,
): Promise<Operator> {
  const operator = link.operatorId === null ? undefined : await findOperator(tx, link.operatorId);
  if (operator?.status !== 'active') throw linkRefused();
  await setPasswordHash(tx, operator.operatorId, passwordHash, new Date(now));
  await noteHanded(tx, operator.operatorId, handsOfLink(link), new Date(now));
  await endSessions(tx, { operatorId: operator.operatorId }, 'change', new Date(now));
  const actor = subjectOf(operator.operatorId);
  await recordAudit(tx, { actor, now, from, action: 'operator.password_set', subject: actor });
  return operator;
}
