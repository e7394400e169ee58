/** The stages of a new integration, in their order. The hub alone says `stable`: after seven good days in a row. */
export const onboardingStages = [
  'requested',
  'agreement_signed',
  'credentials',
  'configured',
  'sandbox_tested',
  'partner_validated',
  'live',
  'stable',
] as const;
export type OnboardingStage = (typeof onboardingStages)[number];

/** Where an integration stands: `withdrawn` is one that nobody wants any more. */
export const onboardingStates = [...onboardingStages, 'withdrawn'] as const;
export type OnboardingState = (typeof onboardingStates)[number];

/**
 * What shows the hub that a stage is reached: the school has agreed to what is shared; its connection is there; it is switched
 * on; it went well once, be it as a test; its first plan was approved; people use it.
 */
export const stageEvidence = [
  'sharing_agreed',
  'connection_made',
  'connection_switched_on',
  'tried_well',
  'plan_approved',
  'in_use',
] as const;
export type StageEvidence = (typeof stageEvidence)[number];

/** Whose turn it is. */
export const waitingSides = ['us', 'partner', 'school'] as const;
export type WaitingSide = (typeof waitingSides)[number];

/** What kind of connection is brought to life. */
export const onboardingKinds = ['lms', 'identity', 'roster', 'grades'] as const;
export type OnboardingKind = (typeof onboardingKinds)[number];
