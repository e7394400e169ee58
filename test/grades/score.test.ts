import { expect, test } from 'vitest';
import { score } from '../../src/grades/score.ts';

const least = {
  userId: 'pupil',
  activityProgress: 'Submitted',
  gradingProgress: 'Pending',
  timestamp: '2026-03-01T08:15:30.5Z',
};

test.each([
  ['null', null],
  ['an empty list, as PHP writes an empty object', []],
])('a submission that is %s is not there', (_case, submission) => {
  expect(score.parse({ ...least, submission })).toEqual(least);
});

test('a submission that is a list of something is refused', () => {
  expect(score.safeParse({ ...least, submission: [1] }).success).toBe(false);
});
