import { z } from 'zod';
import type { DeliveryId, LineItemId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { inStates, reasonOf } from './delivery-store.ts';
import { type DeliveryState, deliveryStates } from './states.ts';

/** A delivery as the tool that sent the score may see it. */
export interface ToolDelivery {
  deliveryId: DeliveryId;
  /** The person by the name the tool knows. */
  userId: string;
  state: DeliveryState;
  reason: string | null;
  attempts: number;
  /** The tool's own time of the score. */
  timestamp: Date;
  acceptedAt: Date;
  endedAt: Date | null;
  /** When it is tried next, where it waits; a paused or stopped connection may make it later. */
  dueAt: Date | null;
}

export interface ToolDeliveryQuery {
  toolId: ToolId;
  lineItemId: LineItemId;
  userId?: string | undefined;
  state?: DeliveryState | undefined;
  /** Accepted then or later. */
  since: Date;
  /** Those accepted before this one: where the page before ended. */
  before?: DeliveryId | undefined;
  limit: number;
}

const row = z
  .object({
    delivery_id: z.uuid(),
    sub: z.string(),
    state: z.enum(deliveryStates),
    reason: z.string().nullable(),
    attempts: z.number(),
    score_timestamp: z.date(),
    accepted_at: z.date(),
    ended_at: z.date().nullable(),
    due_at: z.date().nullable(),
  })
  .transform(
    (found): ToolDelivery => ({
      deliveryId: found.delivery_id as DeliveryId,
      userId: found.sub,
      state: found.state,
      reason: found.reason,
      attempts: found.attempts,
      timestamp: found.score_timestamp,
      acceptedAt: found.accepted_at,
      endedAt: found.ended_at,
      dueAt: found.due_at,
    }),
  );

/** A tool's own deliveries to a line item, newest first. A person whose name was taken from the tool is left out. */
export function listToolDeliveries(tx: TenantTx, query: ToolDeliveryQuery): Promise<ToolDelivery[]> {
  const { tenantId } = tx;
  const { toolId, lineItemId, userId, state, since, before, limit } = query;
  return tx.many(
    sql`select d.delivery_id, p.sub, d.state, ${reasonOf()} as reason, d.attempts, d.score_timestamp, d.accepted_at, d.ended_at,
        case when d.ended_at is null then l.due_at end as due_at
      from grade_delivery d
      join pseudonym p on p.tenant_id = ${tenantId} and p.tool_id = d.tool_id and p.person_id = d.person_id
      join grade_line l on l.tenant_id = ${tenantId} and l.line_item_id = d.line_item_id and l.person_id = d.person_id
      where d.tenant_id = ${tenantId} and d.line_item_id = ${lineItemId} and d.tool_id = ${toolId}
        and d.delivery_id >= uuid_floor(${since}::timestamptz)
        ${before === undefined ? sql`` : sql`and d.delivery_id < ${before}`}
        ${state === undefined ? sql`` : inStates([state])}
        ${userId === undefined ? sql`` : sql`and p.sub = ${userId}`}
      order by d.delivery_id desc limit ${limit}`,
    row,
  );
}
