import { expect, test } from 'vitest';
import type { KeptScore } from '../../../src/grades/score.ts';
import { planScoreBody, type ScoreToSend } from '../../../src/lti/lms/score-body.ts';

const member = 'https://canvas.instructure.com/lti/submission';
const score: KeptScore = {
  scoreGiven: 8,
  scoreMaximum: 10,
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: '2026-03-01T08:15:30.250Z',
};

function write(
  changes: Partial<KeptScore> = {},
  sending: Partial<ScoreToSend> = {},
): Record<string, unknown> {
  const body = planScoreBody({
    score: { ...score, ...changes },
    subject: 'lms-person',
    timestamp: score.timestamp,
    lastSentAt: undefined,
    submissionMember: undefined,
    now: Date.parse('2026-03-01T09:00:00Z'),
    ...sending,
  });
  return JSON.parse(body) as Record<string, unknown>;
}

test('the person is the one the LMS knows, and the timestamp the one planned', () => {
  const body = write({ userId: 'tool-person' }, { timestamp: '2026-03-01T08:15:31.000Z' });
  expect(body).toEqual({ ...score, userId: 'lms-person', timestamp: '2026-03-01T08:15:31.000Z' });
});

test.each([0, null, 12])('scoreGiven %s stays what it is', (scoreGiven) => {
  expect(write({ scoreGiven })).toHaveProperty('scoreGiven', scoreGiven);
});

test('an absent score and an absent comment stay absent, and an empty comment empty', () => {
  expect(Object.keys(write({ scoreGiven: undefined }))).not.toContain('scoreGiven');
  expect(Object.keys(write())).not.toContain('comment');
  expect(write({ comment: '' })).toHaveProperty('comment', '');
  expect(write({ comment: null })).toHaveProperty('comment', null);
});

test('extensions pass, what AGS does not know and whom the LMS does not know stay behind', () => {
  const extension = { 'https://tool.example/ext': { deep: [1] } };
  const body = write({
    ...extension,
    notKnown: 1,
    scoringUserId: 'tool-teacher',
    submission: { submittedAt: score.timestamp, note: 'x', ...extension },
  });
  expect(body).toEqual({
    ...score,
    ...extension,
    userId: 'lms-person',
    submission: { submittedAt: score.timestamp, ...extension },
  });
});

const sentAt = new Date('2026-03-01T08:00:00Z');
const submitted = (submittedAt: string) => ({ submission: { submittedAt } });

test.each([
  ['the first score of something handed in', {}, undefined, true],
  ['a later score that names no submission', {}, sentAt, false],
  ['a first score of work in progress', { activityProgress: 'InProgress' as const }, undefined, false],
  ['a submission since the last score', submitted('2026-03-01T08:10:00Z'), sentAt, true],
  ['a re-grade of a submission already scored', submitted('2026-03-01T07:59:00Z'), sentAt, false],
])('%s: new_submission', (_case, changes, lastSentAt, isNew) => {
  expect(write(changes, { submissionMember: member, lastSentAt })[member]).toMatchObject({
    new_submission: isNew,
  });
});

test('the time of the submission goes with it', () => {
  const at = '2026-03-01T08:10:00Z';
  expect(write(submitted(at), { submissionMember: member })[member]).toHaveProperty('submitted_at', at);
  expect(write({}, { submissionMember: member })[member]).toHaveProperty('submitted_at', score.timestamp);
});

test('no submission is made up that lies ahead, though the tool’s clock does', () => {
  const now = Date.parse(score.timestamp) - 90_000;
  const body = write({}, { submissionMember: member, now });
  expect(body[member]).toHaveProperty('submitted_at', '2026-03-01T08:14:00.250Z');
  expect(body).toHaveProperty('timestamp', score.timestamp);
});

test('what the tool says of the submission itself stands', () => {
  const own = {
    new_submission: false,
    submission_type: 'online_url',
    submission_data: 'https://work.example',
  };
  expect(write({ [member]: own }, { submissionMember: member })[member]).toMatchObject(own);
});

test('an LMS that wants no such member gets none', () => {
  expect(Object.keys(write())).not.toContain(member);
});
