import type { ConnectionId, LineItemId } from '../../../contracts/ids.ts';
import { findConnection } from '../../connections/registrations.ts';
import type { DeliveryFilter } from '../../grades/delivery.ts';
import { connectionUnknown } from '../../grades/pause.ts';
import type { TenantTx } from '../../platform/db.ts';
import { readToolId } from '../tools/tool-slugs.ts';

/** What deliveries have in common, as callers give it. */
export interface GivenFilter {
  connectionId?: string | undefined;
  tool?: string | undefined;
  lineItemId?: string | undefined;
  reason?: string | undefined;
  since?: string | undefined;
}

/** @throws DomainError not_found when there is no such tool or connection */
export async function completeFilter(tx: TenantTx, given: GivenFilter): Promise<DeliveryFilter> {
  const connectionId = given.connectionId as ConnectionId | undefined;
  await requireConnection(tx, connectionId);
  return {
    connectionId,
    toolId: await readToolId(tx, given.tool),
    lineItemId: given.lineItemId as LineItemId | undefined,
    reason: given.reason,
    since: given.since === undefined ? undefined : new Date(given.since),
  };
}

/** A connection that is meant is there. @throws DomainError not_found `connection_unknown` */
export async function requireConnection(tx: TenantTx, connectionId: ConnectionId | undefined): Promise<void> {
  if (connectionId === undefined || (await findConnection(tx, connectionId)) !== undefined) return;
  throw connectionUnknown(connectionId);
}
