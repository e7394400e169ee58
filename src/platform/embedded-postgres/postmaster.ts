import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The server process (postmaster) that a cluster's lock file names, and which program started it. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Where its Unix socket is; undefined where it has none. */
  socketFolder: string | undefined;
  /** Whether it accepts connections already. */
  ready: boolean;
  /** Whether the program that started it still runs; otherwise nobody will ever stop it. */
  attended: boolean;
}

/** What the operating system knows of a process. */
export interface ProcessFacts {
  /** Process number of its parent. */
  parent: number;
  commandLine: string;
}

/** The `cluster_name` that records which program started the server. */
export function clusterName(programPid: number): string {
  return `gatehouse_${programPid}`;
}

/** Whether the program that started the server is still its parent: an orphan is handed to another process. */
export function isAttended({ parent, commandLine }: ProcessFacts): boolean {
  return Number(/\bgatehouse_(\d+)/.exec(commandLine)?.[1]) === parent;
}

/**
 * Finds the living server of a cluster. The lock file outlives a crash, and its process number may meanwhile
 * belong to any other program (in containers nearly always), so the command line decides.
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const lines = await readLockFile(clusterDir);
  const pid = Number(lines?.[0]);
  if (!lines || !(pid > 0)) return undefined;
  const facts = await findProcess(pid);
  if (!facts?.commandLine.includes(clusterDir)) return undefined;
  return {
    pid,
    port: Number(lines[3]),
    socketFolder: lines[4]?.trim() || undefined,
    ready: lines[7]?.trim() === 'ready',
    attended: isAttended(facts),
  };
}

/**
 * Lets a new server take over the lock file of a dead one whose process number another program has now. PostgreSQL
 * believes any living process of that number, except its own parent: so the file is given this program's number, and
 * PostgreSQL still makes its own check that no process of the dead server is left in the shared memory.
 */
export async function disownLockFile(clusterDir: string): Promise<void> {
  const lines = await readLockFile(clusterDir);
  const namesake = lines && (await findProcess(Number(lines[0])));
  if (!namesake || namesake.commandLine.includes(clusterDir)) return;
  await writeFile(path.join(clusterDir, 'postmaster.pid'), [process.pid, ...lines.slice(1)].join('\n'));
}

/** The lines of postmaster.pid: process, data folder, start time, port, socket folder, address, memory key, status. */
async function readLockFile(clusterDir: string): Promise<string[] | undefined> {
  const text = await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text?.split('\n');
}

async function findProcess(pid: number): Promise<ProcessFacts | undefined> {
  if (process.platform === 'linux') {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
    if (commandLine === undefined || status === undefined) return undefined;
    return { commandLine, parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) };
  }
  const columns = ['-o', 'ppid=,command=', '-p', String(pid)];
  const found = await promisify(execFile)('ps', columns).catch(() => undefined);
  const fields = found && /^\s*(\d+)\s+(.*)/s.exec(found.stdout);
  return fields ? { parent: Number(fields[1]), commandLine: fields[2] ?? '' } : undefined;
}
