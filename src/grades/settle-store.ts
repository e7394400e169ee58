import { z } from 'zod';
import type { Outcome } from '../health/outcomes.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import { meetLines } from './line-store.ts';
import type { Settlement, Tried } from './settle.ts';

/** A settlement with the line and the deliveries it is about. */
export interface SettledLine {
  lineItemId: string;
  personId: string;
  /** Names the hold under which it was tried. */
  token: string;
  settlement: Settlement;
  /** The delivery that was tried, and how many tries it had before. */
  tried: { deliveryId: string; attempts: number; times: Pick<Tried, 'startedAt' | 'endedAt'> };
  /** The worker before never said how its try ended: it is put on record as one nobody knows of. */
  lostTry: boolean;
  outcomes: ReadonlyMap<string, Outcome>;
}

const doneRow = z.object({ due: z.number(), held: z.number() });

/**
 * Writes how tries ended, for every line that is still held under its token: the others were taken over meanwhile, and
 * whoever holds them decides. Deliveries that were accepted meanwhile are counted on the line's own row, so none is missed.
 *
 * @returns how many lines were held still, and how many of them are due again at once
 */
export async function settleLines(
  tx: TenantTx,
  input: { now: Date; lines: readonly SettledLine[] },
): Promise<{ held: number; due: number }> {
  const { tenantId } = tx;
  const { now } = input;
  // In one order for every worker, so that two of them cannot wait for each other.
  const lines = input.lines.toSorted((a, b) =>
    `${a.lineItemId}${a.personId}` < `${b.lineItemId}${b.personId}` ? -1 : 1,
  );
  const deliveries = lines.flatMap(deliveryNews);
  const ids = deliveries.map((each) => each.delivery_id).sort();
  return tx.one(
    sql`
    with news as (
      select * from jsonb_to_recordset(${json(lines.map(lineNews))}::jsonb) as n(line_item_id uuid, person_id uuid,
        token uuid, ended integer, retry_at timestamptz, tries integer, failing_since timestamptz, maybe_sent boolean,
        sent_at timestamptz, delivered_id uuid)),
    held as (
      ${meetLines(sql`news`, tenantId, settled(now))}
      -- A count that was wrong must not keep a whole batch from being written down.
      do update set lease_token = null, lease_until = null, pending = greatest(l.pending - excluded.pending, 0),
        due_at = case when l.pending <= excluded.pending then null else excluded.newest_at end,
        tries = excluded.tries, failing_since = excluded.failing_since, maybe_sent = excluded.maybe_sent,
        sent_at = coalesce(excluded.sent_at, l.sent_at),
        delivered_id = coalesce(excluded.delivered_id, l.delivered_id)
      where l.lease_token = excluded.lease_token
      returning l.line_item_id, l.person_id, l.due_at),
    ended as (
      update grade_delivery d
      set state = coalesce(e.state, d.state), outcome = e.outcome,
        reason = case when e.state is null then coalesce(e.reason, d.reason) else e.reason end,
        ended_at = case when e.state is null then null else ${now}::timestamptz end, attempts = d.attempts + e.tried
      from jsonb_to_recordset(${json(deliveries)}::jsonb) as e(delivery_id uuid, line_item_id uuid,
        person_id uuid, state text, outcome text, reason text, tried integer)
      join held using (line_item_id, person_id)
      -- By its state rather than its end, since there is an index of what has not ended, all of the tenant's.
      where d.tenant_id = ${tenantId} and d.delivery_id = e.delivery_id and d.state = 'pending'
        -- The same once more, so that any plan goes by the key, and only to the months of these.
        and d.delivery_id = any (${ids}::uuid[]) and d.delivery_id between ${ids[0]}::uuid and ${ids.at(-1)}::uuid),
    tried as (
      insert into grade_attempt (tenant_id, delivery_id, attempt, outcome, reason, http_status, started_at, ended_at)
      select ${tenantId}, a.delivery_id, a.attempt, a.outcome, a.reason, a.http_status, a.started_at, a.ended_at
      from jsonb_to_recordset(${json(lines.flatMap(attempts))}::jsonb) as a(delivery_id uuid, line_item_id uuid,
        person_id uuid, attempt integer, outcome text, reason text, http_status smallint, started_at timestamptz,
        ended_at timestamptz)
      join held using (line_item_id, person_id)
      on conflict do nothing)
    select count(*)::integer as held, (count(*) filter (where due_at <= ${now}))::integer as due from held`,
    doneRow,
  );
}

/** What `news` hands over by columns of the line: how many have ended by `pending`, when to look again by `newest_at`. */
function settled(now: Date) {
  return {
    columns: sql`lease_token, pending, due_at, newest_at, tries, failing_since, maybe_sent, sent_at, delivered_id`,
    values: sql`token, ended, case when ended > 0 then ${now}::timestamptz end, coalesce(retry_at, ${now}), tries,
      failing_since, maybe_sent, sent_at, delivered_id`,
  };
}

function lineNews({ lineItemId, personId, token, settlement }: SettledLine) {
  return {
    line_item_id: lineItemId,
    person_id: personId,
    token,
    ended: settlement.ended.length,
    retry_at: settlement.retryAt,
    tries: settlement.tries,
    failing_since: settlement.failingSince,
    maybe_sent: settlement.maybeSent,
    sent_at: settlement.sentAt,
    delivered_id: settlement.ended.find(({ state }) => state === 'delivered')?.deliveryId,
  };
}

/** How many tries the delivery gets on record with this settlement. */
function triesOf({ settlement, lostTry }: SettledLine): number {
  return (settlement.attempt === undefined ? 0 : 1) + (lostTry ? 1 : 0);
}

function deliveryNews(line: SettledLine) {
  const { lineItemId, personId, settlement, tried, outcomes } = line;
  const of = (deliveryId: string) => ({
    line_item_id: lineItemId,
    person_id: personId,
    delivery_id: deliveryId,
    tried: deliveryId === tried.deliveryId ? triesOf(line) : 0,
  });
  const ended = settlement.ended.map(({ deliveryId, state, reason }) => ({
    ...of(deliveryId),
    state,
    reason,
    outcome: outcomes.get(deliveryId),
  }));
  if (settlement.ended.some(({ deliveryId }) => deliveryId === tried.deliveryId)) return ended;
  return [...ended, { ...of(tried.deliveryId), reason: settlement.attempt?.reason }];
}

function attempts(line: SettledLine) {
  const { lineItemId, personId, settlement, tried, lostTry } = line;
  const row = { line_item_id: lineItemId, person_id: personId, delivery_id: tried.deliveryId };
  const times = { started_at: tried.times.startedAt, ended_at: tried.times.endedAt };
  let attempt = tried.attempts;
  return [
    ...(lostTry
      ? [{ ...row, ...times, attempt: ++attempt, outcome: 'expired_unknown', reason: 'worker_lost' }]
      : []),
    ...(settlement.attempt === undefined
      ? []
      : [
          {
            ...row,
            ...times,
            attempt: ++attempt,
            outcome: settlement.attempt.outcome,
            reason: settlement.attempt.reason,
            http_status: settlement.attempt.httpStatus,
          },
        ]),
  ];
}
