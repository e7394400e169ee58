import { expect, test } from 'vitest';
import { effectOf, type ScoreBody, serialMember } from '../lms/score-body.ts';
import type { SentScore } from '../load/ledger.ts';
import type { ArrivedScore, DeliveryRow, Evidence, EvidencePlace } from './evidence.ts';
import { countRepeats, findFaults } from './find-faults.ts';

const base = Date.parse('2026-03-01T08:00:00.000Z');

function bodyOf(serial: number, changes: Partial<ScoreBody> = {}): ScoreBody {
  return {
    userId: 'p',
    scoreGiven: serial,
    scoreMaximum: 100,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date(base + serial * 1_000).toISOString(),
    [serialMember]: serial,
    ...changes,
  };
}

const sentOf = (serial: number): SentScore => ({
  place: 'a',
  serial,
  body: bodyOf(serial),
  answer: 'accepted',
});

const rowOf = (serial: number): DeliveryRow => ({
  deliveryId: `d${serial}`,
  place: 'a',
  at: base + serial * 1_000,
  body: bodyOf(serial),
  state: 'delivered',
  outcome: 'success',
  reason: null,
  attempts: 1,
});

const arrivalOf = (serial: number): ArrivedScore => ({
  place: 'a',
  at: base + serial * 1_000,
  serial,
  effect: effectOf(bodyOf(serial)),
  applied: true,
});

interface Draft extends Evidence {
  places: EvidencePlace[];
  sent: SentScore[];
  deliveries: DeliveryRow[];
  attempts: { deliveryId: string; attempt: number; outcome: string; httpStatus: number | null }[];
  lines: { place: string; newestAt: number; pending: number; isOpen: boolean }[];
  arrivals: ArrivedScore[];
  grades: Omit<ArrivedScore, 'applied'>[];
}

/** Three scores at one place, of which the second was superseded by the third. */
function soundEvidence(): Draft {
  return {
    places: [{ key: 'a', policy: 'strict' }],
    sent: [1, 2, 3].map(sentOf),
    deliveries: [
      rowOf(1),
      { ...rowOf(2), state: 'superseded', outcome: 'suppressed', attempts: 0 },
      rowOf(3),
    ],
    attempts: ['d1', 'd3'].map((deliveryId) => ({
      deliveryId,
      attempt: 1,
      outcome: 'success',
      httpStatus: 204,
    })),
    lines: [{ place: 'a', newestAt: base + 3_000, pending: 0, isOpen: false }],
    arrivals: [arrivalOf(1), arrivalOf(3)],
    grades: [arrivalOf(3)],
  };
}

const rulesBroken = (change: (draft: Draft) => void): string[] => {
  const draft = soundEvidence();
  change(draft);
  return [...new Set(findFaults(draft).map(({ rule }) => rule))];
};

test('where every score is delivered or superseded, nothing is found', () => {
  expect(findFaults(soundEvidence())).toEqual([]);
});

test('a score that no answer came for may be there or not', () => {
  expect(rulesBroken(({ sent }) => sent.push({ ...sentOf(4), answer: 'unknown' }))).toEqual([]);
  expect(rulesBroken(({ sent }) => (sent[2]!.answer = 'unknown'))).toEqual([]);
});

test.each<[string, (draft: Draft) => void]>([
  ['an accepted score has exactly one delivery', ({ deliveries }) => deliveries.splice(1, 1)],
  [
    'an accepted score has exactly one delivery',
    ({ deliveries }) => deliveries.push({ ...rowOf(1), deliveryId: 'again' }),
  ],
  ['an accepted score has exactly one delivery', ({ sent }) => (sent[1]!.answer = 'stale')],
  [
    'a delivery holds what was sent',
    ({ deliveries }) => (deliveries[0]!.body = bodyOf(1, { scoreGiven: 99 })),
  ],
  ['a delivery holds what was sent', ({ deliveries }) => (deliveries[0]!.at += 1)],
  ['a delivery holds what was sent', ({ sent }) => sent.splice(0, 1)],
  ['a delivery ends delivered or superseded', ({ deliveries }) => (deliveries[0]!.state = 'pending')],
  ['a delivery ends delivered or superseded', ({ deliveries }) => (deliveries[0]!.state = 'expired')],
  [
    'attempts are numbered and counted, and the last of a delivered score succeeded',
    ({ attempts }) => attempts.pop(),
  ],
  [
    'attempts are numbered and counted, and the last of a delivered score succeeded',
    ({ attempts }) => (attempts[0]!.attempt = 2),
  ],
  [
    'attempts are numbered and counted, and the last of a delivered score succeeded',
    ({ attempts }) => (attempts[0]!.outcome = 'failed_partner'),
  ],
  ['nothing waits on a line', ({ lines }) => (lines[0]!.pending = 1)],
  ['nothing waits on a line', ({ lines }) => (lines[0]!.isOpen = true)],
  ['nothing waits on a line', ({ lines }) => (lines[0]!.newestAt -= 1)],
  ['nothing waits on a line', ({ lines }) => lines.pop()],
  ['the gradebook shows the last accepted score', ({ grades }) => grades.pop()],
  ['the gradebook shows the last accepted score', ({ grades }) => (grades[0] = arrivalOf(1))],
  ['the gradebook shows the last accepted score', ({ grades }) => (grades[0]!.at += 1)],
  ['the gradebook shows the last accepted score', ({ sent }) => sent.push(sentOf(4))],
  ['the gradebook shows the last accepted score', ({ deliveries }) => (deliveries[2]!.state = 'superseded')],
  ['timestamps of what the LMS took strictly increase', ({ arrivals }) => arrivals.reverse()],
  [
    'timestamps of what the LMS took strictly increase',
    ({ arrivals }) => arrivals.push({ ...arrivalOf(3), effect: 'another' }),
  ],
  [
    'scores are taken in the order of the tool',
    ({ arrivals }) => arrivals.push({ ...arrivalOf(1), at: base + 9_000 }),
  ],
  ['what the LMS took is what was accepted', ({ arrivals }) => (arrivals[0]!.effect = 'another')],
  ['what the LMS took is what was accepted', ({ arrivals }) => arrivals.unshift({ ...arrivalOf(0) })],
  ['what counts as delivered was taken', ({ arrivals }) => arrivals.shift()],
  ['what counts as delivered was taken', ({ arrivals }) => (arrivals[0]!.applied = false)],
  [
    'only a score that says the same of progress takes the place of another',
    ({ deliveries }) => (deliveries[1]!.body = bodyOf(2, { gradingProgress: 'Pending' })),
  ],
  [
    'only a score that says the same of progress takes the place of another',
    ({ deliveries }) => (deliveries[2]!.state = 'superseded'),
  ],
  ['a score goes where it belongs', ({ arrivals }) => arrivals.push({ ...arrivalOf(4), place: undefined })],
])('it is found out when not: %s', (rule, change) => {
  expect(rulesBroken(change)).toContain(rule);
});

test('the same score taken twice with the same effect is no fault, and is counted', () => {
  const draft = soundEvidence();
  draft.arrivals.push(arrivalOf(3));
  expect(findFaults(draft)).toEqual([]);
  expect(countRepeats(draft)).toEqual({ strict: 1 });
});

test('an LMS that looks at whole seconds may be sent a later timestamp, never an earlier one', () => {
  const later = (ms: number) =>
    rulesBroken((draft) => {
      draft.places[0]!.policy = 'by_second';
      draft.grades[0]!.at += ms;
    });
  expect(later(1_000)).toEqual([]);
  expect(later(-1)).toEqual(['the gradebook shows the last accepted score']);
});
