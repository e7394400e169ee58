import {
  type OnboardingKind,
  type OnboardingStage,
  onboardingStages,
} from '../../../contracts/onboarding.ts';
import { dayNumber } from '../calendars/days.ts';
import type { StageEntry } from '../onboarding/dwell.ts';
import { usualSide } from '../onboarding/transition.ts';
import { idOf, randomOf } from './random.ts';
import type { HistoryTruth } from './truth.ts';
import type { HistoryWorld } from './world.ts';

/** How one integration came to life, or is on its way. */
export interface HistoryOnboarding {
  onboardingId: string;
  tenantId: string;
  partner: string;
  kind: OnboardingKind;
  connectionId: string;
  promisedOn: string;
  /** In the order they happened; the last one is where it stands. */
  entries: StageEntry[];
}

/** Days that a stage usually takes. */
const usualDays: Readonly<Record<OnboardingStage, number>> = {
  requested: 4,
  agreement_signed: 6,
  credentials: 5,
  configured: 2,
  sandbox_tested: 4,
  partner_validated: 5,
  live: 9,
  stable: 0,
};
const dayMs = 86_400_000;

/** An onboarding for every connection, spread over the history; some are still open at its end, one is slow. */
export function makeOnboardings(world: HistoryWorld, truth: HistoryTruth): HistoryOnboarding[] {
  const end = (world.lastDay + 1) * dayMs;
  return world.schools.flatMap((school, index) =>
    school.connections.map((connection): HistoryOnboarding => {
      const random = randomOf(world.seed, 'onboarding', school.slug, connection.kind);
      const { slowOnboarding: slow } = truth;
      const isSlow = slow.tenantId === school.tenantId && connection.kind === 'roster';
      const span = world.lastDay - world.firstDay;
      const requested =
        world.firstDay + Math.floor((span * index) / world.schools.length) + random.between(0, 9);
      const begin = isSlow ? dayNumber(slow.promisedOn) - 45 : requested;
      const entries: StageEntry[] = [];
      let at = begin * dayMs + random.between(8, 16) * 3_600_000;
      for (const stage of onboardingStages) {
        if (at >= end) break;
        entries.push({ stage, waitingOn: usualSide[stage], at });
        const days = isSlow && stage === slow.stage ? 120 : usualDays[stage] * (0.4 + 1.2 * random.next());
        at += Math.round(days * dayMs);
        // Now and then a test shows that the settings have to be done again.
        if (stage === 'sandbox_tested' && random.chance(0.15) && at < end) {
          entries.push(
            { stage: 'configured', waitingOn: 'us', at },
            { stage, waitingOn: 'partner', at: at + dayMs },
          );
          at += 3 * dayMs;
        }
      }
      const promised = begin + 45;
      return {
        ...{ onboardingId: idOf(random, begin * dayMs), tenantId: school.tenantId },
        ...{ partner: connection.partner, kind: connection.kind, connectionId: connection.connectionId },
        promisedOn: new Date(promised * dayMs).toISOString().slice(0, 10),
        entries: entries.filter((entry) => entry.at < end),
      };
    }),
  );
}
