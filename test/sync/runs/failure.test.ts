import { expect, test } from 'vitest';
import { ConnectorError, connectorFailures } from '../../../contracts/connector.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { decideFailure } from '../../../src/sync/runs/failure.ts';

test('the kind of a connector’s error decides whether the run is tried again', () => {
  const decided = connectorFailures.map((failure) => {
    const { retryInMs, outcome } = decideFailure(new ConnectorError(failure, 'code', 'Do this.'), 1);
    return [failure, retryInMs, outcome];
  });
  expect(decided).toEqual([
    ['settings', undefined, 'failed_config'],
    ['refused', undefined, 'failed_config'],
    ['unavailable', 60_000, 'failed_partner'],
    ['answer_invalid', 60_000, 'failed_partner'],
    ['source_missing', 60_000, 'failed_partner'],
    ['files_unsafe', undefined, 'failed_config'],
  ]);
});

test('waits grow to an hour, and end', () => {
  const error = new ConnectorError('unavailable', 'busy', 'Wait.');
  const minutes = Array.from({ length: 9 }, (_, index) => decideFailure(error, index + 1).retryInMs);
  expect(minutes.map((ms) => ms && ms / 60_000)).toEqual([1, 5, 15, 30, 60, 60, 60, 60, undefined]);
});

test('a connector’s words are told, those of a fault of ours are not', () => {
  expect(decideFailure(new ConnectorError('settings', 'scope_missing', 'Grant the scope.'), 1)).toMatchObject(
    {
      reason: 'scope_missing',
      advice: 'Grant the scope.',
    },
  );
  const fault = decideFailure(new Error('column "x" of Ada Ito'), 1);
  expect(fault).toMatchObject({ reason: 'internal', outcome: 'failed_hub', retryInMs: 60_000 });
  expect(fault.advice).not.toContain('Ada');
});

test('waiting for room in staging is no failure, however long it takes', () => {
  const full = new DomainError('conflict', 'staging_full', 'No room.');
  expect(decideFailure(full, 50)).toMatchObject({ retryInMs: 60_000 });
  expect(
    decideFailure(new DomainError('input', 'roster_settings_invalid', 'Mend.'), 1).retryInMs,
  ).toBeUndefined();
});
