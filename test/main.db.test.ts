import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, expect, inject, test } from 'vitest';

const server = new pg.Client({ connectionString: inject('databaseServerUrl') });
await server.connect();
const name = `gatehouse_test_${randomBytes(6).toString('hex')}`;
await server.query(`create database ${name}`);
const url = new URL(inject('databaseServerUrl'));
url.pathname = `/${name}`;
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-main-'));
// Otherwise the embedded database, which does not run as root, would be put somewhere outside it.
await chmod(folder, 0o755);
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await server.query(`drop database ${name} with (force)`);
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

interface Program {
  child: ChildProcess;
  output(): string;
  /** Waits for a log line and gives it. */
  line(event: string): Promise<Record<string, unknown>>;
  ended: Promise<number>;
}

function run(words: string[], settings: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, ['src/main.ts', ...words], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATABASE_URL: url.href,
      GATEHOUSE_DATA: folder,
      GATEHOUSE_URL: 'http://hub.localhost:3000',
      PORT: '0',
      ...settings,
    },
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number;
  });
  return {
    child,
    output: () => text,
    ended,
    line: async (event) => {
      const find = () => text.split('\n').find((line) => line.includes(`"event":"${event}"`));
      await expect.poll(find, { timeout: 15_000, message: text }).toBeDefined();
      return JSON.parse(find() ?? '');
    },
  };
}

const ready = (port: unknown) => fetch(`http://127.0.0.1:${port}/readyz`);

test('settings that cannot be used are told by name, without their values', async () => {
  const program = run(['start'], { DATABASE_URL: 'mysql://user:hunter2@host/x' });
  expect(await program.ended).toBe(2);
  expect(program.output()).toContain('DATABASE_URL');
  expect(program.output()).not.toContain('hunter2');
});

test('a database that is not there is told in words, without the address', async () => {
  const missing = new URL(url);
  missing.pathname = '/nowhere_to_be_found';
  for (const words of [['start'], ['serve'], ['tenant', 'list']]) {
    const program = run(words, { DATABASE_URL: missing.href });
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain('It has no database of that name');
    expect(program.output()).not.toMatch(/nowhere_to_be_found| at /);
  }
});

test('an unknown option is refused', async () => {
  const program = run(['serve', '--demo']);
  expect(await program.ended).toBe(2);
  expect(program.output()).toContain('--demo');
});

test.each(['start', 'serve', 'work', '--demo start'])(
  '%s tells what it does when it is asked',
  async (words) => {
    const program = run([...words.split(' '), '--help'], { DATABASE_URL: 'mysql://nowhere' });
    expect(await program.ended).toBe(0);
    expect(program.output()).toContain('until it is told to stop');
  },
);

test('serve refuses a database that was not brought up to date', async () => {
  const program = run(['serve']);
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain('npm run hub -- migrate');
});

test('after migrate, serve answers and work works, and both stop gracefully', async () => {
  expect(await run(['migrate']).ended).toBe(0);
  const serve = run(['serve']);
  const work = run(['work']);
  const { port } = await serve.line('started');
  expect((await ready(port)).status).toBe(200);
  expect(serve.output()).toMatch(/http:\/\/[\w.:-]+\/console\/first-run#[\w-]{40,}/);
  await work.line('started');
  for (const program of [serve, work]) program.child.kill('SIGTERM');
  expect(await Promise.all([serve.ended, work.ended])).toEqual([0, 0]);
  for (const program of [serve, work]) expect(program.output()).toContain('"event":"stopped"');
});

test('told to stop, serve still answers while it says that it takes no more', async () => {
  const serve = run(['serve'], { STOP_DELAY_MS: '3000' });
  const { port } = await serve.line('started');
  serve.child.kill('SIGTERM');
  const statusOf = async (address: string) => (await fetch(`http://127.0.0.1:${port}${address}`)).status;
  await expect.poll(() => statusOf('/readyz').catch(() => 'closed')).toBe(503);
  expect(await statusOf('/.well-known/jwks.json')).toBe(200);
  expect(await serve.ended).toBe(0);
});

test('a port in use is told in words', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const program = run(['start'], { PORT: String(port) });
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain(`Port ${port} is in use`);
  taken.close();
});

test('a request under way holds the stop, and a second signal ends it at once', async () => {
  const program = run(['start']);
  const { port } = await program.line('started');
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    'POST /lti/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\niss=',
  );
  // A second request on its own connection is answered only after the first one was taken in.
  await ready(port);
  program.child.kill('SIGINT');
  await expect.poll(() => program.output()).toContain('Stopping.');
  await expect(ready(port)).rejects.toThrow();
  expect(program.child.exitCode).toBeNull();
  program.child.kill('SIGINT');
  expect(await program.ended).toBe(130);
  socket.destroy();
});

test('the demo runs from nothing on its own database and serves three sites on one port', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  const own = { DATABASE_URL: '', GATEHOUSE_URL: '', PORT: String(port) };
  const program = run(['start', '--demo'], own);
  await expect.poll(() => program.output(), { timeout: 15_000 }).toContain(`http://localhost:${port}`);
  expect(program.output()).toContain(path.join(folder, 'demo'));
  const hub = await fetch(`http://hub.localhost:${port}/readyz`).catch(() => undefined);
  const lms = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
  expect(hub === undefined || hub.status === 200).toBe(true);
  expect(lms.headers.get('location')).toBe(`http://lms.localhost:${port}/`);
  const listed = run(['--demo', 'tenant', 'list'], own);
  expect(await listed.ended).toBe(0);
  expect(listed.output()).toContain('northside');
  // Another one would set it up anew, for its own address.
  const second = run(['start', '--demo'], own);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('set GATEHOUSE_DATA to another folder');
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
});
