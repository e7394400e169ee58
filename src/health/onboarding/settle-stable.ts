import type { Clock } from '../../platform/clock.ts';
import type { Database, RollupTx } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { listSchoolCalendars } from '../calendars/calendar-store.ts';
import { dayIn } from '../calendars/days.ts';
import { listAllLevels } from '../slo/level-store.ts';
import { decideLevel } from '../slo/targets.ts';
import { readHours } from './hour-store.ts';
import { type LiveOnboarding, listLiveOnboardings } from './onboarding-store.ts';
import { changeOnboarding } from './onboardings.ts';
import { type DayCounts, decideStableDay } from './stable.ts';

export interface SettleDeps {
  db: Pick<Database, 'withRollup' | 'withTenant'>;
  clock: Clock;
  log: Log;
}

const dayMs = 86_400_000;

/** Makes live integrations stable whose seventh good day in a row is over. Safe to run at any time. */
export async function settleStable({ db, clock, log }: SettleDeps, signal?: AbortSignal): Promise<void> {
  const now = clock.now();
  const live = await db.withRollup(listLiveOnboardings);
  for (const onboarding of live) {
    if (signal?.aborted === true) return;
    const { tenantId, onboardingId } = onboarding;
    try {
      const isStable = await db.withRollup((tx) => hasSevenGoodDays(tx, onboarding, now));
      if (!isStable) continue;
      const by = { actor: 'job:settle_onboardings', now, reason: 'Seven good days in a row' };
      await changeOnboarding(db, tenantId, onboardingId, { event: { type: 'seven_good_days' } }, by);
    } catch (error) {
      // Somebody may have moved it meanwhile.
      log.warn('onboarding_not_settled', { tenantId, error });
    }
  }
}

async function hasSevenGoodDays(tx: RollupTx, onboarding: LiveOnboarding, now: number): Promise<boolean> {
  const { tenantId, connectionId, liveAt } = onboarding;
  const calendars = await listSchoolCalendars(tx, {
    from: new Date(now - 400 * dayMs),
    to: new Date(now + dayMs),
  });
  const zone = calendars.find((each) => each.tenantId === tenantId)?.zone ?? 'UTC';
  const hours = await readHours(tx, tenantId, connectionId, liveAt);
  const levels = await listAllLevels(tx);
  const targetOf = (hour: (typeof hours)[number]) =>
    decideLevel(
      hour.kind,
      hour.tier,
      levels.filter((each) => each.tenantId === tenantId),
      levels.filter((each) => each.tenantId !== tenantId),
    ).target;
  const toDay = dayIn(zone);
  const today = toDay(now);
  const days = new Map<number, DayCounts>();
  for (const hour of hours) {
    const day = toDay(hour.at.getTime());
    if (day >= today) continue;
    const before = days.get(day) ?? { day, valid: 0, failed: 0 };
    days.set(day, { day, valid: before.valid + hour.valid, failed: before.failed + hour.failed });
  }
  // What a connection does is of several kinds: the strictest of their targets is the day's.
  const target = Math.max(0, ...hours.map(targetOf));
  return decideStableDay([...days.values()], target) !== undefined;
}
