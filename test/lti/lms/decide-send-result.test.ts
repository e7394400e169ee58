import { expect, test } from 'vitest';
import type { SendResult } from '../../../src/grades/destination.ts';
import {
  decideSendResult,
  type ScoreAnswer,
  type SendContext,
} from '../../../src/lti/lms/decide-send-result.ts';
import { quirksOf } from '../../../src/lti/quirks.ts';
import type { LmsFamily } from '../../../src/lti/reasons.ts';

const firstTry: SendContext = { maybeSent: false, sentAt: undefined };

function answered(
  status: number,
  text = '',
  more: Partial<ScoreAnswer & { kind: 'answered' }> = {},
): ScoreAnswer {
  return { kind: 'answered', status, text, headers: {}, retryAfterMs: undefined, lacksScope: false, ...more };
}

function decide(family: LmsFamily, answer: ScoreAnswer, context = firstTry): SendResult {
  return decideSendResult(quirksOf(family).grades, answer, context);
}

function summary(result: SendResult): string {
  return 'reason' in result ? `${result.kind} ${result.reason}` : result.kind;
}

test.each<[LmsFamily, number, string, string]>([
  ['generic', 200, '', 'delivered'],
  ['generic', 201, '', 'delivered'],
  ['generic', 204, '', 'delivered'],
  ['generic', 300, '', 'temporary answer_invalid'],
  ['generic', 400, 'Score is malformed', 'permanent score_invalid'],
  ['generic', 400, 'The timestamp is older than the stored one', 'superseded older_than_stored'],
  ['generic', 401, '', 'temporary access_denied'],
  ['generic', 403, '', 'temporary access_denied'],
  ['generic', 404, '', 'permanent line_item_gone'],
  ['generic', 408, '', 'temporary timeout'],
  ['generic', 409, '', 'superseded older_than_stored'],
  ['generic', 410, '', 'permanent line_item_gone'],
  ['generic', 413, '', 'permanent score_invalid'],
  ['generic', 415, '', 'permanent score_invalid'],
  ['generic', 422, '', 'permanent score_invalid'],
  ['generic', 425, '', 'temporary server_error'],
  ['generic', 429, '', 'throttled throttled'],
  ['generic', 500, '', 'temporary server_error'],
  ['generic', 502, '', 'temporary server_error'],
  ['generic', 503, '', 'temporary server_error'],
  ['generic', 504, '', 'temporary server_error'],

  ['canvas', 200, '{"resultUrl":"x"}', 'delivered'],
  [
    'canvas',
    400,
    'Provided timestamp of 2026-03-01 before last updated timestamp of 2026-03-02',
    'superseded older_than_stored',
  ],
  ['canvas', 400, 'Provided submitted_at is not valid', 'permanent score_invalid'],
  ['canvas', 401, 'Invalid Developer Key', 'temporary access_denied'],
  // One course without the tool must not hold up the others.
  [
    'canvas',
    401,
    'Access Token not linked to a Tool associated with this Context',
    'permanent access_denied',
  ],
  ['canvas', 403, '403 Forbidden (Rate Limit Exceeded)\n', 'throttled throttled'],
  ['canvas', 403, '{"status":"unauthorized"}', 'temporary access_denied'],
  ['canvas', 404, '', 'permanent line_item_gone'],
  ['canvas', 412, 'Tool does not have permission to view line_item', 'permanent access_denied'],
  ['canvas', 422, 'User not found in course or is not a student', 'permanent person_not_gradable'],
  ['canvas', 422, 'This course has concluded.', 'permanent course_closed'],
  ['canvas', 422, 'ScoreMaximum not supplied when ScoreGiven present.', 'permanent score_invalid'],
  ['canvas', 429, '', 'throttled throttled'],

  ['moodle', 200, '', 'delivered'],
  ['moodle', 400, '', 'permanent person_unknown'],
  ['moodle', 401, '', 'temporary access_denied'],
  ['moodle', 403, '', 'permanent line_item_gone'],
  ['moodle', 404, '', 'permanent line_item_gone'],
  ['moodle', 409, '', 'superseded older_than_stored'],

  ['brightspace', 403, '', 'permanent person_unknown'],
  ['brightspace', 404, '{"title":"User is not enrolled"}', 'permanent person_unknown'],
  ['brightspace', 404, '', 'permanent line_item_gone'],
  ['brightspace', 422, '', 'permanent person_not_gradable'],
  ['brightspace', 429, '', 'throttled throttled'],

  ['blackboard', 404, '{"message":"The specified user was not found"}', 'permanent person_unknown'],
  ['blackboard', 404, '', 'permanent line_item_gone'],
  ['blackboard', 409, '', 'superseded older_than_stored'],

  ['schoology', 409, '', 'superseded older_than_stored'],
  ['schoology', 403, '', 'temporary access_denied'],

  ['sakai', 400, '{"error":"User does not belong to site"}', 'permanent person_unknown'],
  ['sakai', 400, '{"error":"Scope score not in access token"}', 'configuration scope_missing'],
  ['sakai', 400, '{"error":"Could not load site associated with content"}', 'permanent line_item_gone'],
  ['sakai', 400, '{"error":"Could not read POST Data"}', 'permanent score_invalid'],
  ['sakai', 403, '{"error":"invalid_authorization"}', 'configuration access_denied'],
])('%s answers %i %s: %s', (family, status, text, expected) => {
  expect(summary(decide(family, answered(status, text)))).toBe(expected);
});

test('a used-up quota at Canvas is throttling, some of it left is not', () => {
  const remaining = (value: string) =>
    summary(decide('canvas', answered(403, '', { headers: { 'x-rate-limit-remaining': value } })));
  expect(['0', '0.0', '-12.5'].map(remaining)).toEqual(Array(3).fill('throttled throttled'));
  expect(['0.5', '600.0', ''].map(remaining)).toEqual(Array(3).fill('temporary access_denied'));
});

test('a status in a list of unlike things is told by its family only', () => {
  expect(summary(decide('generic', answered(403, 'Rate Limit Exceeded')))).toBe('temporary access_denied');
});

test.each<[LmsFamily, number, string]>([
  ['generic', 409, ''],
  ['generic', 400, 'timestamp is older'],
  ['canvas', 400, 'before last updated timestamp'],
  ['moodle', 409, ''],
])('%s refusing as old (%i) what may have arrived before means: it is there', (family, status, text) => {
  const context = { maybeSent: true, sentAt: new Date(5) };
  expect(decide(family, answered(status, text), context)).toEqual({
    kind: 'delivered',
    httpStatus: status,
    sentAt: new Date(5),
  });
});

test('what may have arrived is not taken for delivered by any other refusal', () => {
  const context = { maybeSent: true, sentAt: undefined };
  expect(decide('generic', answered(404), context).kind).toBe('permanent');
  expect(decide('generic', answered(500), context)).toMatchObject({ kind: 'temporary', maybeSent: true });
});

test('a token that is refused by name is the connection’s fault, a bare 401 may be one course’s', () => {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' };
  expect(summary(decide('generic', answered(401, '', { headers })))).toBe('configuration access_denied');
});

test('a token that was not given for scores is named where the LMS refuses', () => {
  for (const status of [401, 403]) {
    const result = decide('generic', answered(status, '', { lacksScope: true }));
    expect(summary(result)).toBe('configuration scope_missing');
  }
});

test('the LMS’s wish to be left alone is passed on', () => {
  const wish = { retryAfterMs: 30_000 };
  expect(decide('generic', answered(429, '', wish))).toMatchObject(wish);
  expect(decide('generic', answered(503, '', wish))).toMatchObject(wish);
  expect(decide('generic', answered(503))).not.toHaveProperty('retryAfterMs');
});

test('a server that failed may have stored the score, one that redirects has not', () => {
  expect(decide('generic', answered(500))).toMatchObject({ maybeSent: true });
  expect(decide('generic', answered(408))).toMatchObject({ maybeSent: true });
  expect(decide('generic', answered(425))).toMatchObject({ maybeSent: false });
  expect(decide('generic', answered(304))).toMatchObject({ maybeSent: false });
});

test.each<[string, string, boolean]>([
  ['outbound_timeout', 'timeout', true],
  ['outbound_aborted', 'timeout', true],
  ['outbound_connection_failed', 'unreachable', true],
  ['outbound_dns_failed', 'unreachable', false],
  ['outbound_tls_failed', 'tls_failed', false],
  ['outbound_answer_invalid', 'answer_invalid', true],
  ['outbound_too_large', 'answer_invalid', true],
  ['outbound_encoding_refused', 'answer_invalid', true],
  ['outbound_redirect_refused', 'answer_invalid', false],
  ['outbound_request_invalid', 'answer_invalid', false],
])('%s is a passing fault, %s; it may have arrived: %s', (code, reason, maybeSent) => {
  const failed = { kind: 'failed', code, neverSent: false } as const;
  expect(decide('generic', failed)).toEqual({ kind: 'temporary', reason, maybeSent });
  expect(decide('generic', { ...failed, neverSent: true })).toMatchObject({ maybeSent: false });
});

test('an address that leads where the hub does not go stops the connection until it leads elsewhere', () => {
  const result = decide('generic', { kind: 'failed', code: 'outbound_address_refused', neverSent: false });
  expect(result).toEqual({ kind: 'configuration', reason: 'address_refused' });
});

test.each(['outbound_scheme_refused', 'outbound_url_invalid', 'outbound_url_credentials_refused'])(
  '%s is about this line item only, and for good',
  (code) => {
    const result = decide('generic', { kind: 'failed', code, neverSent: false });
    expect(result).toEqual({ kind: 'permanent', reason: 'address_refused' });
  },
);

test('a missing token ends the try as its own fault says', () => {
  const config = { kind: 'configuration', reason: 'token_refused', httpStatus: 400 } as const;
  expect(decide('generic', { kind: 'no_token', fault: config })).toEqual(config);
  const passing = { kind: 'temporary', reason: 'token_unavailable', retryAfterMs: 5_000 } as const;
  expect(decide('generic', { kind: 'no_token', fault: passing })).toEqual({ ...passing, maybeSent: false });
});
