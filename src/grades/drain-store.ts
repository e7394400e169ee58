import { z } from 'zod';
import type { ConnectionId, DeliveryId, LineItemId, PersonId } from '../../contracts/ids.ts';
import { breakerThreshold } from '../health/breaker/transition.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { impossibleWaitMs } from './back-off.ts';
import type { PendingDelivery } from './coalesce.ts';
import type { KeptScore } from './score.ts';
import type { HeldLine } from './settle.ts';

export interface TakeInput {
  connectionId: ConnectionId;
  /** Names this worker's hold on what it takes. */
  token: string;
  now: Date;
  /** Milliseconds. */
  leaseMs: number;
  /** Most lines. */
  most: number;
  rate: { perSecond: number; burst: number };
}

/** A line that is now held, and where its scores go. */
export interface TakenLine extends HeldLine {
  lineItemUrl: string;
  deploymentId: string;
  /** The person as the connection knows them; undefined when it does not any more. */
  subject: string | undefined;
  lastSentAt: Date | undefined;
  /** The delivery that the connection has last taken. */
  deliveredId: DeliveryId | undefined;
  /** Deliveries that had not ended when it was taken. */
  pending: number;
  /** The connection has failed or was stopped, and this line tries it. */
  routeTroubled: boolean;
  /** Names the hold on it. */
  token: string;
}

const lineRow = z.object({
  line_item_id: z.uuid(),
  person_id: z.uuid(),
  delivered_id: z.uuid().nullable(),
  pending: z.number(),
  tries: z.number(),
  failing_since: z.date().nullable(),
  maybe_sent: z.boolean(),
  lost_try: z.boolean(),
  sent_at: z.date().nullable(),
  lms_url: z.string(),
  deployment_id: z.string(),
  subject: z.string().nullable(),
  troubled: z.boolean(),
});

/**
 * Takes lines that are due, oldest first, and as many tokens of the connection, in one statement: passes over those that
 * another worker takes at this moment or holds, and holds them for `leaseMs` by the database's clock. A connection that
 * was stopped or is down, and whose pause is over, gives one line to try it with.
 */
export async function takeDueLines(tx: TenantTx, input: TakeInput): Promise<TakenLine[]> {
  const { tenantId } = tx;
  const { connectionId, token, now, leaseMs, most, rate } = input;
  const impossible = new Date(now.getTime() + impossibleWaitMs);
  const rows = await tx.many(
    sql`
    with route as (
      select failures > 0 or state = 'stopped' or blocked_until is not null as troubled,
        -- Filled by a clock that ran ahead, it would stay as it is until then.
        case when filled_at > ${now}::timestamptz + interval '1 minute' then ${rate.burst}::float8 else least(
          ${rate.burst}::float8,
          tokens + ${rate.perSecond}::float8 * greatest(0, extract(epoch from ${now}::timestamptz - filled_at)))
          end as available,
        case when state = 'stopped' or failures >= ${breakerThreshold} then 1 else ${most}::integer end as most
      from grade_route
      where tenant_id = ${tenantId} and connection_id = ${connectionId}
        and (state = 'running' and blocked_until is null
          or state <> 'paused' and (blocked_until <= ${now} or blocked_until > ${impossible}))
      for update),
    due as (
      select l.ctid as place, l.lease_token is not null as lost_try,
        case when l.lease_token is null then l.due_at else ${now} end as was_due
      from grade_line l
      where l.tenant_id = ${tenantId} and l.connection_id = ${connectionId} and l.due_at <= ${now}
        and (l.lease_until is null or l.lease_until <= now()) and exists (select from route)
      order by l.due_at
      limit (select least(most, floor(available)::integer) from route)
      for update of l skip locked),
    taken as (
      -- By its place, which any plan finds at once. A line that was changed after this statement began is locked, but not
      -- found: it stays due.
      update grade_line l set lease_token = ${token}, lease_until = now() + make_interval(secs => ${leaseMs / 1_000})
      from due where l.tenant_id = ${tenantId} and l.ctid = due.place
      returning l.line_item_id, l.person_id, l.delivered_id, l.pending, l.tries, l.maybe_sent, l.sent_at, due.lost_try,
        l.failing_since + (${now}::timestamptz - due.was_due) as failing_since),
    paid as (
      update grade_route r
      set tokens = route.available - (select count(*) from taken),
        filled_at = case when r.filled_at > ${now}::timestamptz + interval '1 minute' then ${now}
          else greatest(${now}, r.filled_at) end
      from route
      where r.tenant_id = ${tenantId} and r.connection_id = ${connectionId} and exists (select from taken))
    select taken.line_item_id, taken.person_id, taken.delivered_id, taken.pending, taken.tries, taken.maybe_sent,
      taken.sent_at, taken.failing_since, taken.lost_try,
      item.lms_url, item.deployment_id, route.troubled,
      coalesce((select k.subject from person_link k where k.tenant_id = ${tenantId}
        and k.connection_id = ${connectionId} and k.person_id = taken.person_id order by k.created_at desc limit 1),
        -- A score that was accepted while the person became one with another.
        (select k.subject from person p join person_link k on k.tenant_id = ${tenantId}
            and k.connection_id = ${connectionId} and k.person_id = p.merged_into
          where p.tenant_id = ${tenantId} and p.person_id = taken.person_id
          order by k.created_at desc limit 1)) as subject
    from taken
    cross join route
    join line_item item on item.tenant_id = ${tenantId} and item.line_item_id = taken.line_item_id`,
    lineRow,
  );
  return rows.map((row) => ({
    lineItemId: row.line_item_id as LineItemId,
    personId: row.person_id as PersonId,
    deliveredId: (row.delivered_id ?? undefined) as DeliveryId | undefined,
    pending: row.pending,
    tries: row.tries,
    failingSince: row.failing_since ?? undefined,
    maybeSent: row.maybe_sent || row.lost_try,
    lostTry: row.lost_try,
    lineItemUrl: row.lms_url,
    deploymentId: row.deployment_id,
    subject: row.subject ?? undefined,
    lastSentAt: row.sent_at ?? undefined,
    routeTroubled: row.troubled,
    token,
  }));
}

const waitingRow = z.object({
  line_item_id: z.uuid(),
  person_id: z.uuid(),
  delivery_id: z.uuid(),
  attempts: z.number(),
  score_timestamp: z.date(),
  score: z.custom<PendingDelivery['score']>((value) => typeof value === 'object' && value !== null),
});

/**
 * The scores that wait in lines this worker holds, by `lineKey`, each line's oldest first and 200 of it at most. It has to
 * be a statement of its own: the one that took the lines may have been looking at the table before another worker's
 * settlement.
 */
export async function listWaiting(
  tx: TenantTx,
  lines: readonly TakenLine[],
): Promise<Map<string, PendingDelivery[]>> {
  const rows = await tx.many(
    sql`
    select d.line_item_id, d.person_id, d.delivery_id, d.attempts, d.score_timestamp, d.score
    from unnest(${lines.map(({ lineItemId }) => lineItemId)}::uuid[], ${lines.map(({ personId }) => personId)}::uuid[])
      as held(line_item_id, person_id)
    cross join lateral (
      select * from grade_delivery waiting
      where waiting.tenant_id = ${tx.tenantId} and waiting.line_item_id = held.line_item_id
        and waiting.person_id = held.person_id and waiting.ended_at is null and waiting.score is not null
      order by waiting.score_timestamp limit 200) d
    order by d.score_timestamp`,
    waitingRow,
  );
  const waiting = new Map<string, PendingDelivery[]>();
  for (const row of rows) {
    const key = lineKey(row.line_item_id, row.person_id);
    const line = waiting.get(key) ?? [];
    waiting.set(key, line);
    line.push({
      deliveryId: row.delivery_id as DeliveryId,
      attempts: row.attempts,
      score: row.score,
      at: row.score_timestamp,
    });
  }
  return waiting;
}

const scoreRow = z.object({ score: waitingRow.shape.score.nullable() });

/** The score of a delivery, where it is kept still. */
export async function findScore(tx: TenantTx, deliveryId: DeliveryId): Promise<KeptScore | undefined> {
  const row = await tx.maybeOne(
    sql`select score from grade_delivery where tenant_id = ${tx.tenantId} and delivery_id = ${deliveryId}`,
    scoreRow,
  );
  return row?.score ?? undefined;
}

export function lineKey(lineItemId: string, personId: string): string {
  return `${lineItemId} ${personId}`;
}
