import { expect, test } from 'vitest';
import { familyNames } from '../../src/connections/families.ts';
import type { GradeReason } from '../../src/grades/destination.ts';
import { gradeAdvice, gradeReasons, isGradeReason, outcomeOf } from '../../src/grades/reasons.ts';
import { outcomes } from '../../src/health/outcomes.ts';

const codes = Object.keys(gradeReasons) as GradeReason[];

test.each(codes)('%s says what happened, whose turn it is and what to do', (code) => {
  const { outcome, turn, happened, advice } = gradeReasons[code];
  expect(outcomes).toContain(outcome);
  expect(['lms', 'tool', 'hub', 'nobody']).toContain(turn);
  for (const text of [happened, advice]) expect(text).toMatch(/^[A-Z].*\.$/);
  for (const family of familyNames) expect(gradeAdvice(code, family).startsWith(advice)).toBe(true);
});

test.each<[GradeReason, string]>([
  ['person_unknown', 'user_error'],
  ['person_not_gradable', 'user_error'],
  ['person_left', 'user_error'],
  ['line_item_gone', 'failed_config'],
  ['course_closed', 'failed_config'],
  ['scope_missing', 'failed_config'],
  ['score_invalid', 'failed_partner'],
])('a score refused for %s counts as %s', (reason, outcome) => {
  expect(outcomeOf('refused', reason)).toBe(outcome);
});

test('a score that was given up is the partner’s failure, unless settings were at fault', () => {
  expect(outcomeOf('expired', 'gave_up')).toBe('failed_partner');
  expect(outcomeOf('expired', 'person_unknown')).toBe('failed_partner');
  expect(outcomeOf('expired', 'token_refused')).toBe('failed_config');
});

test('a score that was overtaken did what was promised, and a discarded one is left out of the rates', () => {
  expect(outcomeOf('delivered', undefined)).toBe('success');
  expect(outcomeOf('superseded', 'newer_score')).toBe('success');
  expect(outcomeOf('superseded', 'older_than_stored')).toBe('success');
  expect(outcomeOf('discarded', 'discarded')).toBe('suppressed');
});

test('advice tells what differs at an LMS, and nothing more for partners that are none', () => {
  const { advice } = gradeReasons.person_not_gradable;
  expect(gradeAdvice('person_not_gradable', 'canvas')).toMatch(/Student View.*unpublished/);
  expect(gradeAdvice('person_not_gradable', 'brightspace')).toMatch(/role that cannot be graded/);
  for (const partner of ['generic', 'toString', 'A vendor']) {
    expect(gradeAdvice('person_not_gradable', partner)).toBe(advice);
  }
});

test('stored text is no reason by being a member of every object', () => {
  expect(isGradeReason('gave_up')).toBe(true);
  expect(isGradeReason('constructor')).toBe(false);
});
