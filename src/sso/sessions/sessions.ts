import {
  type ConnectionId,
  newId,
  type PersonId,
  type SessionId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { hashSecret, newSecret } from '../../platform/handle.ts';
import { findCookie, type HostCookie } from '../../platform/http/cookies.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { SsoServices } from '../services.ts';
import { planSession, type Session, type SessionEnd, usualLimits } from './session.ts';
import {
  endOldest,
  endSessions,
  insertSession,
  type SessionChoice,
  selectLiveSession,
  touchSession,
} from './session-store.ts';

export { type SessionPage, selectSessions as listSessions } from './session-store.ts';

type Deps = Pick<SsoServices, 'db' | 'clock' | 'secrets'>;

/** Whoever has signed in, and how. */
export interface SessionStart {
  personId: PersonId;
  connectionId: ConnectionId;
  subject: string;
  role: string | null;
  /** When the other side wants it over. */
  endsAt?: Date | undefined;
  /** What the other side calls person and session, and whatever else it wants back when signing out. */
  partner?:
    | { name: string; index?: string | undefined; details: Readonly<Record<string, string>> }
    | undefined;
}

/** Starts a session. @returns it with the secret for the browser's cookie, which is kept nowhere else */
export async function startSession(
  { secrets }: Pick<Deps, 'secrets'>,
  tx: TenantTx,
  { partner, endsAt: wantedEnd, ...start }: SessionStart,
  now: number,
): Promise<{ sessionId: SessionId; secret: string }> {
  const sessionId = newId<SessionId>(now);
  const secret = newSecret();
  const at = new Date(now);
  await endOldest(tx, start.personId, usualLimits.perPerson - 1, at);
  await insertSession(tx, {
    ...start,
    ...planSession(now, usualLimits, wantedEnd),
    sessionId,
    secretHash: hashSecret(secret),
    partnerNameHash: partner === undefined ? null : hashSecret(partner.name),
    partnerIndexHash: partner?.index === undefined ? null : hashSecret(partner.index),
    sealedPartner:
      partner === undefined
        ? null
        : await secrets.seal(tx, partnerPlace(sessionId), JSON.stringify(partner.details)),
    startedAt: at,
  });
  return { sessionId, secret };
}

export function partnerPlace(sessionId: SessionId) {
  return { table: 'session', column: 'sealed_partner', row: sessionId };
}

/** Somebody who is there is noted this often at most. */
const noteEveryMs = 60_000;

/** The live session of a browser, or undefined. One round trip mostly; a second one once a minute. */
export async function findSession(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  tenantId: TenantId,
  cookieHeader: string | undefined,
): Promise<Session | undefined> {
  const secret = findCookie(cookieHeader, sessionCookieName(tenantId));
  if (secret === undefined || !/^[\w-]{32}$/.test(secret)) return undefined;
  const now = clock.now();
  const session = await selectLiveSession(db.tenant(tenantId), hashSecret(secret), new Date(now));

  if (session !== undefined && now - session.seenAt.getTime() > noteEveryMs) {
    const idleUntil = new Date(now + usualLimits.idleMs);
    await touchSession(db.tenant(tenantId), session.sessionId, new Date(now), idleUntil);
  }
  return session;
}

/** One cookie for each institution: a device may be signed in at two. */
function sessionCookieName(tenantId: TenantId): string {
  return `__Host-ghs-${tenantId.replaceAll('-', '')}`;
}

/** The cookie of a session; without a secret, what takes it out again. Lax: people come to the portal by links. */
export function sessionCookie(tenantId: TenantId, secret: string | undefined): HostCookie {
  return {
    name: sessionCookieName(tenantId),
    value: secret ?? '',
    maxAgeSeconds: secret === undefined ? 0 : usualLimits.absoluteMs / 1000,
    partitioned: false,
    sameSite: 'Lax',
  };
}

/** Ends sessions for a reason of the program: the person signed out, or the other side did, or the account is gone. */
export function endFor(
  tx: TenantTx,
  choice: SessionChoice,
  by: Exclude<SessionEnd, 'operator'>,
  now: number,
): Promise<Session[]> {
  return endSessions(tx, choice, by, new Date(now));
}

/** An operator ends sessions; it is audited. @returns how many were open */
export async function revokeSessions(
  tx: TenantTx,
  choice: { sessionId: SessionId } | { personId: PersonId },
  by: ChangeBy,
): Promise<number> {
  const ended = await endSessions(tx, choice, 'operator', new Date(by.now));
  const subject = 'sessionId' in choice ? `session:${choice.sessionId}` : `person:${choice.personId}`;
  await recordAudit(tx, { ...by, action: 'session.revoked', subject, after: { ended: ended.length } });
  return ended.length;
}
