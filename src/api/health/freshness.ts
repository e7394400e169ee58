import { windowMs } from '../../../contracts/health.ts';
import { type TenantId, timeOfId } from '../../../contracts/ids.ts';
import { type Freshness, freshnessOf } from '../../health/metrics/freshness.ts';
import { type HealthScope, readSliceCounts } from '../../health/metrics/health-report.ts';
import type { TenantTx } from '../../platform/db.ts';
import { cadenceOf, listRosters, pausesOf } from '../../sync/sync.ts';

export interface RosterFreshness extends Freshness {
  connectionId: string;
  name: string;
  lastSuccess: Date | null;
}

/** As far back as a good run is looked for. */
const lookedBackMs = 13 * windowMs['28d'];

/**
 * How old each roster of a tenant is, against its schedule. One that is paused, or has no schedule, is expected at no time.
 *
 * @param now unix milliseconds
 */
export async function readFreshness(
  db: HealthScope['db'],
  tenantId: TenantId,
  now: number,
): Promise<RosterFreshness[]> {
  const range = { from: new Date(now - lookedBackMs), to: new Date(now) };
  const slicing = { filter: { kind: 'sync_run' }, groupBy: ['connection'] } as const;
  const counts = await readSliceCounts({ db, tenantId }, range, slicing);
  const lastOf = new Map(
    counts.map(({ slice, counts: { lastSuccess } }) => [slice.connectionId, lastSuccess]),
  );
  const rosters = await db.withTenant(tenantId, (tx: TenantTx) => listRosters(tx));
  return rosters
    .filter(({ status }) => status !== 'disabled')
    .map(({ connectionId, name, status, schedule, rollovers }) => {
      const lastSuccess = lastOf.get(connectionId) ?? null;
      const freshness = freshnessOf({
        lastSuccess: lastSuccess?.getTime() ?? null,
        // Connected then: a first run that never comes is late, too.
        since: timeOfId(connectionId),
        cadenceMs: status === 'active' && schedule !== null ? (cadenceOf(schedule, now) ?? null) : null,
        now,
        pauses: schedule === null ? [] : pausesOf(schedule, rollovers),
      });
      return { connectionId, name, lastSuccess, ...freshness };
    });
}
