import { expect, test } from 'vitest';
import type { KeptScore } from '../../../src/grades/score.ts';
import type { LmsResult } from '../../../src/lti/lms/gradebook.ts';
import { showsScore } from '../../../src/lti/lms/same-result.ts';

const score = { scoreGiven: 8, scoreMaximum: 10, comment: 'Good' } as KeptScore;
const result: LmsResult = {
  subject: 'p',
  resultScore: 8,
  resultMaximum: 10,
  comment: 'Good',
  scoringUserId: undefined,
};
const before = new Date('2026-03-01T08:00:00Z');

test.each<[string, Partial<LmsResult>]>([
  ['the same', {}],
  ['the same, scaled', { resultScore: 40, resultMaximum: 50 }],
  ['the same out of 1', { resultScore: 0.8, resultMaximum: undefined }],
  ['the same without a comment', { comment: undefined }],
])('a result that is %s shows the score', (_case, changes) => {
  expect(showsScore({ ...result, ...changes }, score, before)).toBe(true);
});

test.each<[string, Partial<LmsResult>]>([
  ['another number', { resultScore: 7 }],
  ['another comment', { comment: 'Bad' }],
  ['no number', { resultScore: undefined }],
])('a result with %s does not', (_case, changes) => {
  expect(showsScore({ ...result, ...changes }, score, before)).toBe(false);
});

test('no result shows nothing', () => {
  expect(showsScore(undefined, score, undefined)).toBe(false);
});

test('a result without a number shows a score without one only where nothing was sent before', () => {
  const unscored = { ...score, scoreGiven: null };
  const empty = { ...result, resultScore: undefined };
  expect(showsScore(empty, unscored, undefined)).toBe(true);
  expect(showsScore(empty, unscored, before)).toBe(false);
  expect(showsScore(result, unscored, undefined)).toBe(false);
});
