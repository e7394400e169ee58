import {
  type OnboardingStage,
  type OnboardingState,
  onboardingStages,
  type StageEvidence,
} from '../../../contracts/onboarding.ts';
import type { StageEntry } from './dwell.ts';

/** That something was first shown at a moment; unix milliseconds. */
export interface Shown {
  readonly evidence: StageEvidence;
  readonly at: number;
}

/** The stage that an onboarding is in as soon as something was shown. */
const stageOf: Readonly<Record<StageEvidence, OnboardingStage>> = {
  sharing_agreed: 'agreement_signed',
  connection_made: 'credentials',
  connection_switched_on: 'configured',
  tried_well: 'sandbox_tested',
  plan_approved: 'partner_validated',
  in_use: 'live',
};

export interface ReachedStage extends Shown {
  readonly stage: OnboardingStage;
}

/** Since when something has to be shown to count: what was before a return is what it was returned for; undefined: ever. */
export function decideSince(entries: readonly StageEntry[]): number | undefined {
  const returned = entries.findLast(
    (entry, index) => index > 0 && placeOf(entry.stage) < placeOf(entries[index - 1]?.stage),
  );
  return returned?.at;
}

/**
 * The stages that were reached since the last entry, in the order of time. A stage of which nothing is shown is passed over,
 * as is one that was left in the moment it was reached: neither says how long such a stage takes.
 *
 * @param last where it stands, and since when; what was shown earlier counts from then
 */
export function decideReached(last: StageEntry, shown: readonly Shown[]): ReachedStage[] {
  const reached: ReachedStage[] = [];
  const inOrder = shown
    .map(({ evidence, at }) => ({ evidence, stage: stageOf[evidence], at: Math.max(at, last.at) }))
    .toSorted((a, b) => a.at - b.at || placeOf(a.stage) - placeOf(b.stage));
  for (const each of inOrder) {
    const before = reached.at(-1);
    if (placeOf(each.stage) <= placeOf(before?.stage ?? last.stage)) continue;
    if (before?.at === each.at) reached.pop();
    reached.push(each);
  }
  return reached;
}

/** -1 for what is none of the stages in their order. */
function placeOf(stage: OnboardingState | undefined): number {
  return onboardingStages.findIndex((each: OnboardingState) => each === stage);
}
