import type { ConnectionId, DeliveryId, LineItemId, PersonId, ToolId } from '../../contracts/ids.ts';
import type { Outcome } from '../health/outcomes.ts';
import type { DeliveryState } from './states.ts';

/** One score on its way, without the score itself. */
export interface Delivery {
  deliveryId: DeliveryId;
  connectionId: ConnectionId;
  toolId: ToolId;
  lineItemId: LineItemId;
  personId: PersonId;
  state: DeliveryState;
  /** Null until it has ended. */
  outcome: Outcome | null;
  /** Why it ended, or how the last try ended: a `GradeReason`. Of one that was delivered it is a warning. */
  reason: string | null;
  /** Tries so far. */
  attempts: number;
  /** The tool's own time of the score. */
  scoreTimestamp: Date;
  acceptedAt: Date;
  endedAt: Date | null;
}

/** One wire try. */
export interface DeliveryAttempt {
  attempt: number;
  outcome: string;
  reason: string | null;
  httpStatus: number | null;
  startedAt: Date;
  endedAt: Date;
}

/** A delivery with what is known about its way. */
export interface DeliveryDetails extends Delivery {
  /** The partner of its connection, such as an LMS family. */
  partner: string;
  /** A worker is sending a score of this person and line item now. */
  beingSent: boolean;
  /** When the person's scores on this line item are looked at next; null when none waits. */
  dueAt: Date | null;
  /** How deliveries over its connection go, and why not. */
  route: { state: string; reason: string | null };
  /** The hub still has the score, so that it can be sent again. */
  scoreKept: boolean;
  /** Oldest first. */
  tries: DeliveryAttempt[];
}

/** Which deliveries are meant. What is absent does not matter. */
export interface DeliveryFilter {
  connectionId?: ConnectionId | undefined;
  toolId?: ToolId | undefined;
  lineItemId?: LineItemId | undefined;
  reason?: string | undefined;
  /** Accepted then or later. */
  since?: Date | undefined;
}
