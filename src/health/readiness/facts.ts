import type { OnboardingKind } from '../../../contracts/onboarding.ts';
import type { PlanProfile } from '../../../contracts/readiness.ts';
import type { Outcome } from '../outcomes.ts';

/** A roster's plan: how many rows it found, adds and removes, and how many there are afterwards. */
export interface PlanFacts extends PlanProfile {
  readonly isHeld: boolean;
}

/** All that is known of a connection before a term. */
export interface ConnectionFacts {
  connectionId: string;
  kind: OnboardingKind;
  partner: string;
  endings: readonly { thing: string; notAfter: number; nextNotAfter: number | undefined }[];
  /** Secrets of which nobody has said when they end. */
  undatedSecrets: readonly string[];
  lastProbe: { outcome: Outcome; reason: string | null; at: number } | undefined;
  /** When people or a schedule last used it with success. */
  lastSuccess: number | undefined;
  /** Grades were ever sent over it. */
  usesGrades: boolean;
  lastGrade: number | undefined;
  gradesNotedAt: number | undefined;
  plan: PlanFacts | undefined;
  /** The greatest plan that was applied about the beginning of last year's term. */
  lastYear: PlanFacts | undefined;
  heldRuns: number;
  openIncidents: number;
}

/** What is known of the hub itself. */
export interface HubFacts {
  /** Exchanges in the best five minutes that a test bore. */
  loadTest: { at: number; amount: number } | undefined;
  /** Exchanges in the busiest five minutes that are expected. */
  forecast: number;
}
