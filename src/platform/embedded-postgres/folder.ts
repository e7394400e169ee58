import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rmdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../errors.ts';
import { type Account, canReach, findServerAccount } from './account.ts';

/** Where an embedded database keeps its things. All paths are absolute and free of symbolic links. */
export interface DataFolder {
  /** Holds the files below, the password, the port and the server's log. */
  dataDir: string;
  /** PostgreSQL's own data directory. */
  clusterDir: string;
  /** The account the server runs under; undefined for this program's own. */
  account: Account | undefined;
}

/** Root's store for databases whose wanted place only root can reach, such as a clone below /root. */
const rootStore = '/var/lib/gatehouse';

/**
 * Makes the folder of an embedded database ready to be used by the server's account. Where that account cannot
 * reach `wanted`, the folder is created in `/var/lib/gatehouse` and `wanted` becomes a symbolic link to it.
 *
 * @throws DomainError `embedded_postgres_folder_…`, `embedded_postgres_data_missing`, `embedded_postgres_foreign_owner`
 */
export async function prepareDataFolder(wanted: string): Promise<DataFolder> {
  await makeFolder(path.dirname(path.resolve(wanted)));
  const present = await realpath(wanted).catch(() => undefined);
  const account = await findServerAccount(path.join(present ?? wanted, 'cluster'));
  const dataDir = await placeFolder(path.resolve(wanted), account);
  await chmod(dataDir, account ? 0o711 : 0o700);
  return { dataDir, clusterDir: path.join(dataDir, 'cluster'), account };
}

async function placeFolder(wanted: string, account: Account | undefined): Promise<string> {
  const target = await resolveTarget(wanted);
  const reachable = !account || (await canReach(path.dirname(target), account));
  if (reachable) {
    await makeFolder(wanted);
    return realpath(wanted);
  }
  await mkdir(rootStore, { recursive: true, mode: 0o755 });
  await removeEmpty(wanted);
  const home = await mkdtemp(path.join(rootStore, 'postgres-'));
  await symlink(home, wanted);
  return home;
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new DomainError(
      'input',
      'embedded_postgres_folder_unusable',
      `The data folder ${folder} cannot be made (${cause.code ?? 'unknown error'}). Let this user write there, or set GATEHOUSE_DATA to another folder.`,
      { cause },
    );
  });
}

/** Where the folder really is. A link whose target is gone is not replaced in silence: it stood for data. */
async function resolveTarget(wanted: string): Promise<string> {
  const found = await lstat(wanted).catch(() => undefined);
  if (!found) return path.join(await realpath(path.dirname(wanted)), path.basename(wanted));
  return realpath(wanted).catch((cause: unknown) => {
    throw new DomainError(
      'conflict',
      'embedded_postgres_data_missing',
      `${wanted} is a link to database files that are gone. Put them back, or delete the link to start with an empty database.`,
      { cause },
    );
  });
}

async function removeEmpty(wanted: string): Promise<void> {
  await rmdir(wanted).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return;
    throw new DomainError(
      'conflict',
      'embedded_postgres_folder_unreachable',
      `${wanted} cannot be reached by the account PostgreSQL runs under, and holds files already. Move them away, or set GATEHOUSE_DATA to a folder outside private ones.`,
      { cause },
    );
  });
}

/** Makes a private folder inside `parent` that belongs to the server's account. */
export async function makePrivateFolder(parent: string, account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(path.join(parent, 'new-'));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}
