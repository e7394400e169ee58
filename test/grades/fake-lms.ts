import type { GradeDestination, GradeWay, OutgoingScore, SendResult } from '../../src/grades/destination.ts';
import { parseTimestamp } from '../../src/grades/timestamp.ts';

export interface StoredScore {
  timestamp: number;
  scoreGiven: number | null | undefined;
}

/** A gradebook that keeps AGS's order (§3.4.9), and answers as a test tells it to. */
export interface FakeLms extends GradeDestination {
  /** By `<line item url> <subject>`. */
  gradebook: Map<string, StoredScore>;
  /** Every score that was stored, in order. */
  stored: (StoredScore & { key: string })[];
  posts: number;
  /** Decides about a post before (`undefined`: take it) or after it was stored. */
  before: (outgoing: OutgoingScore) => SendResult | undefined | Promise<SendResult | undefined>;
  after: (outgoing: OutgoingScore) => SendResult | undefined;
  fault: Awaited<ReturnType<GradeDestination['open']>> | undefined;
  rate: GradeWay['rate'];
}

export function createFakeLms(): FakeLms {
  const lms: FakeLms = {
    gradebook: new Map(),
    stored: [],
    posts: 0,
    before: () => undefined,
    after: () => undefined,
    fault: undefined,
    rate: { perSecond: 10_000, burst: 10_000 },
    open: async () => lms.fault ?? { version: 1, rate: lms.rate, send, readResults: async () => [] },
  };
  async function send(outgoing: OutgoingScore): Promise<SendResult> {
    lms.posts += 1;
    const early = await lms.before(outgoing);
    if (early !== undefined) return early;
    const key = `${outgoing.lineItemUrl} ${outgoing.subject}`;
    const timestamp = parseTimestamp(outgoing.score.timestamp)!.milliseconds;
    const known = lms.gradebook.get(key);
    if (known !== undefined && known.timestamp >= timestamp) {
      return outgoing.maybeSent && known.timestamp === timestamp
        ? { kind: 'delivered', httpStatus: 409 }
        : { kind: 'superseded', httpStatus: 409, reason: 'older_than_stored' };
    }
    const score = { timestamp, scoreGiven: outgoing.score.scoreGiven };
    lms.gradebook.set(key, score);
    lms.stored.push({ key, ...score });
    return lms.after(outgoing) ?? { kind: 'delivered', httpStatus: 200 };
  }
  return lms;
}
