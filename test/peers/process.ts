import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A peer's program and its folder, both gone after `stop`. */
export interface PeerProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

const startMs = 60_000;
const stopMs = 10_000;

/**
 * Starts a program in a process group of its own and waits until it listens.
 *
 * @throws Error with the last lines it wrote when it ends or does not listen in time
 */
export async function startPeer(
  [command, ...args]: readonly [string, ...string[]],
  options: { folder: string; listensAt: { host: string; port: number }; env?: Record<string, string> },
): Promise<PeerProcess> {
  const { folder, listensAt, env = {} } = options;
  const log = path.join(folder, 'output.log');
  const output = createWriteStream(log);
  await once(output, 'open');
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const started = performance.now();
  while (!(await isListening(listensAt))) {
    if (child.exitCode !== null || performance.now() - started > startMs) {
      await end(child, pid);
      throw new Error(`${command} does not listen: ${(await readFile(log, 'utf8')).slice(-2000)}`);
    }
    await pause(50);
  }
  return { pid, stop: () => end(child, pid) };
}

/** Ends the whole group of a process, gently first. */
async function end(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-pid, 'SIGTERM');
  const late = setTimeout(() => process.kill(-pid, 'SIGKILL'), stopMs);
  await ended;
  clearTimeout(late);
}

/** An empty folder for one peer. */
export async function makePeerFolder(name: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), `gatehouse-${name}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A port that nobody listens at. */
export async function findPort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody takes connections there. */
export async function isListening({ host, port }: { host: string; port: number }): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
