import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';
/** Several times what the workers' databases, and the servers that tests start themselves, hold together. */
const wantedBytes = 2 * 1024 ** 3;

/**
 * Where a run of the tests keeps what it throws away. Where Linux offers room enough in memory, that is there: a
 * database is 1,700 files, and making and dropping them costs a disk thirty times the work. Else, or where TMPDIR is
 * set, it is the machine's usual place.
 */
export function chooseTemporaryFolder(): string {
  return process.env.TMPDIR === undefined && isUsable(inMemory) ? inMemory : tmpdir();
}

function isUsable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= wantedBytes && runsPrograms(folder, readFileSync('/proc/self/mounts', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Whether programs may be started from a mounted folder, as the embedded database has to be where tests run as root.
 * Containers often forbid it.
 *
 * @param mounts lines as in /proc/self/mounts (proc_pid_mounts(5)); of several for one folder the last counts
 */
export function runsPrograms(folder: string, mounts: string): boolean {
  const mounted = mounts.split('\n').findLast((line) => line.split(' ')[1] === folder);
  const options = mounted?.split(' ')[3]?.split(',');
  return options !== undefined && !options.includes('noexec');
}
