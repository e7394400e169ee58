import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideChangeType, readSubject } from '../../../src/health/changes/classify.ts';
import { compareRates, isSignificantBurn } from '../../../src/health/changes/compare.ts';
import { decideVerdicts, type LiveChange, sumVerdicts } from '../../../src/health/changes/verdict.ts';

const hour = 3_600_000;
const change = (changeId: string, at: number, given: Partial<LiveChange> = {}): LiveChange => ({
  ...{ changeId, type: 'settings', at, cycleMs: 0, owner: 'connection', burned: false },
  ...given,
});

test('an event is a change of its type; entering a secret makes it one of credentials; making things is none', () => {
  const type = (action: string, entered: string[] = []) =>
    decideChangeType({ action, subject: 'x', entered });
  expect(type('roster.updated')).toBe('settings');
  expect(type('roster.updated', ['password'])).toBe('credentials');
  expect(type('release_policy.stored')).toBe('mapping');
  expect(type('roster.connected')).toBeUndefined();
  expect(type('people.shown')).toBeUndefined();
  expect(readSubject('connection:c1')).toEqual({ connectionId: 'c1' });
  expect(readSubject('tenant:t1')).toEqual({});
});

test('a change fails by any sign within three days or one cycle, and counts once however many there are', () => {
  const changes = [
    change('a', 0, { burned: true }),
    change('b', hour, { reverts: 'a' }),
    change('c', 100 * hour),
    change('d', 200 * hour, { cycleMs: 168 * hour }),
    change('e', 1_000 * hour),
  ];
  const incidents = [
    { changeId: 'a', firstFailedAt: hour },
    { changeId: 'a', firstFailedAt: 2 * hour },
    { changeId: 'c', firstFailedAt: 173 * hour },
    { changeId: 'd', firstFailedAt: 300 * hour },
  ];
  const verdicts = decideVerdicts(changes, incidents, 1_010 * hour);
  expect(verdicts.map(({ failures, isSettled }) => [failures, isSettled])).toEqual([
    [['rolled_back', 'incident', 'burn'], true],
    [[], true],
    [[], true],
    [['incident'], true],
    [[], false],
  ]);
  expect(sumVerdicts(verdicts).all).toEqual({ changes: 4, failed: 2, unsettled: 1 });
});

test('the next patch of a version is a hot fix; the next minor version is not', () => {
  const release = (changeId: string, at: number, version: string, owner = 'hub') =>
    change(changeId, at, { type: 'hub_release', version, owner });
  const of = (...changes: LiveChange[]) =>
    decideVerdicts(changes, [], 9_999 * hour).map(({ failures }) => failures.length > 0);
  expect(of(release('a', 0, '2.1.0'), release('b', hour, '2.1.1'))).toEqual([true, false]);
  expect(of(release('a', 0, '2.1.0'), release('b', hour, '2.2.0'))).toEqual([false, false]);
  expect(of(release('a', 0, '2.1.0'), release('b', hour, '2.1.1', 'other'))).toEqual([false, false]);
  expect(of(release('a', 0, '2.1.0'), release('b', 80 * hour, '2.1.1'))).toEqual([false, false]);
});

test('the rate is never more than one, whatever is linked to whatever', () => {
  const ids = ['a', 'b', 'c'];
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          at: fc.integer({ min: 0, max: 200 }),
          burned: fc.boolean(),
          reverts: fc.constantFrom(...ids, undefined),
        }),
        { minLength: 3, maxLength: 3 },
      ),
      fc.array(
        fc.record({
          changeId: fc.constantFrom(...ids),
          firstFailedAt: fc.integer({ min: 0, max: 300 * hour }),
        }),
      ),
      (given, incidents) => {
        const changes = given.map((each, index) => change(ids[index]!, each.at * hour, each));
        const moved = changes.map((each, index) => ({ ...each, at: given[index]!.at * hour }));
        const { all, byType } = sumVerdicts(decideVerdicts(moved, incidents, 9_999 * hour));
        expect(all.failed).toBeLessThanOrEqual(all.changes);
        expect(byType.settings).toEqual(all);
      },
    ),
  );
});

test('rates are compared by their interval: few events say nothing', () => {
  expect(compareRates({ valid: 10, failed: 0 }, { valid: 10, failed: 2 }).verdict).toBe('unclear');
  expect(compareRates({ valid: 1_000, failed: 2 }, { valid: 1_000, failed: 40 }).verdict).toBe('worse');
  expect(compareRates({ valid: 1_000, failed: 40 }, { valid: 1_000, failed: 2 }).verdict).toBe('better');
  expect(compareRates({ valid: 0, failed: 0 }, { valid: 9, failed: 9 }).difference).toBeUndefined();
  // Newcombe 1998, method 10: 56/70 against 48/80 is 0.2 (0.0524 to 0.3339).
  const { low, high } = compareRates({ valid: 80, failed: 48 }, { valid: 70, failed: 56 });
  expect([low, high].map((each) => each.toFixed(4))).toEqual(['0.0524', '0.3339']);
});

test('worse within the target is no burn', () => {
  const comparison = compareRates({ valid: 100_000, failed: 10 }, { valid: 100_000, failed: 200 });
  expect(comparison.verdict).toBe('worse');
  expect(isSignificantBurn(comparison, 0.995)).toBe(false);
  expect(isSignificantBurn(comparison, 0.999)).toBe(true);
});
