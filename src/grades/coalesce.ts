import type { DeliveryId } from '../../contracts/ids.ts';
import type { KeptScore } from './score.ts';

/** A score that waits, as it was accepted. */
export interface PendingDelivery {
  deliveryId: DeliveryId;
  /** Tries so far. */
  attempts: number;
  score: KeptScore;
  at: Date;
}

/** What is sent next of a line, and what need not be sent once that has arrived. */
export interface SendPlan {
  send: PendingDelivery;
  /** Older ones that the one sent takes the place of. */
  replaces: PendingDelivery[];
}

/**
 * Chooses from a line's waiting scores, oldest first. A newer one takes the place of an older one where both tell the
 * same about activity and grading and neither speaks of a submission; else each is sent, since the LMS may act on
 * every step (AGS 2.0 §3.4.7, §3.4.8).
 *
 * @param waiting by timestamp, oldest first
 */
export function planSend(waiting: readonly PendingDelivery[]): SendPlan | undefined {
  const [first, ...rest] = waiting;
  if (first === undefined) return undefined;
  let send = first;
  const replaces: PendingDelivery[] = [];
  for (const next of rest) {
    if (!takesPlaceOf(next.score, send.score)) break;
    replaces.push(send);
    send = next;
  }
  return { send, replaces };
}

function takesPlaceOf(newer: KeptScore, older: KeptScore): boolean {
  return (
    newer.activityProgress === older.activityProgress &&
    newer.gradingProgress === older.gradingProgress &&
    !carriesSubmission(newer) &&
    !carriesSubmission(older)
  );
}

/** AGS's own member, or one of a vendor such as Canvas's `https://canvas.instructure.com/lti/submission`. */
function carriesSubmission(score: KeptScore): boolean {
  return Object.keys(score).some((name) => /(^|\/)submission$/.test(name));
}
