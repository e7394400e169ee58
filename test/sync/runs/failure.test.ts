import { expect, test } from 'vitest';
import { ConnectorError, connectorFailures } from '../../../contracts/connector.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { decideFailure, type Tries } from '../../../src/sync/runs/failure.ts';

const decide = (error: unknown, tries: Partial<Tries> = {}) =>
  decideFailure(error, { failures: 1, setbacks: 1, hasPackage: false, ...tries });
const kindsOf = (tries: Partial<Tries>) =>
  Object.fromEntries(
    connectorFailures.map((failure) => [
      failure,
      decide(new ConnectorError(failure, 'code', 'Do this.'), tries).kind,
    ]),
  );

test('the kind of a connector’s error decides whether the run is tried again', () => {
  expect(kindsOf({})).toEqual({
    settings: 'over',
    refused: 'over',
    unavailable: 'again',
    answer_invalid: 'again',
    source_missing: 'again',
    files_unsafe: 'over',
  });
});

test('a package that was handed over stays as it is: what is wrong with its bytes is not waited for', () => {
  expect(kindsOf({ hasPackage: true })).toMatchObject({
    unavailable: 'again',
    answer_invalid: 'over',
    source_missing: 'over',
  });
});

test('waits grow to an hour, and end', () => {
  const error = new ConnectorError('unavailable', 'busy', 'Wait.');
  const decided = Array.from({ length: 9 }, (_, index) => decide(error, { failures: index + 1 }));
  const minutes = decided.map((each) => (each.kind === 'again' ? each.waitMs / 60_000 : each.kind));
  expect(minutes).toEqual([1, 5, 15, 30, 60, 60, 60, 60, 'over']);
  expect(decided.at(-1)).toMatchObject({ outcome: 'failed_partner', reason: 'busy' });
});

test('a connector’s words are told, those of a fault of ours are not', () => {
  expect(decide(new ConnectorError('settings', 'scope_missing', 'Grant the scope.'))).toEqual({
    kind: 'over',
    outcome: 'failed_config',
    reason: 'scope_missing',
    advice: 'Grant the scope.',
  });
  const fault = decide(new Error('column "x" of Ada Ito'));
  expect(fault).toMatchObject({ kind: 'again', reason: 'internal', waitMs: 60_000 });
  expect(JSON.stringify(fault)).not.toContain('Ada');
});

test('waiting for room in staging is no failure, however long it takes', () => {
  const full = new DomainError('conflict', 'staging_full', 'No room.');
  expect(decide(full, { failures: 50 })).toMatchObject({ kind: 'no_room' });
  expect(decide(new DomainError('input', 'roster_settings_invalid', 'Mend.')).kind).toBe('over');
});

test('what sends a run back does so at once for a while, then ever later, and ends it', () => {
  const stale = new DomainError('conflict', 'plan_stale', 'The roster has changed.');
  const decided = Array.from({ length: 14 }, (_, index) => decide(stale, { setbacks: index + 1 }));
  const minutes = decided.map((each) => (each.kind === 'back' ? each.waitMs / 60_000 : each.kind));
  expect(minutes).toEqual([0, 0, 0, 0, 0, 1, 5, 15, 30, 60, 60, 60, 60, 'over']);
  expect(decided[0]).toMatchObject({ event: 'overtaken' });
  expect(decided.at(-1)).toMatchObject({ outcome: 'failed_hub', reason: 'plan_stale' });
});
