import { chmod, chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataFolder } from './folder.ts';

/** Longest address of a Unix socket in bytes (sockaddr_un), without its closing NUL: 107 on Linux, 103 on macOS. */
const longestAddress = 103;
const longestName = '/.s.PGSQL.65535'.length;

/**
 * Makes the folder of the server's Unix socket, which nobody else can enter. A statement over it costs both sides a third
 * less than over the loopback address.
 *
 * @returns undefined where the path is too long for a socket, or one that PostgreSQL would take for several
 */
export async function makeSocketFolder({
  dataDir,
  account,
}: Pick<DataFolder, 'dataDir' | 'account'>): Promise<string | undefined> {
  const folder = path.join(dataDir, 'socket');
  if (Buffer.byteLength(folder) + longestName > longestAddress || /[",]/.test(folder)) return undefined;
  await mkdir(folder, { recursive: true });
  if (account) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
  return folder;
}
