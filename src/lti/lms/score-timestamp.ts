import { parseTimestamp } from '../../grades/timestamp.ts';

/** With which timestamp a score goes out. */
export type TimestampPlan =
  | {
      kind: 'send';
      text: string;
      /** Set where it is not the score's own. */
      replaced: Date | undefined;
    }
  | { kind: 'wait'; until: Date };

/**
 * For an LMS that refuses an equal second: the score's own timestamp, or the next whole second after the last one sent,
 * whichever is later. A moment that is yet to come is waited for. The score's order and its stored timestamp do not change.
 *
 * @param now Unix milliseconds
 */
export function planTimestamp(own: string, lastSentAt: Date | undefined, now: number): TimestampPlan {
  const ownMs = parseTimestamp(own)?.milliseconds ?? now;
  const next = lastSentAt === undefined ? undefined : nextSecond(lastSentAt.getTime());
  if (next === undefined || ownMs >= next) return { kind: 'send', text: own, replaced: undefined };
  return sendAt(next, now);
}

/** The same score with the timestamp a second later, after a try with `sent` that may have got through. */
export function planLaterTimestamp(sent: string, now: number): TimestampPlan {
  return sendAt(nextSecond(parseTimestamp(sent)?.milliseconds ?? now), now);
}

function sendAt(moment: number, now: number): TimestampPlan {
  const at = new Date(moment);
  return moment > now ? { kind: 'wait', until: at } : { kind: 'send', text: at.toISOString(), replaced: at };
}

function nextSecond(milliseconds: number): number {
  return (Math.floor(milliseconds / 1000) + 1) * 1000;
}
