import {
  type OnboardingStage,
  type OnboardingState,
  onboardingStages,
  type WaitingSide,
} from '../../../contracts/onboarding.ts';

/** What can happen to an onboarding. */
export type OnboardingEvent =
  | { type: 'advance' }
  | { type: 'return'; to: OnboardingStage }
  /** Something has shown that it is further than that: said by the hub, and by nobody else. */
  | { type: 'reach'; to: OnboardingStage }
  | { type: 'wait'; on: WaitingSide }
  /** Seven good days in a row have passed: said by the hub, and by nobody else. */
  | { type: 'seven_good_days' }
  | { type: 'withdraw' };

export type Transition =
  | { kind: 'moved'; stage: OnboardingState; waitingOn: WaitingSide }
  | {
      kind: 'refused';
      code: 'onboarding_over' | 'stage_not_before' | 'stage_not_ahead' | 'stage_by_itself' | 'not_live';
    };

/** Who usually has to act in a stage, until somebody says otherwise. */
export const usualSide: Readonly<Record<OnboardingState, WaitingSide>> = {
  requested: 'school',
  agreement_signed: 'partner',
  credentials: 'us',
  configured: 'us',
  sandbox_tested: 'partner',
  partner_validated: 'school',
  live: 'us',
  stable: 'us',
  withdrawn: 'us',
};

/** Where an event leads from a stage: people one stage ahead at a time, what was shown to any later one; back to any earlier one. */
export function decideTransition({ stage }: { stage: OnboardingState }, event: OnboardingEvent): Transition {
  // A stable one may fall back, as when its certificate has to be agreed on anew; a withdrawn one is a new request.
  if (stage === 'withdrawn') return { kind: 'refused', code: 'onboarding_over' };
  const place = onboardingStages.indexOf(stage);
  const move = (to: OnboardingState): Transition => ({ kind: 'moved', stage: to, waitingOn: usualSide[to] });
  switch (event.type) {
    case 'advance': {
      const next = onboardingStages[place + 1];
      if (next === undefined) return { kind: 'refused', code: 'onboarding_over' };
      return next === 'stable' ? { kind: 'refused', code: 'stage_by_itself' } : move(next);
    }
    case 'return':
      return onboardingStages.indexOf(event.to) < place
        ? move(event.to)
        : { kind: 'refused', code: 'stage_not_before' };
    case 'reach':
      if (event.to === 'stable') return { kind: 'refused', code: 'stage_by_itself' };
      return onboardingStages.indexOf(event.to) > place
        ? move(event.to)
        : { kind: 'refused', code: 'stage_not_ahead' };
    case 'wait':
      return stage === 'stable'
        ? { kind: 'refused', code: 'onboarding_over' }
        : { kind: 'moved', stage, waitingOn: event.on };
    case 'seven_good_days':
      return stage === 'live' ? move('stable') : { kind: 'refused', code: 'not_live' };
    case 'withdraw':
      return stage === 'stable' ? { kind: 'refused', code: 'onboarding_over' } : move('withdrawn');
  }
}
