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

/** Longest wait for a moment to come, in milliseconds: one further ahead comes from a tool whose clock is. */
const longestWaitMs = 60_000;

/**
 * For an LMS that refuses an equal second: the score's own timestamp, or the next whole second after the last one sent,
 * whichever is later. A moment that is about to come is waited for; where the LMS has taken one that lies far ahead, it
 * takes the next. The score's order and its stored timestamp do not change.
 *
 * @param now Unix milliseconds
 */
export function planTimestamp(own: string, lastSentAt: Date | undefined, now: number): TimestampPlan {
  const ownMs = parseTimestamp(own)?.milliseconds ?? now;
  const next = lastSentAt === undefined ? undefined : nextSecond(lastSentAt.getTime());
  if (next === undefined || ownMs >= next) return { kind: 'send', text: own, replaced: undefined };
  return sendAt(next, now);
}

/**
 * The same score with a timestamp so many seconds later, after a try with `first` that may have got through. One yet to
 * come is waited for.
 */
export function planLaterTimestamp(first: string, seconds: number, now: number): TimestampPlan {
  return sendAt(nextSecond(parseTimestamp(first)?.milliseconds ?? now) + (seconds - 1) * 1000, now);
}

function sendAt(moment: number, now: number): TimestampPlan {
  const at = new Date(moment);
  const mustWait = moment > now && moment - now <= longestWaitMs;
  return mustWait ? { kind: 'wait', until: at } : { kind: 'send', text: at.toISOString(), replaced: at };
}

function nextSecond(milliseconds: number): number {
  return (Math.floor(milliseconds / 1000) + 1) * 1000;
}
