import { type ConnectionId, HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import type { HostCookie } from '../../platform/http/cookies.ts';
import { requireOwnPassword } from '../accounts/own-password.ts';
import { getOpenLink, linkRefused } from '../links/links.ts';
import type { OperatorServices } from '../services.ts';
import type { SignedInOperator } from '../sessions/operator-sessions.ts';
import { listOpenWays } from './ways.ts';
import { keepWish, type SchoolWish } from './wish.ts';

/** Where the browser goes to sign in at an institution on the way to the console. @param isWish it brings a kept wish */
export function schoolPath(slug: string, connectionId: ConnectionId, isWish = false): string {
  return `/t/${slug}/console-sign-in/${connectionId}${isWish ? '?wish=kept' : ''}`;
}

/**
 * Prepares accepting an invitation by the institution's own sign-in in place of a password. The invitation is used up when
 * somebody comes back from there.
 *
 * @throws DomainError unauthenticated `link_refused`, conflict `way_closed`
 */
export async function acceptBySchool(
  services: OperatorServices,
  { token, connectionId }: { token: string; connectionId: ConnectionId },
  now: number,
): Promise<{ tenantId: TenantId; cookie: HostCookie }> {
  const { tenantId, linkId } = await getOpenLink(services, token, ['invitation', 'password'], now);
  if (tenantId === HUB_TENANT) throw linkRefused();
  return { tenantId, cookie: await prepare(services, tenantId, connectionId, { kind: 'link', linkId }, now) };
}

/**
 * Prepares linking one's own account with the institution's sign-in. It asks for the password again: otherwise a screen left open
 * is enough for whoever passes by to have a way in for good. Who has no password comes by a link that another admin makes.
 *
 * @throws DomainError conflict `way_closed`, forbidden `password_missing`; as `requireOwnPassword`
 */
export async function linkOwn(
  services: OperatorServices,
  signedIn: SignedInOperator,
  { connectionId, current }: { connectionId: ConnectionId; current?: string | undefined },
  now: number,
): Promise<{ tenantId: TenantId; cookie: HostCookie }> {
  const { operator, session, behind } = signedIn;
  const { tenantId, operatorId } = operator;
  if (tenantId === HUB_TENANT) throw wayClosed();
  if (!operator.hasPassword) {
    const message =
      'Your account has no password to show that it is you. Ask another admin for a password link.';
    throw new DomainError('forbidden', 'password_missing', message);
  }
  await requireOwnPassword(services, signedIn, current);
  const wish: SchoolWish = { kind: 'own', operatorId, sessionId: session.sessionId, behind: [...behind] };
  const cookie = await prepare(services, tenantId, connectionId, wish, now);
  return { tenantId, cookie };
}

async function prepare(
  { db }: OperatorServices,
  tenantId: TenantId,
  connectionId: ConnectionId,
  wish: SchoolWish,
  now: number,
): Promise<HostCookie> {
  const ways = await listOpenWays({ db }, tenantId);
  if (!ways.some((way) => way.connectionId === connectionId)) throw wayClosed();
  return db.withTenant(tenantId, (tx) => keepWish(tx, { connectionId, wish }, now));
}

function wayClosed(): DomainError {
  const message =
    'Admins do not come to the console by this sign-in. Take a password, or ask an admin to open it.';
  return new DomainError('conflict', 'way_closed', message);
}
