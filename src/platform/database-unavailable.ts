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
  none: 'The connection ended before it was one. Check DATABASE_URL: what answers there may not be PostgreSQL.',
  '57P03': 'It is still starting. Try again shortly.',
};

/**
 * Says in words why no connection to the database could be made. PostgreSQL's own text is not shown: it can hold names.
 *
 * @returns DomainError `database_unavailable`
 */
export function explainConnectFailure(cause: unknown): DomainError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const next = advice[code ?? 'none'] ?? 'Check DATABASE_URL and that the database runs.';
  const what = code === undefined ? '' : ` (${code})`;
  const message = `The database cannot be used${what}. ${next}`;
  return new DomainError('internal', 'database_unavailable', message, { cause });
}
