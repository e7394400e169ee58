import type { WaitingSide } from './onboarding.ts';

/** What a connection, an institution or the hub needs before a term. */
export const readinessChecks = [
  'credentials',
  'probe',
  'grade_return',
  'dry_run',
  'completeness',
  'contacts',
  'holds',
  'incidents',
  'load',
] as const;
export type ReadinessCheck = (typeof readinessChecks)[number];

/** `stale`: the evidence is too old. `missing`: there is none. `unknown`: nothing to compare with, which stops nobody. */
export const readinessStates = ['ready', 'stale', 'missing', 'failed', 'unknown'] as const;
export type ReadinessState = (typeof readinessStates)[number];

export interface CheckResult {
  readonly check: ReadinessCheck;
  readonly state: ReadinessState;
  /** How old the evidence is; null where there is none, or it is what holds now. Milliseconds. */
  readonly ageMs: number | null;
  /** What is to be done, and whose turn it is; null where nothing is. */
  readonly todo: string | null;
  /** What `todo` tells in particular, by name, for those who say it in words of their own. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly waitingOn: WaitingSide | null;
}

/** How much a roster's plan changes. Times in Unix milliseconds. */
export interface PlanProfile {
  readonly at: number;
  /** Rows that there were, and that it adds and removes. */
  readonly present: number;
  readonly created: number;
  readonly removed: number;
  /** Rows after it, by what they are. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** Evidence that only people have. */
export const evidenceSubjects = ['contacts', 'grade_return', 'load_test'] as const;
export type EvidenceSubject = (typeof evidenceSubjects)[number];
