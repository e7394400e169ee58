import {
  type OnboardingStage,
  type OnboardingState,
  onboardingStages,
  type WaitingSide,
} from '../../../contracts/onboarding.ts';

/** From a moment on, an onboarding is in a stage and waits for a side. */
export interface StageEntry {
  stage: OnboardingState;
  waitingOn: WaitingSide;
  /** Unix milliseconds. */
  at: number;
}

export interface Dwell {
  /** Milliseconds in each stage over all times it was entered; null: never. The one it is in counts until now. */
  stages: Record<OnboardingStage, number | null>;
  /** How often a stage was entered again after it was left. */
  reentries: Record<OnboardingStage, number>;
  /** Milliseconds for which each side was waited on. */
  waiting: Record<WaitingSide, number>;
}

/**
 * How long an onboarding was in each stage, and whom it waited for. The sum over the stages is its whole age, since a stage
 * that is entered again adds to what it took before.
 *
 * @param entries in the order they happened
 * @param now unix milliseconds; of one that is over, its end
 */
export function sumDwell(entries: readonly StageEntry[], now: number): Dwell {
  const empty = <Value>(value: Value) =>
    Object.fromEntries(onboardingStages.map((stage) => [stage, value])) as Record<OnboardingStage, Value>;
  const dwell: Dwell = {
    stages: empty<number | null>(null),
    reentries: empty(0),
    waiting: { us: 0, partner: 0, school: 0 },
  };
  for (const [index, { stage, waitingOn, at }] of entries.entries()) {
    if (stage === 'withdrawn') continue;
    const until = entries[index + 1]?.at ?? now;
    const before = dwell.stages[stage];
    // Nobody is waited on any more once it is stable.
    const passed = stage === 'stable' && index === entries.length - 1 ? 0 : Math.max(0, until - at);
    if (before !== null && entries[index - 1]?.stage !== stage) dwell.reentries[stage] += 1;
    dwell.stages[stage] = (before ?? 0) + passed;
    dwell.waiting[waitingOn] += passed;
  }
  return dwell;
}
