import { z } from 'zod';
import type { ConnectionId, DeliveryId, LineItemId, PersonId, ToolId } from '../../contracts/ids.ts';
import { outcomes } from '../health/outcomes.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import type { Delivery, DeliveryAttempt, DeliveryDetails, DeliveryFilter } from './delivery.ts';
import { type DeliveryState, deliveryStates } from './states.ts';

const columns = sql`d.delivery_id, d.connection_id, d.tool_id, d.line_item_id, d.person_id, d.state, d.outcome,
  ${reasonOf()} as reason, d.attempts, d.score_timestamp, d.accepted_at, d.ended_at`;

/** The reason of the delivery `d`: its own, or while it waits untried, the one its connection was stopped for. */
export function reasonOf(): Sql {
  return sql`case when d.reason is null and d.ended_at is null then (select r.reason from grade_route r
    where r.tenant_id = d.tenant_id and r.connection_id = d.connection_id and r.state = 'stopped') else d.reason end`;
}

const deliveryFields = z.object({
  delivery_id: z.uuid(),
  connection_id: z.uuid(),
  tool_id: z.uuid(),
  line_item_id: z.uuid(),
  person_id: z.uuid(),
  state: z.enum(deliveryStates),
  outcome: z.enum(outcomes).nullable(),
  reason: z.string().nullable(),
  attempts: z.number(),
  score_timestamp: z.date(),
  accepted_at: z.date(),
  ended_at: z.date().nullable(),
});

function toDelivery(row: z.output<typeof deliveryFields>): Delivery {
  return {
    deliveryId: row.delivery_id as DeliveryId,
    connectionId: row.connection_id as ConnectionId,
    toolId: row.tool_id as ToolId,
    lineItemId: row.line_item_id as LineItemId,
    personId: row.person_id as PersonId,
    state: row.state,
    outcome: row.outcome,
    reason: row.reason,
    attempts: row.attempts,
    scoreTimestamp: row.score_timestamp,
    acceptedAt: row.accepted_at,
    endedAt: row.ended_at,
  };
}

/** A filter as conditions on the delivery `d`. The id holds the time of acceptance, so `since` leaves months out. */
export function whichDeliveries({ connectionId, toolId, lineItemId, reason, since }: DeliveryFilter): Sql {
  const is = (condition: Sql, isAsked: boolean) => (isAsked ? condition : sql``);
  return sql`${is(sql`and d.connection_id = ${connectionId ?? null}`, connectionId !== undefined)}
    ${is(sql`and d.tool_id = ${toolId ?? null}`, toolId !== undefined)}
    ${is(sql`and d.line_item_id = ${lineItemId ?? null}`, lineItemId !== undefined)}
    ${is(sql`and ${reasonOf()} = ${reason ?? null}`, reason !== undefined)}
    ${is(sql`and d.delivery_id >= uuid_floor(${since ?? null}::timestamptz)`, since !== undefined)}`;
}

/** Those in one of the states. Waiting ones have an index of their own. */
export function inStates(states: readonly DeliveryState[]): Sql {
  const waiting = states.every((state) => state === 'pending');
  return sql`and d.state = any (${states}::text[]) ${waiting ? sql`and d.ended_at is null` : sql``}`;
}

/**
 * The newest deliveries first.
 *
 * @param page at most `limit`, accepted before the delivery `before`
 */
export function listDeliveries(
  tx: TenantTx,
  filter: DeliveryFilter & { state?: DeliveryState | undefined },
  page: { limit: number; before?: DeliveryId | undefined },
): Promise<Delivery[]> {
  const { state } = filter;
  return tx.many(
    sql`select ${columns} from grade_delivery d
      where d.tenant_id = ${tx.tenantId} ${whichDeliveries(filter)} ${state === undefined ? sql`` : inStates([state])}
        ${page.before === undefined ? sql`` : sql`and d.delivery_id < ${page.before}`}
      order by d.delivery_id desc limit ${page.limit}`,
    deliveryFields.transform(toDelivery),
  );
}

const detailsRow = deliveryFields
  .extend({
    partner: z.string(),
    being_sent: z.boolean().nullable(),
    due_at: z.date().nullable(),
    route_state: z.string(),
    route_reason: z.string().nullable(),
    score_kept: z.boolean(),
  })
  .transform(
    (row): Omit<DeliveryDetails, 'tries'> => ({
      ...toDelivery(row),
      partner: row.partner,
      beingSent: row.being_sent ?? false,
      dueAt: row.due_at,
      route: { state: row.route_state, reason: row.route_reason },
      scoreKept: row.score_kept,
    }),
  );

export function findDelivery(
  tx: TenantTx,
  deliveryId: DeliveryId,
): Promise<Omit<DeliveryDetails, 'tries'> | undefined> {
  return tx.maybeOne(
    sql`select ${columns}, c.partner, l.lease_until > now() as being_sent, l.due_at,
        coalesce(r.state, 'running') as route_state, r.reason as route_reason, d.score is not null as score_kept
      from grade_delivery d
      join connection c using (tenant_id, connection_id)
      left join grade_line l using (tenant_id, line_item_id, person_id)
      left join grade_route r on r.tenant_id = d.tenant_id and r.connection_id = d.connection_id
      where d.tenant_id = ${tx.tenantId} and d.delivery_id = ${deliveryId}`,
    detailsRow,
  );
}

const attemptRow = z
  .object({
    attempt: z.number(),
    outcome: z.string(),
    reason: z.string().nullable(),
    http_status: z.number().nullable(),
    started_at: z.date(),
    ended_at: z.date(),
  })
  .transform(
    (row): DeliveryAttempt => ({
      attempt: row.attempt,
      outcome: row.outcome,
      reason: row.reason,
      httpStatus: row.http_status,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    }),
  );

/** The tries of a delivery, oldest first. */
export function listAttempts(tx: TenantTx, deliveryId: DeliveryId): Promise<DeliveryAttempt[]> {
  return tx.many(
    sql`select attempt, outcome, reason, http_status, started_at, ended_at from grade_attempt
      where tenant_id = ${tx.tenantId} and delivery_id = ${deliveryId} order by attempt`,
    attemptRow,
  );
}
