import { expect, test } from 'vitest';
import { createGradebook } from './gradebook.ts';
import { type ScoreBody, serialMember } from './score-body.ts';

const item = 'https://lms.example/lineitems/1';

function bodyAt(timestamp: string, changes: Partial<ScoreBody> = {}): ScoreBody {
  return {
    userId: 'p',
    scoreGiven: 1,
    scoreMaximum: 2,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp,
    [serialMember]: 1,
    ...changes,
  };
}

test.each([
  ['strict', '2026-03-01T08:00:00.499Z', false],
  ['strict', '2026-03-01T08:00:00.500Z', false],
  ['strict', '2026-03-01T08:00:00.501Z', true],
  ['applies_equal', '2026-03-01T08:00:00.499Z', false],
  ['applies_equal', '2026-03-01T08:00:00.500Z', true],
  ['by_second', '2026-03-01T08:00:00.900Z', false],
  ['by_second', '2026-03-01T08:00:01.000Z', true],
] as const)(
  'after half past the second, a gradebook that is %s asked to take %s says %s',
  (policy, timestamp, taken) => {
    const gradebook = createGradebook(policy);
    expect(gradebook.take(item, bodyAt('2026-03-01T08:00:00.500Z'))).toBe(true);
    expect(gradebook.take(item, bodyAt(timestamp, { scoreGiven: 2 }))).toBe(taken);
    expect(gradebook.results(item)[0]?.resultScore).toBe(taken ? 2 : 1);
  },
);

test('a score that is null, or at a Moodle partial, has no result', () => {
  const results = (policy: 'strict' | 'by_second', changes: Partial<ScoreBody>) => {
    const gradebook = createGradebook(policy);
    gradebook.take(item, bodyAt('2026-03-01T08:00:00.500Z', changes));
    return gradebook.results(item, 'p').length;
  };
  expect(results('strict', { scoreGiven: null })).toBe(0);
  expect(results('strict', { gradingProgress: 'Pending' })).toBe(1);
  expect(results('by_second', { gradingProgress: 'Pending' })).toBe(0);
});
