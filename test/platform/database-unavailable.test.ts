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

test.each([
  ['Connection terminated unexpectedly', 'may not be PostgreSQL'],
  ['timeout expired', 'not answered in time'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'has one'],
  ['The server does not support SSL connections', 'has no TLS'],
  ['Something else', 'cannot be used. Check DATABASE_URL and'],
])('what the client itself gives up for is answered by where to look: %s', (said, words) => {
  expect(explainConnectFailure(new Error(said)).message).toContain(words);
});

test('the database’s own words are kept for the log, not shown', () => {
  for (const cause of [failure('28000'), failure(), 'alice']) {
    const error = explainConnectFailure(cause);
    expect(error.message).not.toContain('alice');
    expect(error.cause).toBe(cause);
  }
});
