import type { RouteState } from '../../contracts/grades.ts';
import type { ConnectionId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import * as store from './pause-store.ts';

/** How deliveries over one connection go. */
export interface GradeRoute {
  connectionId: ConnectionId;
  /** Such as an LMS family. */
  partner: string;
  /** `paused` by a person, `stopped` by the hub for a fault of settings. */
  state: RouteState;
  /** Why it is paused, in a person's words, or stopped: a `GradeReason`. */
  reason: string | null;
  /** Since when it is in this state; null where nothing was ever sent. */
  changedAt: Date | null;
  /** The hub leaves it alone until then, by itself. */
  blockedUntil: Date | null;
  /** Failures of the host in a row. */
  failures: number;
  /** Deliveries that wait. */
  pending: number;
  /** Lines, each one person's scores on one line item, that could be sent now. */
  due: number;
  oldestPending: Date | null;
}

/** How deliveries go, connection by connection. @param now Unix milliseconds */
export function listRoutes(tx: TenantTx, now: number): Promise<GradeRoute[]> {
  return store.listRoutes(tx, new Date(now));
}

/**
 * Holds back what waits for a connection and what will come: scores are still accepted. What is being sent at this
 * moment still arrives.
 *
 * @param reason why, in words without personal data
 * @throws DomainError not_found `connection_unknown`, input `pause_reason_invalid`
 */
export async function pauseRoute(
  tx: TenantTx,
  connectionId: ConnectionId,
  reason: string,
  by: ChangeBy,
): Promise<void> {
  if (reason.trim() === '' || reason.length > 200) {
    throw new DomainError('input', 'pause_reason_invalid', 'Say in at most 200 characters why it is paused.');
  }
  await change(tx, connectionId, { state: 'paused', reason }, { ...by, reason });
}

/**
 * Sends on what waits, whether a person had paused it or the hub had stopped it.
 *
 * @throws DomainError not_found `connection_unknown`
 */
export function resumeRoute(tx: TenantTx, connectionId: ConnectionId, by: ChangeBy): Promise<void> {
  return change(tx, connectionId, { state: 'running', reason: null }, by);
}

async function change(
  tx: TenantTx,
  connectionId: ConnectionId,
  to: { state: 'running' | 'paused'; reason: string | null },
  by: ChangeBy,
): Promise<void> {
  const before = await store.setRouteState(tx, connectionId, { ...to, now: new Date(by.now) });
  if (before === undefined) throw connectionUnknown(connectionId);
  await recordAudit(tx, {
    ...by,
    action: to.state === 'paused' ? 'grade_route.paused' : 'grade_route.resumed',
    subject: `connection:${connectionId}`,
    before: { state: before },
    after: { state: to.state },
  });
}

export function connectionUnknown(connectionId: ConnectionId): DomainError {
  return new DomainError(
    'not_found',
    'connection_unknown',
    `This tenant has no connection ${connectionId}. List its connections to see their ids.`,
  );
}
