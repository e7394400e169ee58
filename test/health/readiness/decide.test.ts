import { expect, test } from 'vitest';
import {
  decideConnection,
  decideHub,
  decideInstitution,
  isReady,
} from '../../../src/health/readiness/decide.ts';
import type { ConnectionFacts, PlanFacts } from '../../../src/health/readiness/facts.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 7, 1);
const termEnds = now + 150 * day;

const facts = (given: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  ...{ connectionId: 'c', kind: 'identity', partner: 'adfs', endings: [], undatedSecrets: [] },
  ...{ lastProbe: { outcome: 'success', reason: null, at: now - day }, lastSuccess: undefined },
  ...{ usesGrades: false, lastGrade: undefined, gradesNotedAt: undefined },
  ...{ plan: undefined, lastYear: undefined, heldRuns: 0, openIncidents: 0, ...given },
});
const plan = (given: Partial<PlanFacts> = {}): PlanFacts => ({
  ...{ at: now - day, isHeld: false, present: 1_000, created: 100, removed: 100, sizes: { user: 1_000 } },
  ...given,
});
const stateOf = (check: string, given: Partial<ConnectionFacts>) =>
  decideConnection(facts(given), termEnds, now).find((each) => each.check === check)?.state;
const checked = (check: string, given: Partial<ConnectionFacts>) =>
  decideConnection(facts(given), termEnds, now).find((each) => each.check === check);

test('what ends within the term fails, unless something follows it that does not', () => {
  const ending = (days: number, next?: number) => ({
    thing: 'certificate',
    notAfter: now + days * day,
    nextNotAfter: next === undefined ? undefined : now + next * day,
  });
  const state = (...endings: ConnectionFacts['endings']) => stateOf('credentials', { endings });
  expect([state(), state(ending(151)), state(ending(149)), state(ending(20, 151))]).toEqual([
    ...['ready', 'ready', 'failed', 'ready'],
  ]);
  expect(checked('credentials', { endings: [ending(10)] })).toMatchObject({
    waitingOn: 'school',
    todo: expect.stringContaining('2026-08-11'),
  });
  expect(stateOf('credentials', { undatedSecrets: ['client_secret'] })).toBe('missing');
});

test('a week is how long evidence of use counts, be it by people or without them', () => {
  const probed = (days: number, outcome: 'success' | 'failed_partner' = 'success') => ({
    lastProbe: { outcome, reason: 'unreachable', at: now - days * day },
  });
  expect(stateOf('probe', probed(7))).toBe('ready');
  expect(checked('probe', probed(8))).toMatchObject({ state: 'stale', ageMs: 8 * day, waitingOn: 'us' });
  expect(stateOf('probe', { ...probed(8), lastSuccess: now - 2 * day })).toBe('ready');
  expect(stateOf('probe', { lastProbe: undefined })).toBe('missing');
  expect(checked('probe', probed(1, 'failed_partner'))).toMatchObject({
    state: 'failed',
    waitingOn: 'partner',
  });
  // People have used it since.
  expect(stateOf('probe', { ...probed(1, 'failed_partner'), lastSuccess: now })).toBe('ready');
});

test('grades that are sent have to have come back within a week; who sends none need not', () => {
  const lms = { kind: 'lms' } as const;
  expect(stateOf('grade_return', lms)).toBe('unknown');
  expect(stateOf('grade_return', { ...lms, usesGrades: true })).toBe('missing');
  expect(stateOf('grade_return', { ...lms, usesGrades: true, lastGrade: now - 8 * day })).toBe('stale');
  expect(stateOf('grade_return', { ...lms, usesGrades: true, gradesNotedAt: now - day })).toBe('ready');
  expect(stateOf('grade_return', { usesGrades: true })).toBeUndefined();
});

test('a plan is weighed against last year’s rollover, with half as much again or five points of reserve', () => {
  const roster = (given: Partial<ConnectionFacts>) => stateOf('dry_run', { kind: 'roster', ...given });
  expect(roster({})).toBe('missing');
  expect(roster({ plan: plan() })).toBe('ready');
  expect(roster({ plan: plan({ isHeld: true }) })).toBe('failed');
  expect(roster({ plan: plan({ at: now - 15 * day }) })).toBe('stale');
  const lastYear = plan({ created: 200, removed: 200 });
  expect(roster({ plan: plan({ removed: 300 }), lastYear })).toBe('ready');
  expect(roster({ plan: plan({ removed: 301 }), lastYear })).toBe('failed');
  expect(roster({ plan: plan({ created: 301 }), lastYear })).toBe('failed');
  const still = plan({ created: 0, removed: 0 });
  expect(roster({ plan: plan({ created: 50, removed: 50 }), lastYear: still })).toBe('ready');
});

test('a roster is complete with four fifths of every kind of row of last year', () => {
  const roster = (sizes: Record<string, number>, lastYear?: PlanFacts) =>
    stateOf('completeness', { kind: 'roster', plan: plan({ sizes }), lastYear });
  const before = plan({ sizes: { user: 1_000, class: 100 } });
  expect(roster({ user: 10 })).toBe('unknown');
  expect(roster({ user: 800, class: 80 }, before)).toBe('ready');
  expect(roster({ user: 1_000, class: 79 }, before)).toBe('failed');
  expect(roster({ user: 1_000 }, before)).toBe('failed');
});

test('holds and incidents stop a connection; what is unknown stops nobody', () => {
  expect(isReady(decideConnection(facts(), termEnds, now))).toBe(true);
  expect(isReady(decideConnection(facts({ openIncidents: 1 }), termEnds, now))).toBe(false);
  expect(stateOf('holds', { kind: 'roster', heldRuns: 2 })).toBe('failed');
  expect(isReady(decideConnection(facts({ kind: 'lms' }), termEnds, now))).toBe(true);
});

test('contacts are asked within eight weeks, and a load half as great again as the one that is expected', () => {
  const contacts = (at: number | undefined) => decideInstitution(at, now)[0]?.state;
  expect([contacts(undefined), contacts(now - 56 * day), contacts(now - 57 * day)]).toEqual([
    ...['missing', 'ready', 'stale'],
  ]);
  const load = (amount: number, days = 1) =>
    decideHub({ loadTest: { at: now - days * day, amount }, forecast: 1_000 }, now)[0]?.state;
  expect([load(1_500), load(1_499), load(1_500, 181)]).toEqual(['ready', 'failed', 'stale']);
  expect(decideHub({ loadTest: undefined, forecast: 1_000 }, now)[0]?.state).toBe('missing');
  expect(decideHub({ loadTest: undefined, forecast: 0 }, now)[0]?.state).toBe('unknown');
});
