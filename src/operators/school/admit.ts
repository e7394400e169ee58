import { createHash } from 'node:crypto';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { networkOf } from '../../platform/http/client-address.ts';
import type { AdminArrival, Admission } from '../../sso/admins.ts';
import {
  findOperator,
  findOperatorByEmail,
  noteBehind,
  noteHanded,
  setPasswordHash,
} from '../accounts/operator-store.ts';
import { handsOfLink, type OperatorLink } from '../links/link.ts';
import { findOpenLinkById, setLinkOperator, takeLink } from '../links/link-store.ts';
import { addOperator } from '../links/use-link.ts';
import { type Operator, subjectOf } from '../operator.ts';
import { endSessions, isSessionLive } from '../sessions/operator-session-store.ts';
import { sessionCookie } from '../sessions/operator-sessions.ts';
import { letIn } from '../sessions/sign-in.ts';
import { type AdmissionDecision, type AdmissionFacts, decideAdmission } from './decide-admission.ts';
import { findLinked, hasWay, putLinked } from './way-store.ts';
import { type SchoolWish, schoolWish } from './wish.ts';

/** Where the code of an authenticator is asked for. */
const secondFactorPath = '/console/sign-in?code=needed';

/** Lets an institution's admin into the console whom its own identity provider vouches for; a second factor is asked for where there is one. */
export async function admitAdmin(tx: TenantTx, arrival: AdminArrival): Promise<Admission> {
  const { connectionId, now, cookieHeader, address, returnTo, endsAt: endsBy, partner } = arrival;
  const wish = schoolWish.safeParse(arrival.asked).data;
  // Of a version that asked otherwise: whoever comes back from there begins again.
  if (wish === undefined) return { admitted: false, reason: 'admin_link_over' };
  const keyHash = hashKey(arrival);
  const facts = await readFacts(tx, connectionId, { keyHash, wish, now });
  const decision = decideAdmission(facts);
  if (decision.kind === 'refuse') return { admitted: false, reason: decision.reason };
  const { link } = facts;
  // Of several at once one alone; nothing was written before.
  if (link !== undefined && !(await takeLink(tx, link.linkId, new Date(now))))
    return { admitted: false, reason: 'admin_link_over' };
  const from = networkOf(address);
  const operator = await apply(tx, decision, { connectionId, keyHash, link, wish, now, from });
  const start = { operator, beganBy: 'school', connectionId, endsBy, partner, cookieHeader, from } as const;
  const { secret, state } = await letIn(tx, start, now);
  const location = state === 'signed_in' ? returnTo : secondFactorPath;
  return { admitted: true, cookie: sessionCookie(secret), location };
}

/** A subject is somebody at its issuer alone (OpenID Connect Core 1.0 §5.7; SAML Core 2.0, 8.3.7). */
function hashKey({ issuer, subject }: Pick<AdminArrival, 'issuer' | 'subject'>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest();
}

async function readFacts(
  tx: TenantTx,
  connectionId: ConnectionId,
  { keyHash, wish, now }: { keyHash: Buffer; wish: SchoolWish; now: number },
): Promise<AdmissionFacts> {
  const linked = await findLinked(tx, connectionId, keyHash);
  const known = linked && (await findOperator(tx, linked));
  const link = wish.kind === 'link' ? await findOpenLinkById(tx, wish.linkId, new Date(now)) : undefined;
  const target = wish.kind === 'own' ? await findOperator(tx, wish.operatorId) : await targetOf(tx, link);
  // Whoever has signed out, or was signed out, wishes nothing any more.
  const isOver = wish.kind === 'own' && !(await isSessionLive(tx, wish, new Date(now)));
  return { isOpen: await hasWay(tx, connectionId), known, wish: wish.kind, isOver, link, target };
}

async function targetOf(tx: TenantTx, link: OperatorLink | undefined): Promise<Operator | undefined> {
  if (link === undefined) return undefined;
  if (link.kind === 'invitation') return findOperatorByEmail(tx, link.email ?? '');
  return link.operatorId === null ? undefined : findOperator(tx, link.operatorId);
}

async function apply(
  tx: TenantTx,
  decision: Exclude<AdmissionDecision, { kind: 'refuse' }>,
  arrived: Pick<AdminArrival, 'connectionId' | 'now'> & {
    keyHash: Buffer;
    link: OperatorLink | undefined;
    wish: SchoolWish;
    from: string | undefined;
  },
): Promise<Operator> {
  if (decision.kind === 'let_in') return decision.operator;
  const { connectionId, keyHash, link, wish, now, from } = arrived;
  const operator =
    decision.kind === 'link'
      ? decision.operator
      : await addOperator(
          tx,
          decision.link,
          { ...invited(decision.link), passwordHash: null },
          { now, from },
        );
  const { operatorId } = operator;
  if (link !== undefined) {
    await setLinkOperator(tx, link.linkId, operatorId);
    await noteHanded(tx, operatorId, handsOfLink(link), new Date(now));
  }
  if (wish.kind === 'own') await noteBehind(tx, operatorId, wish.behind, new Date(now));
  if (link?.kind === 'password') {
    // Whoever knows the old one is to come in no more, whatever takes its place.
    await setPasswordHash(tx, operatorId, null, new Date(now));
    await endSessions(tx, { operatorId }, 'change', new Date(now));
  }
  if (!(await putLinked(tx, { connectionId, keyHash, operatorId, at: new Date(now) }))) {
    const message = 'This sign-in was linked with another account a moment ago. Begin again.';
    throw new DomainError('conflict', 'admin_linked_elsewhere', message);
  }
  const actor = subjectOf(operatorId);
  const after = { connectionId, ...(link && { linkId: link.linkId }) };
  await recordAudit(tx, { actor, now, from, action: 'operator.school_linked', subject: actor, after });
  return operator;
}

function invited({ name, email, roles }: OperatorLink) {
  return { name, email: email ?? '', roles };
}
