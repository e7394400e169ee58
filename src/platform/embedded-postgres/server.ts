import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../errors.ts';
import { serverEnvironment } from './cluster.ts';
import type { DataFolder } from './folder.ts';
import { clusterName, disownLockFile, findPostmaster, type Postmaster } from './postmaster.ts';

const pollMilliseconds = 20;
/** Recovery after a crash replays the write-ahead log first, which can take minutes. */
const startMilliseconds = 300_000;
const stopMilliseconds = 30_000;
const leftoverMilliseconds = 30_000;

/** The names and values are those of PostgreSQL's configuration parameters. */
export type Settings = Record<string, string>;

const baseSettings: Settings = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  // Errors of statements can quote rows, and rows hold personal data: only the server's own life is logged.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  // A night of a large district writes two gigabytes of log. Files of it that are made anew, filled with zeros first and
  // removed afterwards keep commits of others waiting: once there they are used again.
  max_wal_size: '2GB',
  min_wal_size: '2GB',
};

/** `preferred` where it is free on 127.0.0.1, else a free port. */
export async function choosePort(preferred: number): Promise<number> {
  const probe = createServer();
  try {
    await once(probe.listen(preferred, '127.0.0.1'), 'listening');
    const address = probe.address();
    return typeof address === 'object' && address ? address.port : preferred;
  } catch (error) {
    if (preferred === 0) throw error;
    return choosePort(0);
  } finally {
    probe.close();
  }
}

/**
 * Starts the server and waits until it accepts connections. Processes of a server that died notice that soon, and until
 * then no other one starts: it is tried again.
 *
 * @throws DomainError `embedded_postgres_not_started`
 */
export async function launchServer(
  folder: DataFolder,
  postgres: string,
  settings: Settings,
): Promise<ChildProcess> {
  const logFile = path.join(folder.dataDir, 'postgres.log');
  const deadline = performance.now() + leftoverMilliseconds;
  for (;;) {
    await disownLockFile(folder.clusterDir);
    const { server, failure } = await spawnServer(folder, postgres, settings, logFile);
    if (await waitUntilReady(folder.clusterDir, server)) return server;
    server.kill('SIGQUIT');
    const isHeldUp = /shared memory block .* is still in use/.test(await readFile(logFile, 'utf8'));
    if (!isHeldUp || performance.now() > deadline) {
      throw new DomainError(
        'internal',
        'embedded_postgres_not_started',
        `The embedded database did not start; ${logFile} says why. Set DATABASE_URL to use a database of your own.`,
        server.pid === undefined ? { cause: await failure } : {},
      );
    }
    await delay(pollMilliseconds);
  }
}

async function spawnServer(
  folder: DataFolder,
  postgres: string,
  settings: Settings,
  logFile: string,
): Promise<{ server: ChildProcess; failure: Promise<unknown> }> {
  const log = await open(logFile, 'w', 0o600);
  const merged = { ...baseSettings, ...settings, cluster_name: clusterName(process.pid) };
  const server = spawn(
    postgres,
    [
      '-D',
      folder.clusterDir,
      ...Object.entries(merged).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...folder.account,
      cwd: folder.clusterDir,
      env: serverEnvironment,
      stdio: ['ignore', log.fd, log.fd],
      // Its own session: Ctrl-C in the terminal must reach this program only, which drains first.
      detached: true,
    },
  );
  const failure = new Promise<unknown>((resolve) => server.once('error', resolve));
  await Promise.race([once(server, 'spawn'), failure]);
  await log.close();
  return { server, failure };
}

/** Waits while another program's server still starts. @returns undefined when it went away */
export async function findSharedServer(clusterDir: string): Promise<Postmaster | undefined> {
  for (;;) {
    const found = await findPostmaster(clusterDir);
    if (!found?.attended) return undefined;
    if (found.ready) return found;
    await delay(pollMilliseconds);
  }
}

async function waitUntilReady(clusterDir: string, server: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + startMilliseconds;
  while (isAlive(server) && performance.now() < deadline) {
    const found = await findPostmaster(clusterDir);
    if (found?.ready && found.pid === server.pid) return true;
    await delay(pollMilliseconds);
  }
  return false;
}

/**
 * Stops a server: open transactions are rolled back, connections closed, everything written to disk (a "fast"
 * shutdown). After 30 seconds it is told to leave at once, and recovers at the next start.
 */
export async function stopServer(pid: number, isRunning: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + stopMilliseconds;
  sendSignal(pid, 'SIGINT');
  while (await isRunning()) {
    if (performance.now() > deadline) sendSignal(pid, 'SIGQUIT');
    await delay(pollMilliseconds);
  }
}

/** Whether this program's own child still runs. */
export function isAlive(server: ChildProcess): boolean {
  return server.pid !== undefined && server.exitCode === null && server.signalCode === null;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
