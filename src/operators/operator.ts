import type { OperatorRole, SetupStep } from '../../contracts/http/roles.ts';
import type {
  ConnectionId,
  OperatorId,
  OperatorLinkId,
  OperatorSessionId,
  TenantId,
} from '../../contracts/ids.ts';
import type { PartnerHashes } from '../sso/sessions/session.ts';

/** Somebody who works at the console: of the hub's staff (under the nil tenant), or an institution's admin. */
export interface Operator {
  tenantId: TenantId;
  operatorId: OperatorId;
  name: string;
  email: string;
  roles: readonly OperatorRole[];
  status: 'active' | 'disabled';
  hasPassword: boolean;
  /** Whether the institution's own sign-in is linked. */
  isLinked: boolean;
  /** Whether an authenticator was confirmed. */
  secondFactor: boolean;
  createdAt: Date;
  lastSignInAt: Date | null;
}

/** How a session began. */
export const waysToBegin = ['password', 'link', 'company', 'school'] as const;
export type BeganBy = (typeof waysToBegin)[number];

/** Why a session ended before its time. */
export type OperatorSessionEnd = 'operator' | 'revoked' | 'rotated' | 'change' | 'partner';

/** Somebody signed in at the console, or half-way there. */
export interface OperatorSession {
  sessionId: OperatorSessionId;
  stage: 'second_factor' | 'full';
  beganBy: BeganBy;
  /** The set-up link it came by, which binds it to its steps. */
  linkId: OperatorLinkId | null;
  steps: readonly SetupStep[] | null;
  /** The institution's connection it began by. */
  connectionId: ConnectionId | null;
  startedAt: Date;
  /** When whoever it is last showed that; null: before that was kept. */
  provedAt: Date | null;
  seenAt: Date;
  idleUntil: Date;
  endsAt: Date;
  /** When the institution's provider wants it over, whatever is asked for meanwhile. */
  partnerEndsAt: Date | null;
  /** By what the provider tells that it is over; shown to nobody. */
  partner: PartnerHashes;
}

/**
 * Whether somebody signs in by themselves. Nobody else acts under their name by a link then; of others, whoever opens the link is
 * the account.
 */
export function isLasting({ hasPassword, isLinked }: Pick<Operator, 'hasPassword' | 'isLinked'>): boolean {
  return hasPassword || isLinked;
}

/** The one spelling an address is kept and compared in. */
export function normaliseEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** What the audit trail calls an operator, as subject and, with what they did, as actor. */
export function subjectOf(operatorId: OperatorId): string {
  return `operator:${operatorId}`;
}
