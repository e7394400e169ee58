import type { RequestHandler } from 'express';
import type { Acceptance } from '../../grades/accept.ts';
import { lineItemUnknown } from '../../grades/line-items.ts';
import { score } from '../../grades/score.ts';
import { parseTimestamp } from '../../grades/timestamp.ts';
import { DomainError } from '../../platform/errors.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import { parseInput } from '../../platform/input.ts';
import type { LtiServices } from '../services.ts';
import { resultsAddress } from './addresses.ts';
import { answerAs } from './answer.ts';
import { callOf, notEnabled } from './call.ts';

/**
 * POST: takes a score in (AGS 2.0 §3.4). The answer says that the hub has it for good; the LMS gets it in the
 * background.
 *
 * LMSs answer 200, 201 or 204. Here it is 200 with a body, as from Canvas, since there are tools that read one from every
 * answer and stumble over 204.
 */
export function receiveScore({ grades, clock }: Pick<LtiServices, 'grades' | 'clock'>): RequestHandler {
  return async (request, response) => {
    const { tx: _tx, place, lineItemId, ...call } = callOf(response);
    if (lineItemId === undefined) throw lineItemUnknown();
    const handedIn = parseInput(score, request.body, 'score_invalid');
    const acceptance = await grades.accept({ ...call, lineItemId, score: handedIn, now: clock.now() });
    const { facts } = contextOf(response);
    // AGS 2.0 §3.4.9 asks for a fraction of a second: without it, two scores of one second cannot be told apart.
    if (parseTimestamp(handedIn.timestamp)?.withoutFraction) facts.reason = 'timestamp_without_fraction';
    if (acceptance.kind === 'accepted') facts.deliveryId = acceptance.deliveryId;
    const refusal = refusalOf(acceptance);
    if (refusal !== undefined) throw refusal;
    const who = new URLSearchParams({ user_id: handedIn.userId });
    answerAs(response, 'application/json', { resultUrl: `${resultsAddress(place, lineItemId)}?${who}` });
  };
}

function refusalOf(acceptance: Acceptance): DomainError | undefined {
  switch (acceptance.kind) {
    case 'accepted':
    // The same score again: it was taken, and is not taken twice.
    case 'repeated':
      return undefined;
    case 'stale':
      // AGS 2.0 §3.4.9: a later one on record stays.
      return new DomainError(
        'conflict',
        'score_stale',
        'timestamp: a score with a later one has been sent for this user. Nothing was changed.',
      );
    case 'conflicting':
      // AGS 2.0 §3.4.9: a tool MUST NOT send several scores with one timestamp.
      return new DomainError(
        'conflict',
        'score_timestamp_used',
        'timestamp: another score has been sent for this user with the same one. Send it with a later one.',
      );
    case 'line_item_unknown':
      return lineItemUnknown();
    case 'person_unknown':
      return personUnknown();
    case 'tool_disabled':
      return notEnabled();
  }
}

/** 404: the user is named as part of what is addressed. LMSs answer anything from 400 to 422. */
function personUnknown(): DomainError {
  return new DomainError(
    'not_found',
    'user_unknown',
    'userId: your tool has never met this user at this school. Send the "sub" of a launch.',
  );
}
