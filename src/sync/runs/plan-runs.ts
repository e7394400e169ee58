import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import { listUnattended as listUnattendedLinking } from '../../people/link.ts';
import { isWorking } from '../run.ts';
import { decideRollover } from '../schedule/rollover.ts';
import { planNextRun } from '../schedule/schedule.ts';
import { limitsOf, type SyncServices } from '../services.ts';
import { listDueSources, lockSource, setNextRun } from '../sources/source-store.ts';
import { clearIdle, clearRun } from './clear.ts';
import { giveUp } from './move.ts';
import { goOnLinkingPeople, workRosterRun } from './queues.ts';
import { enterRun, getLockedRun } from './requests.ts';
import { saveRun } from './run-store.ts';
import {
  listExpiredPlans,
  listIdleInStaging,
  listOpenRuns,
  listUnattended,
  listUncleared,
  lockTurns,
} from './turn-store.ts';
import { wakeRuns } from './wake.ts';

type Deps = Pick<SyncServices, 'db' | 'clock' | 'log' | 'connectors' | 'enqueue' | 'engine' | 'limits'>;

const most = 500;

/**
 * What is done once a minute for the runs of all tenants: asks for those that schedules are due for, drops plans that waited
 * too long, finds runs and linking that nobody works on and runs that still take room. One that fails stops no other.
 */
export async function planRuns(deps: Deps, signal?: AbortSignal): Promise<void> {
  const now = new Date(deps.clock.now());
  const { db } = deps;
  const each = async <Item extends { tenantId: TenantId }>(
    items: readonly Item[],
    work: (item: Item) => Promise<unknown>,
  ) => {
    for (const item of items) {
      if (signal?.aborted === true) return;
      await work(item).catch((error: unknown) => {
        deps.log.warn('roster_runs_not_planned', { tenantId: item.tenantId, error });
      });
    }
  };
  const due = await db.withRollup((tx) => listDueSources(tx, now, most));
  await each(due, ({ tenantId, connectionId }) => askBySchedule(deps, tenantId, connectionId));
  const expired = await db.withRollup((tx) => listExpiredPlans(tx, now));
  await each(expired, ({ tenantId, runId }) => expire(deps, tenantId, runId));
  const uncleared = await db.withRollup(listUncleared);
  await each(uncleared, ({ tenantId, runId }) => clearRun(deps, tenantId, runId));
  const { heldInStaging } = limitsOf(deps);
  const idle = await db.withRollup((tx) => listIdleInStaging(tx, now, heldInStaging));
  await each(idle, ({ tenantId, runId }) => clearIdle(deps, tenantId, runId));
  const unattended = await db.withRollup((tx) => listUnattended(tx, now));
  await each(unattended, ({ tenantId, runId }) =>
    deps.enqueue(db.tenant(tenantId), workRosterRun, { tenantId, runId }, { singletonKey: runId }),
  );
  const unlinked = await db.withRollup(listUnattendedLinking);
  await each(
    unlinked.map((tenantId) => ({ tenantId })),
    ({ tenantId }) =>
      deps.enqueue(db.tenant(tenantId), goOnLinkingPeople, { tenantId }, { singletonKey: tenantId }),
  );
}

/** Asks for the run a schedule is due for, unless one is under way already, and notes when it is due again. */
function askBySchedule(deps: Deps, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
  const now = deps.clock.now();
  return deps.db.withTenant(tenantId, async (tx) => {
    const source = await lockSource(tx, connectionId);
    if (source === undefined || source.schedule === null || source.status !== 'active') return;
    // Another copy may have been faster.
    if (source.nextRunAt === null || source.nextRunAt.getTime() > now) return;
    const { schedule, rollovers } = source;
    const due = planNextRun(schedule, source.nextRunAt.getTime() - 1);
    const next = planNextRun(schedule, now);
    await setNextRun(tx, connectionId, next === undefined ? null : new Date(next.at));
    const open = await listOpenRuns(tx, new Date(now));
    const isUnderWay = open.some((run) => run.connectionId === connectionId && isWorking(run.state));
    const isPaused = decideRollover(rollovers, schedule.zone, now) === 'pause';
    if (isUnderWay || isPaused) {
      const reason = isPaused ? 'rollover_pause' : 'run_under_way';
      deps.log.info('roster_schedule_skipped', { tenantId, connectionId, reason });
      return;
    }
    const mode = due?.mode ?? 'full';
    await enterRun(deps, tx, source, { mode, isDry: false }, { actor: 'job:plan_roster_runs', now });
  });
}

function expire(deps: Deps, tenantId: TenantId, runId: RunId): Promise<void> {
  const now = new Date(deps.clock.now());
  return deps.db.withTenant(tenantId, async (tx) => {
    await lockTurns(tx);
    const run = await getLockedRun(tx, runId);
    if (run.state !== 'held' || run.expiresAt === null || run.expiresAt > now) return;
    await saveRun(tx, giveUp(run, 'discarded', 'plan_expired', now));
    await wakeRuns(deps, tx);
  });
}
