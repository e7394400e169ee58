import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { KeptScore } from './score.ts';

/** One score on its way to the system that keeps the grades. */
export interface OutgoingScore {
  /** The destination's own address of the line item. */
  lineItemUrl: string;
  deploymentId: string;
  /** The person as the destination knows them. */
  subject: string;
  /** As the tool sent it, but for the person. */
  score: KeptScore;
  /** An earlier try may have reached the destination without our hearing of it. */
  maybeSent: boolean;
  /** This very score was tried before, not only an older one it takes the place of. */
  triedBefore: boolean;
  /** What the destination may show instead of it: scores it takes the place of, and the one it has last taken. */
  others: readonly KeptScore[];
  /** Timestamp of the last score of this person and line item that the destination has taken. */
  lastSentAt: Date | undefined;
}

/** How one try to hand over a score ended. */
export type SendResult =
  /**
   * It is there. `sentAt` is the timestamp it was sent with, where that is not the score's own; `warning` says why people see
   * something else there than was sent.
   */
  | { kind: 'delivered'; httpStatus?: number; sentAt?: Date; warning?: GradeReason }
  /** The destination has a newer one from elsewhere: nothing is left to do. */
  | { kind: 'superseded'; httpStatus: number; reason: GradeReason }
  /** It will never take this score: unknown person, item gone. */
  | { kind: 'permanent'; httpStatus?: number; reason: GradeReason }
  /** Too fast. */
  | { kind: 'throttled'; httpStatus: number; reason: GradeReason; retryAfterMs?: number }
  /** Down, slow or broken for now. */
  | {
      kind: 'temporary';
      httpStatus?: number;
      reason: GradeReason;
      retryAfterMs?: number;
      /** It may have been stored all the same. */
      maybeSent: boolean;
    }
  /** Nothing will get through before somebody changes the settings here or there. */
  | { kind: 'configuration'; httpStatus?: number; reason: GradeReason }
  /** Nothing was sent: it may not go before this moment. */
  | { kind: 'wait'; until: Date };

/** Stable codes of what happened to a score. Each has an explanation in `reasons.ts`. */
export type GradeReason =
  | 'older_than_stored'
  | 'person_unknown'
  | 'person_not_gradable'
  | 'line_item_gone'
  | 'score_invalid'
  | 'course_closed'
  | 'throttled'
  | 'server_error'
  | 'answer_invalid'
  | 'timeout'
  | 'unreachable'
  | 'tls_failed'
  | 'address_refused'
  | 'token_refused'
  | 'token_unavailable'
  | 'scope_missing'
  | 'access_denied'
  | 'connection_disabled'
  | 'token_url_missing'
  | 'waiting_for_destination'
  | 'person_left'
  | 'gave_up'
  | 'newer_score'
  | 'hidden_until_graded'
  | 'cut_to_maximum'
  | 'discarded'
  | 'worker_lost';

/** A result as the destination reports it. */
export interface ReadResult {
  /** The person as the destination knows them. */
  subject: string;
  /** Undefined where the destination has no score. */
  resultScore: number | undefined;
  resultMaximum: number | undefined;
}

/** An open way to one connection's gradebook. */
export interface GradeWay {
  /** Raised with every change of the registration. */
  version: number;
  /** Scores a second, and how many at once after a pause. */
  rate: { perSecond: number; burst: number };
  /** Tries once; never throws. Ends by itself within `sendDeadlineMs`. */
  send(outgoing: OutgoingScore): Promise<SendResult>;
  /** Every result of a line item. @throws DomainError upstream, when they cannot be read */
  readResults(item: { lineItemUrl: string; deploymentId: string }): Promise<ReadResult[]>;
}

/** Longest time one try may take, tokens and reading back included, in milliseconds. Shorter than a lease. */
export const sendDeadlineMs = 20_000;

/** Where grades go. The LMS's way is in lti/lms; others can stand beside it. */
export interface GradeDestination {
  /** @returns a fault where the connection cannot be used now */
  open(
    tenantId: TenantId,
    connectionId: ConnectionId,
  ): Promise<GradeWay | { fault: GradeReason; version: number }>;
}
