import { expect, test } from 'vitest';
import { compareResult, type ExpectedResult } from '../../src/grades/compare.ts';

const expected = (given: Partial<ExpectedResult>): ExpectedResult => ({
  scoreGiven: 8,
  scoreMaximum: 10,
  gradingProgress: 'FullyGraded',
  ...given,
});
const shown = (resultScore?: number, resultMaximum?: number) => ({
  subject: 's',
  resultScore,
  resultMaximum,
});

test.each([
  ['the same on the same scale', {}, shown(8, 10), 'none'],
  ['the same on another scale', {}, shown(40, 50), 'none'],
  ['the same on the scale of one, which need not be said', {}, shown(0.8), 'none'],
  ['a third, rounded to two places', { scoreGiven: 1, scoreMaximum: 3 }, shown(3.33, 10), 'none'],
  ['a zero that is a score', { scoreGiven: 0 }, shown(0, 10), 'none'],
  ['more than the maximum, kept', { scoreGiven: 12 }, shown(12, 10), 'none'],
  ['more than the maximum, cut', { scoreGiven: 12 }, shown(10, 10), 'differs'],
  ['another score', {}, shown(7, 10), 'differs'],
  ['a difference just past rounding', {}, shown(8.01, 10), 'differs'],
  ['a zero that came to nothing', { scoreGiven: 0 }, shown(undefined, 10), 'missing'],
  ['no result of the person', {}, undefined, 'missing'],
  ['a result without a score', {}, shown(undefined, 10), 'missing'],
  ['a score that was cleared', { scoreGiven: null, scoreMaximum: null }, shown(undefined), 'none'],
  ['a score that was cleared and stands', { scoreGiven: null, scoreMaximum: null }, shown(8, 10), 'differs'],
  ['a score that is not graded fully', { gradingProgress: 'PendingManual' }, undefined, 'none'],
] as const)('%s', (_name, given, result, drift) => {
  expect(compareResult(expected(given), result)).toBe(drift);
});
