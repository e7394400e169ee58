import { agsScope } from '../../../contracts/scopes.ts';
import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import type { OutgoingScore, SendResult } from '../../grades/destination.ts';
import { readHostDown } from '../../health/breaker/call-end.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseRetryAfter } from '../../platform/outbound/retry.ts';
import type { GradeQuirks } from '../quirks.ts';
import { addSegment } from './addresses.ts';
import { decideSendResult, type ScoreAnswer } from './decide-send-result.ts';
import type { DestinationServices } from './grade-destination.ts';
import type { LmsCourse } from './gradebook.ts';
import { showsScore } from './same-result.ts';
import { planScoreBody } from './score-body.ts';
import { planLaterTimestamp, planTimestamp, type TimestampPlan } from './score-timestamp.ts';
import type { ServiceOutcome } from './service-calls.ts';

/** AGS 2.0 §3.4. */
const scoreType = 'application/vnd.ims.lis.v1.score+json';

/** Builds what sends one score over one connection, until the signal ends it. */
export function createScoreSender(
  { call, gradebook, clock }: Omit<DestinationServices, 'connections'>,
  registration: ServiceRegistration,
  quirks: GradeQuirks,
): (course: LmsCourse, outgoing: OutgoingScore, signal: AbortSignal) => Promise<SendResult> {
  async function post(
    course: LmsCourse,
    { lineItemUrl, score, subject, lastSentAt }: OutgoingScore,
    timestamp: string,
    signal: AbortSignal,
  ): Promise<ScoreAnswer> {
    const { submissionMember } = quirks;
    const outcome = await call(course, registration, {
      url: addSegment(lineItemUrl, 'scores'),
      method: 'POST',
      scope: agsScope.score,
      accept: 'application/json, */*;q=0.1',
      contentType: scoreType,
      body: planScoreBody({ score, subject, timestamp, lastSentAt, submissionMember, now: clock.now() }),
      signal,
    });
    return toScoreAnswer(outcome, clock.now());
  }

  /** Whether the try of unknown end has got through, as far as the LMS's own result tells. */
  async function hasArrived(
    course: LmsCourse,
    { lineItemUrl, subject, score, others, lastSentAt }: OutgoingScore,
    signal: AbortSignal,
  ): Promise<boolean | SendResult> {
    try {
      const results = await gradebook.readResultsWithin(signal, course, lineItemUrl, subject);
      const [result] = results;
      // What another one would show as well proves nothing.
      return (
        showsScore(result, score, lastSentAt) && !others.some((other) => showsScore(result, other, undefined))
      );
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Where results may not be read at all, an attempt too many is better than a grade that never comes.
      if (error.code !== 'lms_unavailable') return false;
      return { kind: 'temporary', reason: 'server_error', maybeSent: true };
    }
  }

  return async (course, outgoing, signal) => {
    const { score, lastSentAt, maybeSent, triedBefore } = outgoing;
    if (maybeSent && triedBefore && quirks.repeatsShow) {
      const arrived = await hasArrived(course, outgoing, signal);
      if (arrived === true) return { kind: 'delivered' };
      if (arrived !== false) return arrived;
    }
    const first: TimestampPlan = quirks.comparesWholeSeconds
      ? planTimestamp(score.timestamp, lastSentAt, clock.now())
      : { kind: 'send', text: score.timestamp, replaced: undefined };
    if (first.kind === 'wait') return first;
    const answer = await post(course, outgoing, first.text, signal);
    const result = decideSendResult(quirks, answer, { maybeSent: false, sentAt: first.replaced });
    if (!maybeSent || result.kind !== 'superseded') return result;
    if (!quirks.comparesWholeSeconds) {
      return decideSendResult(quirks, answer, { maybeSent: triedBefore, sentAt: first.replaced });
    }
    // Tries of unknown end may have been this score or an older one of the same second, and may have gone out with a later
    // timestamp already. Sent again with later ones, this score is there in any case; but not with much later ones, which
    // could be put over what a teacher has entered since.
    for (const seconds of laterBySeconds) {
      const later = planLaterTimestamp(first.text, seconds, clock.now());
      if (later.kind === 'wait') return later;
      const again = await post(course, outgoing, later.text, signal);
      const decided = decideSendResult(quirks, again, { maybeSent: false, sentAt: later.replaced });
      if (decided.kind !== 'superseded') return decided;
    }
    return result;
  };
}

/** Each may be the one that got through unheard, so that there are some more. */
const laterBySeconds = [1, 3, 9, 27, 60];

function toScoreAnswer(outcome: ServiceOutcome, now: number): ScoreAnswer {
  switch (outcome.kind) {
    case 'no_token':
      return outcome;
    case 'failed':
      return {
        kind: 'failed',
        code: outcome.error.code,
        neverSent: isNeverSent(outcome.error),
        ...defined({ waitUntil: readHostDown(outcome.error) }),
      };
    case 'answered': {
      const { status, headers } = outcome.response;
      const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
      // Refusals say what they mean in their first lines.
      const text = outcome.response.text().slice(0, 4_000);
      return { kind: 'answered', status, headers, text, retryAfterMs, lacksScope: outcome.lacksScope };
    }
  }
}

/** No connection was made, so nothing can have been stored. */
function isNeverSent({ cause }: DomainError): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(code));
}
