import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import { breakerThreshold, planBlock } from '../health/breaker/transition.ts';
import { probeEveryMs } from './back-off.ts';
import type { GradeReason } from './destination.ts';
import { blockRoute, noteRouteFailures, noteRouteWorks, stopRoute } from './route-store.ts';
import type { DeliveryServices } from './services.ts';
import type { RouteNews } from './settle.ts';

/**
 * Draws from how a batch of tries ended what becomes of the connection: it works, it is asked to slow down, its host
 * seems to be down, or its settings are at fault.
 *
 * @returns `halt`: nothing more is to be sent for now; `recovered`: it works again and takes more than one at a time
 */
export async function applyRouteNews(
  deps: DeliveryServices,
  tenantId: TenantId,
  connectionId: ConnectionId,
  batch: { version: number; troubled: boolean; news: readonly RouteNews[] },
): Promise<'halt' | 'recovered' | 'steady'> {
  const { db, clock } = deps;
  const tx = db.tenant(tenantId);
  const now = new Date(clock.now());
  const works = batch.news.some(({ kind }) => kind === 'works');
  const stop = batch.news.find((each) => each.kind === 'stop');
  if (stop !== undefined && !works) {
    await haltRoute(deps, tenantId, connectionId, stop.reason, batch.version);
    return 'halt';
  }
  const throttled = batch.news.flatMap((each) => (each.kind === 'throttled' ? [each.until.getTime()] : []));
  if (throttled.length > 0) {
    await blockRoute(tx, connectionId, { until: new Date(Math.max(...throttled)), now });
    return 'halt';
  }
  if (works) {
    if (!batch.troubled) return 'steady';
    await noteRouteWorks(tx, connectionId, now);
    return 'recovered';
  }
  const failed = batch.news.filter(({ kind }) => kind === 'fails' || kind === 'denies').length;
  if (failed === 0) return 'steady';
  const failures = await noteRouteFailures(tx, connectionId, failed);
  if (failures < breakerThreshold) return 'steady';
  // Nothing gets through, and the other side says that it is not allowed: somebody has to mend that.
  const denies = batch.news.find((each) => each.kind === 'denies');
  if (denies !== undefined) {
    await haltRoute(deps, tenantId, connectionId, denies.reason, batch.version);
    return 'halt';
  }
  const until = new Date(now.getTime() + planBlock(failures, deps.random()));
  await blockRoute(tx, connectionId, { until, now });
  if (failures === breakerThreshold)
    deps.log.warn('grades_host_down', { tenantId, connectionId, count: failures });
  return 'halt';
}

/** Stops the connection until its settings change, somebody resumes it, or a score that tries it gets through. */
export async function haltRoute(
  { db, clock, log }: DeliveryServices,
  tenantId: TenantId,
  connectionId: ConnectionId,
  reason: GradeReason,
  version: number,
): Promise<void> {
  const now = clock.now();
  const input = { reason, version, now: new Date(now), probeAt: new Date(now + probeEveryMs) };
  const wasRunning = await stopRoute(db.tenant(tenantId), connectionId, input);
  if (wasRunning) log.warn('grades_stopped', { tenantId, connectionId, code: reason });
}
