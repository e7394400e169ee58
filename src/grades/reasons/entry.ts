import type { FamilyName } from '../../connections/families.ts';
import type { Outcome } from '../../health/outcomes.ts';

/** Who has to act: the school at its LMS, the tool's maker, the hub's operator, or nobody. */
export type GradeTurn = 'lms' | 'tool' | 'hub' | 'nobody';

export interface GradeReasonEntry {
  /** How a score that was not taken for this reason counts in the health reports. */
  readonly outcome: Outcome;
  readonly turn: GradeTurn;
  /** What happened, in plain words. */
  readonly happened: string;
  /** For engineers: what mends it. */
  readonly advice: string;
  /** What to know besides for one LMS family; read after `advice`. */
  readonly adviceByFamily?: Partial<Readonly<Record<FamilyName, string>>>;
}
