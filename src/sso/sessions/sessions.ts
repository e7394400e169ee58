import {
  type ConnectionId,
  newId,
  type PersonId,
  type SessionId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newSecret } from '../../platform/handle.ts';
import { findCookie, type HostCookie } from '../../platform/http/cookies.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { SsoServices } from '../services.ts';
import {
  type PartnerHashes,
  type PartnerNames,
  planSession,
  type Session,
  type SessionEnd,
  usualLimits,
} from './session.ts';
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

/** What is kept of these names: enough to find the session again. */
export function hashPartner(partner: PartnerNames | undefined): PartnerHashes {
  return {
    partnerNameHash: partner === undefined ? null : hashSecret(partner.name),
    partnerIndexHash: partner?.index === undefined ? null : hashSecret(partner.index),
  };
}

/** Whoever has signed in, and how. */
export interface SessionStart {
  personId: PersonId;
  connectionId: ConnectionId;
  subject: string;
  role: string | null;
  /** When the other side wants it over. */
  endsAt?: Date | undefined;
  /** Most of this person by this connection at once; the usual number if not said. */
  perPerson?: number | undefined;
  /** What the other side calls person and session, and whatever else it wants back when signing out. */
  partner?: (PartnerNames & { details: Readonly<Record<string, string>> }) | undefined;
  /** What the browser sent: whoever was signed in there before is so no more. */
  cookieHeader?: string | undefined;
}

/** Starts a session. @returns it with the secret for the browser's cookie, which is kept nowhere else */
export async function startSession(
  { secrets }: Pick<Deps, 'secrets'>,
  tx: TenantTx,
  { partner, endsAt: wantedEnd, perPerson = usualLimits.perPerson, cookieHeader, ...start }: SessionStart,
  now: number,
): Promise<{ sessionId: SessionId; secret: string }> {
  const sessionId = newId<SessionId>(now);
  const secret = newSecret();
  const at = new Date(now);
  const before = readSecret(tx.tenantId, cookieHeader);
  if (before !== undefined) await endSessions(tx, { secretHash: hashSecret(before) }, 'replaced', at);
  await endOldest(tx, start, perPerson - 1, at);
  await insertSession(tx, {
    ...start,
    ...planSession(now, usualLimits, wantedEnd),
    sessionId,
    secretHash: hashSecret(secret),
    ...hashPartner(partner),
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
  const secret = readSecret(tenantId, cookieHeader);
  if (secret === undefined) return undefined;
  const now = clock.now();
  const session = await selectLiveSession(db.tenant(tenantId), hashSecret(secret), new Date(now));
  if (session !== undefined && now - session.seenAt.getTime() > noteEveryMs) {
    const idleUntil = new Date(now + usualLimits.idleMs);
    await touchSession(db.tenant(tenantId), session.sessionId, new Date(now), idleUntil);
  }
  return session;
}

function readSecret(tenantId: TenantId, cookieHeader: string | undefined): string | undefined {
  const secret = findCookie(cookieHeader, sessionCookieName(tenantId));
  return secret !== undefined && /^[\w-]{32}$/.test(secret) ? secret : undefined;
}

/** One cookie for each institution: a device may be signed in at two. */
function sessionCookieName(tenantId: TenantId): string {
  return `__Host-ghs-${tenantId.replaceAll('-', '')}`;
}

/**
 * The cookie of a session; without a secret, what takes it out again. It goes when the browser is closed: whoever opens it next
 * on a shared device is somebody else. Lax: people come to the portal by links.
 */
export function sessionCookie(tenantId: TenantId, secret: string | undefined): HostCookie {
  return {
    name: sessionCookieName(tenantId),
    value: secret ?? '',
    maxAgeSeconds: secret === undefined ? 0 : undefined,
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

/**
 * An operator ends sessions; it is audited.
 *
 * @returns how many were open
 * @throws DomainError not_found `session_unknown` where one is named that is not open
 */
export async function revokeSessions(tx: TenantTx, choice: RevokedSessions, by: ChangeBy): Promise<number> {
  const ended = await endSessions(tx, choice, 'operator', new Date(by.now));
  if ('sessionId' in choice && ended.length === 0) {
    const message = `This tenant has no open session ${choice.sessionId}. List its sessions to see their ids.`;
    throw new DomainError('not_found', 'session_unknown', message);
  }
  const after = { ended: ended.length };
  await recordAudit(tx, { ...by, action: 'session.revoked', subject: subjectOf(choice), after });
  return ended.length;
}

/** What an operator ends: one, all of a person, or all that were begun by a connection. */
export type RevokedSessions =
  | { sessionId: SessionId }
  | { personId: PersonId }
  | { connectionId: ConnectionId };

function subjectOf(choice: RevokedSessions): string {
  if ('sessionId' in choice) return `session:${choice.sessionId}`;
  return 'personId' in choice ? `person:${choice.personId}` : `connection:${choice.connectionId}`;
}
