import type { ScoreBody } from '../lms/score-body.ts';
import type { Ledger } from '../load/ledger.ts';
import { placeKey } from '../world/population.ts';
import type { FaultWorld } from '../world/world.ts';
import type { AttemptRow, DeliveryRow, Evidence, LineRow } from './evidence.ts';

/** Reads what the hub and the LMS have in the end, beside what the tool remembers. */
export async function collectEvidence(world: FaultWorld, ledger: Ledger): Promise<Evidence> {
  const record = await world.lms.record();
  const keys = new Map(world.places.map(({ lmsUrl, subject, key }) => [`${lmsUrl} ${subject}`, key]));
  const placed = <Entry extends { lineItem: string; subject: string }>(entry: Entry) => ({
    ...entry,
    place: keys.get(`${entry.lineItem} ${entry.subject}`),
  });
  return {
    places: world.places.map(({ key, school }) => ({ key, policy: school.policy })),
    sent: ledger.scores,
    deliveries: await readDeliveries(world),
    attempts: await readAttempts(world),
    lines: await readLines(world),
    arrivals: record.arrivals.map(placed),
    grades: record.grades.map(placed),
  };
}

/** Deliveries that have not ended. */
export async function countPending(world: Pick<FaultWorld, 'query'>): Promise<number> {
  const [row] = await world.query<{ waiting: number }>(
    'select count(*)::int as waiting from grade_delivery where ended_at is null',
  );
  return row?.waiting ?? 0;
}

async function readDeliveries({ query }: FaultWorld): Promise<DeliveryRow[]> {
  const rows = await query<{
    delivery_id: string;
    line_item_id: string;
    person_id: string;
    at: Date;
    score: ScoreBody | null;
    state: string;
    outcome: string | null;
    reason: string | null;
    attempts: number;
  }>(`select delivery_id, line_item_id, person_id, score_timestamp as at, score, state, outcome, reason, attempts
      from grade_delivery`);
  return rows.map(({ delivery_id, line_item_id, person_id, at, score, ...rest }) => ({
    ...rest,
    deliveryId: delivery_id,
    place: placeKey(line_item_id, person_id),
    at: at.getTime(),
    body: score,
  }));
}

async function readAttempts({ query }: FaultWorld): Promise<AttemptRow[]> {
  const rows = await query<{
    delivery_id: string;
    attempt: number;
    outcome: string;
    http_status: number | null;
  }>('select delivery_id, attempt, outcome, http_status from grade_attempt');
  return rows.map(({ delivery_id, http_status, ...rest }) => ({
    ...rest,
    deliveryId: delivery_id,
    httpStatus: http_status,
  }));
}

async function readLines({ query }: FaultWorld): Promise<LineRow[]> {
  const rows = await query<{
    line_item_id: string;
    person_id: string;
    newest_at: Date;
    pending: number;
    open: boolean;
  }>(`select line_item_id, person_id, newest_at, pending, due_at is not null or lease_token is not null as open
      from grade_line`);
  return rows.map(({ line_item_id, person_id, newest_at, pending, open }) => ({
    place: placeKey(line_item_id, person_id),
    newestAt: newest_at.getTime(),
    pending,
    isOpen: open,
  }));
}
