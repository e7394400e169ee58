import type { ExchangeEvent } from '../../../contracts/health.ts';
import { bucketOf, onTimeMs } from '../../health/rollups/sketch.ts';

const hourMs = 3_600_000;

/** Counts of a series in an hour, under the names of the columns they are kept in; nothing stands for "none". */
export interface HourCounts extends Record<string, unknown> {
  at: Date;
  last_success: Date | null;
  /** How many successes took how long, by bucket. */
  sketch: Record<string, number>;
}

/** What roll-ups keep of exchanges, hour by hour, as if their rows had been counted. */
export function countHours(events: readonly ExchangeEvent[]): HourCounts[] {
  const counted = new Map<string, Row>();
  for (const event of events) {
    const at = Math.floor(event.endedAt.getTime() / hourMs) * hourMs;
    const { tenantId, connectionId, partner, kind, tier, connectorVersion } = event;
    const key = [at, tenantId, connectionId, partner, kind, tier, connectorVersion].join(' ');
    const row = counted.get(key) ?? emptyRow(event, at);
    counted.set(key, row);
    add(row, event);
  }
  return [...counted.values()];
}

type Row = ReturnType<typeof emptyRow>;

function emptyRow(
  { tenantId, connectionId, partner, kind, tier, connectorVersion }: ExchangeEvent,
  at: number,
) {
  return {
    ...{ tenant_id: tenantId, connection_id: connectionId, partner: partner ?? '', kind, tier },
    ...{ connector_version: connectorVersion ?? '', at: new Date(at), last_success: null as Date | null },
    ...{ success: 0, failed_partner: 0, failed_hub: 0, failed_config: 0, user_error: 0, suppressed: 0 },
    ...{
      expired_unknown: 0,
      attempts: 0,
      failed_attempts: 0,
      first_try: 0,
      on_time: 0,
      offered: 0,
      rejected: 0,
    },
    sketch: {} as Record<string, number>,
  };
}

function add(row: Row, event: ExchangeEvent): void {
  row[event.outcome] += 1;
  row.attempts += event.attempts;
  row.failed_attempts += event.failedAttempts;
  row.offered += event.offered;
  row.rejected += event.rejected;
  if (event.outcome !== 'success') return;
  const took = event.endedAt.getTime() - event.startedAt.getTime();
  if (event.attempts <= 1) row.first_try += 1;
  if (took <= onTimeMs) row.on_time += 1;
  if (row.last_success === null || event.endedAt > row.last_success) row.last_success = event.endedAt;
  if (took > 0) row.sketch[bucketOf(took)] = (row.sketch[bucketOf(took)] ?? 0) + 1;
}
