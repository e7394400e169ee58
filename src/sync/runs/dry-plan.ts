import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { decideRollover } from '../schedule/rollover.ts';
import type { SyncServices } from '../services.ts';
import { lockSource } from '../sources/source-store.ts';
import { hasRunSince } from './dry-plan-store.ts';
import { enterRun } from './requests.ts';

/** A roster that was run within a week tells by that how its plans look; and a source is read as a whole no more often. */
const quietMs = 7 * 86_400_000;
/** So long before a run by schedule none is asked for: while one is under way, the schedule asks for no other. */
const aheadMs = 12 * 3_600_000;

/**
 * Asks for a dry run of a roster that has had no run of any kind for a week, so that a term does not find out what its plan
 * would be. Nothing is asked for while it is paused, or where its schedule is about to.
 *
 * @returns whether one was asked for
 */
export function askForDryPlan(
  deps: Pick<SyncServices, 'db' | 'clock' | 'connectors' | 'enqueue'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<boolean> {
  return deps.db.withTenant(tenantId, async (tx) => {
    const source = await lockSource(tx, connectionId);
    if (source?.status !== 'active') return false;
    const { schedule, nextRunAt, rollovers } = source;
    if (schedule !== null && decideRollover(rollovers, schedule.zone, by.now) === 'pause') return false;
    if (nextRunAt !== null && nextRunAt.getTime() - by.now < aheadMs) return false;
    if (await hasRunSince(tx, connectionId, new Date(by.now - quietMs))) return false;
    await enterRun(deps, tx, source, { mode: 'full', isDry: true }, by);
    return true;
  });
}
