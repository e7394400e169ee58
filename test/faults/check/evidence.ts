import type { ScoreBody } from '../lms/score-body.ts';
import type { SentScore } from '../load/ledger.ts';

/** Everything that is known once nothing moves any more. Places are the hub's line item and person. */
export interface Evidence {
  places: readonly EvidencePlace[];
  /** What the tool has sent, in its order. */
  sent: readonly SentScore[];
  deliveries: readonly DeliveryRow[];
  attempts: readonly AttemptRow[];
  lines: readonly LineRow[];
  /** Scores as they came to the LMS, in that order. */
  arrivals: readonly ArrivedScore[];
  /** The LMS's gradebook. */
  grades: readonly FinalGrade[];
}

export interface EvidencePlace {
  key: string;
  /** How the LMS compares timestamps: what is sent there may be later than what the tool said. */
  policy: 'strict' | 'applies_equal' | 'by_second';
}

export interface DeliveryRow {
  deliveryId: string;
  place: string;
  /** Unix milliseconds of the score's timestamp. */
  at: number;
  body: Omit<ScoreBody, 'userId'> | null;
  state: string;
  outcome: string | null;
  reason: string | null;
  attempts: number;
}

export interface AttemptRow {
  deliveryId: string;
  attempt: number;
  outcome: string;
  httpStatus: number | null;
}

export interface LineRow {
  place: string;
  newestAt: number;
  pending: number;
  /** Whether it is due some time, or held by a worker. */
  isOpen: boolean;
}

export interface ArrivedScore {
  /** Undefined where no such line item or person was ever graded. */
  place: string | undefined;
  at: number;
  serial: number;
  effect: string;
  applied: boolean;
}

export type FinalGrade = Omit<ArrivedScore, 'applied'>;

/** One thing that must not be. */
export interface Fault {
  rule: string;
  place: string;
  policy: EvidencePlace['policy'] | undefined;
  detail: string;
}
