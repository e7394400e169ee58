import { expect, test } from 'vitest';
import { explainConnectFailure } from '../../src/platform/database-unavailable.ts';

const failure = (code?: string) => Object.assign(new Error('role "alice" has a secret'), code && { code });

test.each([
  ['ECONNREFUSED', 'Nothing answers'],
  ['ENOTFOUND', 'host name'],
  ['28P01', 'refuses this user or password'],
  ['3D000', 'no database of that name'],
  ['XX000', 'Check DATABASE_URL'],
])('a connection that fails with %s is answered by what to do', (code, words) => {
  const error = explainConnectFailure(failure(code));
  expect(error.code).toBe('database_unavailable');
  expect(error.message).toContain(code);
  expect(error.message).toContain(words);
});

test('something that is no PostgreSQL is answered by where to look', () => {
  expect(explainConnectFailure(new Error('Connection terminated unexpectedly')).message).toContain(
    'may not be PostgreSQL',
  );
});

test('the database’s own words are kept for the log, not shown', () => {
  for (const cause of [failure('28000'), failure(), 'alice']) {
    const error = explainConnectFailure(cause);
    expect(error.message).not.toContain('alice');
    expect(error.cause).toBe(cause);
  }
});
