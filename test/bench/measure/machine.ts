import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; the same on every Linux that Node runs on. */
const ticks = 100;

interface ProcessTimes {
  parent: number;
  /** CPU seconds of its own, and of the children it has waited for. */
  own: number;
  reaped: number;
}

function timesOf(pid: number | string): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields count from the state on, after the name in parentheses (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = (...at: number[]) => at.reduce((sum, field) => sum + Number(fields[field]) / ticks, 0);
    return { parent: Number(fields[1]), own: seconds(11, 12), reaped: seconds(13, 14) };
  } catch {
    return undefined;
  }
}

/** CPU seconds that these processes have used so far; NaN where the system does not tell. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (timesOf(pid)?.own ?? Number.NaN), 0);
}

/** CPU seconds of a process, its children now, and those it had: all of a PostgreSQL server. */
export function cpuOfFamily(pid: number): number {
  const head = timesOf(pid);
  if (head === undefined) return Number.NaN;
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return others.reduce((sum, other) => {
    const times = timesOf(other);
    return times?.parent === pid ? sum + times.own : sum;
  }, head.own + head.reaped);
}

/** Does the same small piece of work again and again, so that its speed tells how busy the machine is with others. */
export function createYardstick(): () => number {
  const { privateKey }: { privateKey: KeyObject } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = Buffer.alloc(1_000, 7);
  return () => {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < 250) {
      sign('RSA-SHA256', text, privateKey);
      count += 1;
    }
    return count / ((performance.now() - start) / 1000);
  };
}

/** Versions of these packages as they are installed. */
export function packageVersions(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
      return [name, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version];
    }),
  );
}

/** Milliseconds of a clock that all processes of this machine share. */
export function sharedClock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
