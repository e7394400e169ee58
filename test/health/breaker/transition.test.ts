import { expect, test } from 'vitest';
import { decideCallEnd, hostDown, readHostDown } from '../../../src/health/breaker/call-end.ts';
import {
  type Breaker,
  breakerThreshold,
  closed,
  decideAdmission,
  planBlock,
  transition,
} from '../../../src/health/breaker/transition.ts';
import { DomainError } from '../../../src/platform/errors.ts';

const failed = (now: number, isTrial = false) =>
  ({ type: 'failed', reason: 'server_error', isTrial, now, random: 0.5 }) as const;

function after(breaker: Breaker, times: number, now = 0): Breaker {
  return times === 0 ? breaker : after(transition(breaker, failed(now)), times - 1, now);
}

test('failures in a row open it, and any answer before that begins the count anew', () => {
  expect(after(closed, breakerThreshold - 1)).toEqual({ state: 'closed', failures: breakerThreshold - 1 });
  expect(after(closed, breakerThreshold, 1_000)).toMatchObject({
    state: 'open',
    openedAt: 1_000,
    until: 6_000,
  });
  const answered = transition(after(closed, breakerThreshold - 1), { type: 'worked' });
  expect(after(answered, breakerThreshold - 1).state).toBe('closed');
});

test('an open one lets one call through when its time has come, and no other while that is out', () => {
  const open = after(closed, breakerThreshold);
  expect([decideAdmission(open, 4_999), decideAdmission(open, 5_000)]).toEqual(['wait', 'try']);
  const half = transition(open, { type: 'tried', now: 5_000 });
  expect([half.state, decideAdmission(half, 5_001)]).toEqual(['half_open', 'wait']);
  // Whoever tried it has died.
  expect(decideAdmission(half, 5_000 + 3_600_000)).toBe('try');
});

test('a trial that fails leaves it alone for longer; one that is answered closes it', () => {
  const open = after(closed, breakerThreshold);
  const half = transition(open, { type: 'tried', now: 5_000 });
  const again = transition(half, failed(6_000, true));
  expect(again).toMatchObject({ state: 'open', failures: breakerThreshold + 1, openedAt: 0, until: 16_000 });
  expect(transition(half, { type: 'worked' })).toEqual(closed);
});

test('late failures of calls that were under way when it opened do not prolong it', () => {
  const open = after(closed, breakerThreshold);
  expect(transition(open, failed(3_000))).toBe(open);
});

test('chance moves a block by a quarter either way, so that copies do not come back together', () => {
  expect([planBlock(breakerThreshold, 0), planBlock(breakerThreshold, 1)]).toEqual([3_750, 6_250]);
});

test('only what the other side does wrong counts', () => {
  const error = (code: string) => decideCallEnd({ error: new DomainError('upstream', code, 'x') }).kind;
  const endOf = (...statuses: number[]) => statuses.map((status) => decideCallEnd({ status }).kind);
  expect(endOf(502, 503, 504)).toEqual(['failed', 'failed', 'failed']);
  expect(endOf(200, 401, 404, 501)).toEqual(Array(4).fill('worked'));
  // An application that fails is there: others behind the same host may be well.
  expect(endOf(500, 505, 599)).toEqual(Array(3).fill('faulty'));
  expect(endOf(429)).toEqual(['nothing']);
  expect(error('outbound_timeout')).toBe('failed');
  expect(error('outbound_tls_failed')).toBe('failed');
  // An answer that the guard does not take is one.
  expect(error('outbound_redirect_refused')).toBe('worked');
  expect(error('outbound_too_large')).toBe('worked');
  expect(error('outbound_aborted')).toBe('nothing');
  expect(error('outbound_address_refused')).toBe('nothing');
  expect(decideCallEnd({ error: new Error('x') }).kind).toBe('nothing');
});

test('a refusal says when to come back; no other error does', () => {
  expect(readHostDown(hostDown('lms.example', 7_000))).toBe(7_000);
  expect(readHostDown(new DomainError('upstream', 'outbound_timeout', 'x', { details: { until: 1 } }))).toBe(
    undefined,
  );
});
