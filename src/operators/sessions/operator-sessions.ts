import { hash, timingSafeEqual } from 'node:crypto';
import { type SetupStep, scopesOf, scopesOfStep } from '../../../contracts/http/roles.ts';
import { type ApiScope, apiScopes } from '../../../contracts/http/scopes.ts';
import {
  type ConnectionId,
  newId,
  type OperatorLinkId,
  type OperatorSessionId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newHandle, parseHandle } from '../../platform/handle.ts';
import { findCookie, type HostCookie } from '../../platform/http/cookies.ts';
import type { PartnerHashes } from '../../sso/sessions/session.ts';
import { hashPartner } from '../../sso/sessions/sessions.ts';
import { decideBehind } from '../hands.ts';
import type { BeganBy, Operator, OperatorSession } from '../operator.ts';
import type { OperatorServices, OwnerTx } from '../services.ts';
import {
  endOldest,
  endSessions,
  insertSession,
  selectLiveSession,
  selectSessions,
  touchSession,
} from './operator-session-store.ts';

type Deps = Pick<OperatorServices, 'db' | 'clock'>;

const minute = 60_000;
const hour = 60 * minute;

/** How long sessions last, in milliseconds: without a request, and however busy. */
export const sessionLimits = {
  /** A working day, and half an hour away from the desk. */
  full: { idleMs: 30 * minute, absoluteMs: 12 * hour },
  /** For finding the telephone. */
  second_factor: { idleMs: 5 * minute, absoluteMs: 5 * minute },
  /** A set-up waits for other people; its link cannot be opened twice. */
  set_up: { idleMs: 3 * 24 * hour, absoluteMs: 14 * 24 * hour },
} as const;

/** Of one person at once in each stage; the oldest gives way. */
const perOperator = 20;

export interface SessionStart {
  operator: Operator;
  beganBy: BeganBy;
  /** Asks for the second factor first; otherwise only where the operator has one. */
  stage?: OperatorSession['stage'];
  setUp?: { linkId: OperatorLinkId; steps: readonly SetupStep[] } | undefined;
  /** The institution's connection it comes by. */
  connectionId?: ConnectionId | undefined;
  /** When the other side wants it over. */
  endsBy?: Date | undefined;
  /** By what it tells that the session is over. */
  partner?: PartnerHashes | undefined;
  /** What the browser sent: whoever was signed in there before is so no more. */
  cookieHeader: string | undefined;
  /** From where, for the audit trail. */
  from?: string | undefined;
}

/** @param time Unix milliseconds */
function notAfter(time: number, end: Date | undefined): Date {
  return new Date(end === undefined ? time : Math.min(time, end.getTime()));
}

/** What the browser is given. */
export interface StartedSession {
  state: 'signed_in' | 'second_factor_needed';
  /** For the cookie alone. */
  secret: string;
  csrfToken: string;
}

/**
 * Begins a session under a cookie of its own, never one that the browser had before: nobody can have planted it (session
 * fixation).
 */
export async function beginSession(tx: OwnerTx, start: SessionStart, now: number): Promise<StartedSession> {
  const { operator, beganBy, setUp, connectionId = null, endsBy, cookieHeader } = start;
  const { partner = hashPartner(undefined) } = start;
  const stage = start.stage ?? (operator.secondFactor ? 'second_factor' : 'full');
  const at = new Date(now);
  const secret = newHandle(tx.tenantId);
  const before = readSecret(cookieHeader);
  if (before?.tenantId === tx.tenantId) await endSessions(tx, { secretHash: before.hash }, 'rotated', at);
  await endOldest(tx, { operatorId: operator.operatorId, stage, keep: perOperator - 1 }, at);
  const limits = sessionLimits[stage === 'full' && setUp !== undefined ? 'set_up' : stage];
  await insertSession(tx, {
    sessionId: newId<OperatorSessionId>(now),
    secretHash: hashSecret(secret),
    operatorId: operator.operatorId,
    stage,
    beganBy,
    linkId: setUp?.linkId ?? null,
    steps: setUp?.steps ?? null,
    connectionId,
    startedAt: at,
    provedAt: at,
    idleUntil: notAfter(now + limits.idleMs, endsBy),
    endsAt: notAfter(now + limits.absoluteMs, endsBy),
    partnerEndsAt: endsBy ?? null,
    partner,
  });
  const state = stage === 'full' ? 'signed_in' : 'second_factor_needed';
  return { state, secret, csrfToken: csrfTokenOf(secret) };
}

/** Somebody signed in at the console, or half-way there, as a request brings them. */
export interface SignedInOperator {
  operator: Operator;
  session: OperatorSession;
  /** Who else could sit there: has lately handed out the way in. */
  behind: readonly string[];
  secret: string;
}

/** Somebody who is there is noted this often at most. */
const noteEveryMs = minute;

/** The live session of a browser, of whichever stage. */
export async function findSession(
  { db, clock }: Deps,
  cookieHeader: string | undefined,
): Promise<SignedInOperator | undefined> {
  const secret = readSecret(cookieHeader);
  if (secret === undefined) return undefined;
  const now = clock.now();
  return inScope(db, secret.tenantId, async (tx) => {
    const found = await selectLiveSession(tx, secret.hash, new Date(now));
    if (found === undefined) return undefined;
    const { session, operator, wayIn } = found;
    if (session.stage === 'full' && now - session.seenAt.getTime() > noteEveryMs) {
      const { idleMs } = sessionLimits[session.steps === null ? 'full' : 'set_up'];
      await touchSession(tx, session.sessionId, new Date(now), new Date(now + idleMs));
    }
    return { session, operator, behind: decideBehind(wayIn, now), secret: secret.text };
  });
}

/**
 * Puts a session under another cookie, as whenever somebody may do more or less than before. One that was ended meanwhile stays so.
 *
 * @throws DomainError unauthenticated `session_ended`
 */
export async function rotateSession(
  tx: OwnerTx,
  { operator, session }: SignedInOperator,
  now: number,
): Promise<StartedSession> {
  const secret = newHandle(tx.tenantId);
  if ((await endSessions(tx, { sessionId: session.sessionId }, 'rotated', new Date(now))) === 0) {
    throw new DomainError('unauthenticated', 'session_ended', 'This session has ended. Sign in again.');
  }
  await insertSession(tx, {
    ...session,
    sessionId: newId<OperatorSessionId>(now),
    operatorId: operator.operatorId,
    secretHash: hashSecret(secret),
    startedAt: new Date(now),
  });
  return { state: 'signed_in', secret, csrfToken: csrfTokenOf(secret) };
}

/** Ends the session of a browser. */
export async function endOwn({ db, clock }: Deps, { operator, session }: SignedInOperator): Promise<void> {
  const at = new Date(clock.now());
  await inScope(db, operator.tenantId, (tx) =>
    endSessions(tx, { sessionId: session.sessionId }, 'operator', at),
  );
}

/** Where somebody is signed in, the newest first. */
export function listOwn({ db, clock }: Deps, { tenantId, operatorId }: Operator): Promise<OperatorSession[]> {
  return inScope(db, tenantId, (tx) => selectSessions(tx, operatorId, new Date(clock.now())));
}

/** Ends one of somebody's own sessions. @throws DomainError not_found `operator_session_unknown` */
export async function endOneOwn(
  { db, clock }: Deps,
  { tenantId, operatorId }: Operator,
  sessionId: OperatorSessionId,
): Promise<void> {
  const at = new Date(clock.now());
  const ended = await inScope(db, tenantId, (tx) =>
    endSessions(tx, { sessionId, operatorId }, 'operator', at),
  );
  if (ended > 0) return;
  const message = 'You have no such open session. List your sessions to see them.';
  throw new DomainError('not_found', 'operator_session_unknown', message);
}

/** What a session may do: by the roles, or by the steps of its set-up link. */
export function scopesOfSession({
  operator,
  session,
}: Pick<SignedInOperator, 'operator' | 'session'>): readonly ApiScope[] {
  if (session.steps === null) return scopesOf(operator.roles);
  const ofSteps = session.steps.flatMap((step) => scopesOfStep[step]);
  return apiScopes.filter((scope) => ofSteps.includes(scope));
}

const cookie = '__Host-gho';

/** The cookie names its owner, so that its row is looked for among nobody else's. */
function readSecret(
  header: string | undefined,
): { tenantId: TenantId; hash: Buffer; text: string } | undefined {
  const text = findCookie(header, cookie);
  const handle = parseHandle(text, 1);
  if (text === undefined || handle === undefined) return undefined;
  return { tenantId: handle.ids[0] as TenantId, hash: handle.hash, text };
}

/** Whether a request brings a console session's cookie, good or not. */
export function bringsSession(header: string | undefined): boolean {
  return (findCookie(header, cookie) ?? '') !== '';
}

/**
 * The cookie of a session; without a secret, what takes it out again. Strict: nothing but the console's own pages calls the API
 * with it. Those of set-up links outlive the browser's closing.
 */
export function sessionCookie(secret: string | undefined, maxAgeSeconds?: number): HostCookie {
  return {
    name: cookie,
    value: secret ?? '',
    maxAgeSeconds: secret === undefined ? 0 : maxAgeSeconds,
    partitioned: false,
    sameSite: 'Strict',
  };
}

/** What a change has to bring beside the cookie. It follows from the cookie, which no script and no other site can read. */
export function csrfTokenOf(secret: string): string {
  return hash('sha256', `gatehouse csrf ${secret}`, 'base64url');
}

export function isCsrfToken(secret: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const [known, other] = [Buffer.from(csrfTokenOf(secret)), Buffer.from(given)];
  return known.length === other.length && timingSafeEqual(known, other);
}
