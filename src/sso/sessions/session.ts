import type { ConnectionId, PersonId, SessionId } from '../../../contracts/ids.ts';

/** Why a session ended. */
export const sessionEnds = [
  'person',
  'partner',
  'operator',
  'directory',
  'idle',
  'expired',
  'replaced',
] as const;
export type SessionEnd = (typeof sessionEnds)[number];

/** Somebody who is signed in. */
export interface Session {
  sessionId: SessionId;
  personId: PersonId;
  connectionId: ConnectionId;
  /** The link that was signed in by. */
  subject: string;
  role: string | null;
  startedAt: Date;
  seenAt: Date;
  idleUntil: Date;
  endsAt: Date;
  endedAt: Date | null;
  endedBy: SessionEnd | null;
}

/** What the other side calls somebody, and its own session. */
export interface PartnerNames {
  name: string;
  index?: string | undefined;
}

/** What the other side calls somebody and its own session, as SHA-256: by that it ends what came of it; null where it said nothing. */
export interface PartnerHashes {
  partnerNameHash: Buffer | null;
  partnerIndexHash: Buffer | null;
}

/** Sessions that the other side says are over: one of its own, whoever's it was, or somebody's: those listed, or all if none is. */
export type EndedByPartner =
  | { partnerIndexHash: Buffer }
  | { partnerNameHash: Buffer; partnerIndexHashes: readonly Buffer[] };

/** How long sessions last. In milliseconds. */
export interface SessionLimits {
  /** Without a request. */
  idleMs: number;
  /** However busy. */
  absoluteMs: number;
  /** Most of one person by one connection at once, unless the connection says otherwise; the oldest gives way. */
  perPerson: number;
}

const hour = 3_600_000;

/** A school day, and half an hour away from it: devices are shared. So are accounts of young classes. */
export const usualLimits: SessionLimits = { idleMs: hour / 2, absoluteMs: 10 * hour, perPerson: 40 };

/** When a session that begins now ends, also where the other side wants it over earlier. */
export function planSession(
  now: number,
  limits: SessionLimits,
  wantedEnd: Date | undefined,
): { idleUntil: Date; endsAt: Date } {
  const end = Math.min(now + limits.absoluteMs, wantedEnd?.getTime() ?? Number.POSITIVE_INFINITY);
  return { idleUntil: new Date(Math.min(now + limits.idleMs, end)), endsAt: new Date(end) };
}
