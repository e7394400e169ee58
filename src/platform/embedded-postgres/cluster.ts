import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '../errors.ts';
import { type DataFolder, makePrivateFolder } from './folder.ts';

/** The server's whole environment: nothing of ours reaches it, and it is the same on every machine. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC' };

/** The cluster's owner role, which may do everything. */
export const superuser = 'postgres';

/**
 * Creates the cluster where there is none (UTF-8, PostgreSQL's built-in C.UTF-8 collation, so that it sorts
 * alike everywhere) and returns the superuser's password.
 */
export async function ensureCluster(folder: DataFolder, initdb: string, durable: boolean): Promise<string> {
  const passwordFile = path.join(folder.dataDir, 'password');
  const exists = await access(folder.clusterDir).then(
    () => true,
    () => false,
  );
  if (exists) return readPassword(passwordFile);
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const password = await readPassword(passwordFile);
  await createCluster(folder, initdb, password, durable);
  return password;
}

async function readPassword(passwordFile: string): Promise<string> {
  try {
    return (await readFile(passwordFile, 'utf8')).trim();
  } catch (cause) {
    throw new DomainError(
      'conflict',
      'embedded_postgres_password_unreadable',
      `The embedded database exists, but its password in ${passwordFile} cannot be read. Put the file back, or start with another data folder.`,
      { cause },
    );
  }
}

/** Builds the cluster aside and renames it into place, so that an interrupted start leaves no half of one. */
async function createCluster(folder: DataFolder, initdb: string, password: string, durable: boolean) {
  const workshop = await makePrivateFolder(folder.dataDir, folder.account);
  try {
    const passwordFile = path.join(workshop, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (folder.account) await chown(passwordFile, folder.account.uid, folder.account.gid);
    const built = path.join(workshop, 'cluster');
    await promisify(execFile)(
      initdb,
      [
        `--pgdata=${built}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...folder.account, env: serverEnvironment, cwd: workshop },
    );
    await rename(built, folder.clusterDir);
  } catch (cause) {
    throw new DomainError(
      'internal',
      'embedded_postgres_not_created',
      `The embedded database could not be created in ${folder.dataDir}. Set DATABASE_URL to use a database of your own.`,
      { cause },
    );
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
