import { expect, test } from 'vitest';
import { failureRate, outcomeMeanings, outcomes, userErrorRate } from '../../src/health/outcomes.ts';

test('what people do wrong and what is suppressed on purpose stand outside the failure rate', () => {
  expect(
    failureRate({ success: 8, failed_partner: 1, failed_config: 1, user_error: 90, suppressed: 500 }),
  ).toBe(0.2);
});

test('a deadline that passed without an answer is a failure', () => {
  expect(failureRate({ success: 3, expired_unknown: 1 })).toBe(0.25);
});

test('no traffic is not a rate of zero', () => {
  expect(failureRate({ user_error: 3 })).toBeUndefined();
  expect(userErrorRate({})).toBeUndefined();
});

test('the user-error rate is over everything that ended', () => {
  expect(userErrorRate({ success: 6, user_error: 2, suppressed: 2 })).toBe(0.2);
});

test('every failure is counted, and nothing else has someone to blame but a person', () => {
  for (const outcome of outcomes) {
    const { counted, failure, blame } = outcomeMeanings[outcome];
    if (failure) expect(counted).toBe(true);
    expect(failure).toBe(!['nobody', 'person'].includes(blame));
  }
});
