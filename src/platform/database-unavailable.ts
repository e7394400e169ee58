import { DomainError } from './errors.ts';

/** What to do, by the system error or SQLSTATE (PostgreSQL, appendix A) that ended the attempt. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at its address. Check DATABASE_URL and that the database runs.',
  ENOTFOUND: 'Its host name is not known. Check DATABASE_URL.',
  EAI_AGAIN: 'Its host name cannot be looked up now. Check DATABASE_URL and the network.',
  ETIMEDOUT: 'Nothing answers at its address. Check DATABASE_URL and what stands between.',
  '28000': 'It refuses this user. Check DATABASE_URL and the database’s access rules.',
  '28P01': 'It refuses this user or password. Check DATABASE_URL.',
  '3D000': 'It has no database of that name. Create it, or check DATABASE_URL.',
  '53300': 'It has no connection left. Raise its max_connections, or lower DATABASE_CONNECTIONS.',
  '57P03': 'It is still starting. Try again shortly.',
};

/** The same where the PostgreSQL client gave up by itself: such errors have no code. */
const adviceByWords: readonly (readonly [RegExp, string])[] = [
  [
    /^Connection terminated/,
    'The connection ended before it was one. Check DATABASE_URL: what answers there may not be PostgreSQL.',
  ],
  [/^timeout/, 'It has not answered in time. Check DATABASE_URL and what stands between.'],
  [/^SASL: .*client password/, 'It asks for a password. Check that DATABASE_URL has one.'],
  [/not support SSL/, 'It has no TLS. Check sslmode in DATABASE_URL.'],
];

/**
 * Says in words why no connection to the database could be made. PostgreSQL's own text is not shown: it can hold names.
 *
 * @returns DomainError `database_unavailable`
 */
export function explainConnectFailure(cause: unknown): DomainError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const known = code === undefined ? findByWords(cause) : advice[code];
  const next = known ?? 'Check DATABASE_URL and that the database runs.';
  const what = code === undefined ? '' : ` (${code})`;
  const message = `The database cannot be used${what}. ${next}`;
  return new DomainError('internal', 'database_unavailable', message, { cause });
}

function findByWords(cause: unknown): string | undefined {
  const words = cause instanceof Error ? cause.message : '';
  return adviceByWords.find(([pattern]) => pattern.test(words))?.[1];
}
