import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../errors.ts';

/** The operating system account a process runs under. */
export interface Account {
  uid: number;
  gid: number;
}

/** Accounts which may own the cluster when the program runs as root, best first. */
const preferredNames = ['postgres', '_postgres', 'nobody'];

/**
 * The account the server must run under, or undefined for "the same as this program". PostgreSQL refuses
 * to run as root, so root hands it to the owner of the existing cluster, else to an unprivileged account
 * the machine already has; no account is ever created.
 */
export async function findServerAccount(clusterDir: string): Promise<Account | undefined> {
  const owner = await stat(clusterDir).catch(() => undefined);
  const self = process.getuid?.();
  if (self !== 0) {
    if (owner && owner.uid !== self) throw foreignCluster(clusterDir, owner.uid);
    return undefined;
  }
  if (owner?.uid === 0) throw foreignCluster(clusterDir, 0);
  if (owner) return { uid: owner.uid, gid: owner.gid };
  return parseAccount(await readFile('/etc/passwd', 'utf8'));
}

function foreignCluster(clusterDir: string, uid: number): DomainError {
  return new DomainError(
    'conflict',
    'embedded_postgres_foreign_owner',
    uid === 0
      ? `The database files in ${clusterDir} belong to root, which PostgreSQL refuses. Give them back with "chown -R nobody ${clusterDir}".`
      : `The database files in ${clusterDir} belong to user ${uid}. Start as that user or as root, or set DATABASE_URL.`,
  );
}

/** Picks the server's account from the text of an account file (passwd(5)). */
export function parseAccount(passwd: string): Account {
  const entries = passwd.split('\n').map((line) => line.split(':'));
  for (const name of preferredNames) {
    const entry = entries.find((fields) => fields[0] === name);
    if (entry) return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
  }
  throw new DomainError(
    'internal',
    'embedded_postgres_no_account',
    'PostgreSQL refuses to run as root and this machine has neither a "postgres" nor a "nobody" account. Start as another user, or set DATABASE_URL.',
  );
}

/** Whether `account` may pass through every existing folder on the way to `target`, and read it. */
export async function canReach(target: string, account: Account): Promise<boolean> {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found) {
      const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
      if (((found.mode >> shift) & 0o1) === 0) return false;
    }
    if (folder === path.dirname(folder)) return true;
  }
}
