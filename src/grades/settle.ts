import type { LineItemId, PersonId } from '../../contracts/ids.ts';
import { giveUpAfterMs, longestWaitMs, planWait } from './back-off.ts';
import type { SendPlan } from './coalesce.ts';
import type { GradeReason, SendResult } from './destination.ts';
import type { DeliveryState } from './states.ts';

/** A line that this worker holds. */
export interface HeldLine {
  lineItemId: LineItemId;
  personId: PersonId;
  tries: number;
  /** Moved on by the time in which it was due and nobody tried. */
  failingSince: Date | undefined;
  maybeSent: boolean;
  /** The worker that held it before never said how its try ended. */
  lostTry: boolean;
}

/** How one try ended, with its times. */
export interface Tried {
  result: SendResult;
  startedAt: Date;
  endedAt: Date;
}

/** What is written once a try has ended. */
export interface Settlement {
  /** When the line is due again, where anything waits; undefined: at once. */
  retryAt: Date | undefined;
  tries: number;
  failingSince: Date | undefined;
  maybeSent: boolean;
  /** Undefined leaves what is stored. */
  sentAt: Date | undefined;
  ended: { deliveryId: string; state: Exclude<DeliveryState, 'pending'>; reason: GradeReason | undefined }[];
  /** Undefined where nothing was sent. */
  attempt:
    | { outcome: AttemptOutcome; reason: GradeReason | undefined; httpStatus: number | undefined }
    | undefined;
  /** What it says about the connection. */
  route: RouteNews;
}

export type AttemptOutcome = 'success' | 'failed_partner' | 'failed_config' | 'user_error';

export type RouteNews =
  | { kind: 'works' }
  | { kind: 'fails' }
  /** It does not let the hub do this, for one course or for all. */
  | { kind: 'denies'; reason: GradeReason }
  | { kind: 'throttled'; until: Date }
  | { kind: 'stop'; reason: GradeReason }
  | { kind: 'nothing' };

/** Decides what a try means for its line, its deliveries and its connection. */
export function decideSettlement(
  line: HeldLine,
  plan: SendPlan,
  { result, endedAt }: Tried,
  random: number,
): Settlement {
  const { send, replaces } = plan;
  const clean = {
    retryAt: undefined,
    tries: 0,
    failingSince: undefined,
    maybeSent: false,
    sentAt: undefined,
  };
  const replaced = replaces.map(({ deliveryId }) => ({
    deliveryId,
    state: 'superseded' as const,
    reason: 'newer_score' as const,
  }));
  switch (result.kind) {
    case 'delivered':
      return {
        ...clean,
        sentAt: result.sentAt ?? send.at,
        ended: [...replaced, { deliveryId: send.deliveryId, state: 'delivered', reason: result.warning }],
        attempt: { outcome: 'success', reason: result.warning, httpStatus: result.httpStatus },
        route: { kind: 'works' },
      };
    case 'superseded':
      return {
        ...clean,
        ended: [...replaced, { deliveryId: send.deliveryId, state: 'superseded', reason: result.reason }],
        attempt: { outcome: 'success', reason: result.reason, httpStatus: result.httpStatus },
        route: { kind: 'works' },
      };
    case 'permanent':
      // What it would have replaced is still worth sending.
      return {
        ...clean,
        ended: [{ deliveryId: send.deliveryId, state: 'refused', reason: result.reason }],
        attempt: { outcome: 'user_error', reason: result.reason, httpStatus: result.httpStatus },
        // Without an answer it was the hub that knew: that tells nothing of the connection.
        route: { kind: result.httpStatus === undefined ? 'nothing' : 'works' },
      };
    case 'wait':
      return {
        ...line,
        ...planPause(line, result.until, endedAt),
        sentAt: undefined,
        ended: [],
        attempt: undefined,
        route: { kind: 'nothing' },
      };
    case 'configuration':
      // Soon due again, so that all goes on together when the fault is mended; it is no fault of this score.
      return {
        ...line,
        retryAt: new Date(endedAt.getTime() + planWait(1, random)),
        sentAt: undefined,
        ended: [],
        attempt: { outcome: 'failed_config', reason: result.reason, httpStatus: result.httpStatus },
        route: { kind: 'stop', reason: result.reason },
      };
    case 'throttled':
    case 'temporary':
      return tryAgain(line, plan, { result, endedAt }, random);
  }
}

/** Until then nothing is tried, so that the time does not count as failing. */
function planPause({ failingSince }: HeldLine, until: Date, now: Date) {
  const wait = Math.min(until.getTime() - now.getTime(), longestWaitMs);
  const later = (from: Date) => new Date(from.getTime() + Math.max(0, wait));
  return { retryAt: later(now), failingSince: failingSince && later(failingSince) };
}

function tryAgain(
  line: HeldLine,
  { send, replaces }: SendPlan,
  { result, endedAt }: { result: SendResult & { kind: 'throttled' | 'temporary' }; endedAt: Date },
  random: number,
): Settlement {
  const tries = line.tries + 1;
  const failingSince = line.failingSince ?? endedAt;
  const gaveUp = endedAt.getTime() - failingSince.getTime() >= giveUpAfterMs;
  const retryAt = new Date(endedAt.getTime() + planWait(tries, random, result.retryAfterMs));
  const throttled = result.kind === 'throttled';
  const denied = result.reason === 'access_denied';
  return {
    retryAt: gaveUp ? undefined : retryAt,
    tries: gaveUp ? 0 : tries,
    failingSince: gaveUp ? undefined : failingSince,
    maybeSent: line.maybeSent || (!throttled && result.maybeSent),
    sentAt: undefined,
    ended: gaveUp
      ? [...replaces, send].map(({ deliveryId }) => ({ deliveryId, state: 'expired', reason: 'gave_up' }))
      : [],
    attempt: {
      outcome: denied ? 'failed_config' : 'failed_partner',
      reason: result.reason,
      httpStatus: result.httpStatus,
    },
    route: throttled
      ? { kind: 'throttled', until: retryAt }
      : denied
        ? { kind: 'denies', reason: result.reason }
        : { kind: 'fails' },
  };
}
