import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres.ts';
import type { DomainError } from '../../src/platform/errors.ts';
import { makeTestFolder } from '../support/test-folder.ts';

let dataDir: string;
let clusterDir: string;

beforeEach(async () => {
  dataDir = path.join(await makeTestFolder(), 'pg');
  clusterDir = path.join(dataDir, 'cluster');
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  onTestFinished(() => database.stop());
  return database;
}

async function ask(database: EmbeddedPostgres, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: statement, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  const found = await findPostmaster(clusterDir);
  return found!.pid;
}

test('data, port and password stay the same from start to start', async () => {
  const first = await start();
  await ask(first, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await ask(second, 'select answer from kept')).toBe(42);
});

test('text is UTF-8 and sorts by code point whatever the machine speaks', async () => {
  const database = await start();
  expect(await ask(database, 'show server_encoding')).toBe('UTF8');
  expect(await ask(database, `select 'a' < 'B'`)).toBe(false);
  expect(await ask(database, `select upper('é')`)).toBe('É');
});

test('it listens on the loopback address and a socket that nobody else can reach, and asks for the password', async () => {
  const database = await start();
  expect(await ask(database, 'show listen_addresses')).toBe('127.0.0.1');
  const socket = path.join(dataDir, 'socket');
  expect(await ask(database, 'show unix_socket_directories')).toBe(socket);
  expect((await stat(socket)).mode & 0o777).toBe(0o700);
  expect(await ask(database, 'select inet_client_addr()')).toBeNull();
  const byAddress = database.url.replace(/\?.*$/, '');
  expect(await ask({ ...database, url: byAddress }, 'select host(inet_client_addr())')).toBe('127.0.0.1');
  const stranger = database.url.replace(/:[^:@]+@/, ':guess@');
  await expect(ask({ ...database, url: stranger }, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('the password is readable by its owner only and is not left anywhere else', async () => {
  const database = await start();
  const file = path.join(dataDir, 'password');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(new URL(database.url).password).toBe(await readFile(file, 'utf8'));
  expect((await readdir(dataDir)).sort()).toEqual(
    expect.arrayContaining(['cluster', 'password', 'port', 'postgres.log']),
  );
  expect((await readdir(dataDir)).filter((name) => name.startsWith('new-'))).toEqual([]);
});

test('when another program took the port, a free one is chosen and remembered', async () => {
  const first = await start();
  await first.stop();
  const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
  await once(squatter, 'listening');
  const second = await start();
  squatter.close();
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
  expect(await readFile(path.join(dataDir, 'port'), 'utf8')).toBe(new URL(second.url).port);
});

test('a server that dies by itself is told', async () => {
  const told = Promise.withResolvers<DomainError>();
  await start({ onUnexpectedExit: told.resolve });
  process.kill(await postmasterPid(), 'SIGKILL');
  await expect(told.promise).resolves.toMatchObject({ code: 'embedded_postgres_ended' });
});

test('a stop that was asked for is not told', async () => {
  const told: DomainError[] = [];
  const database = await start({ onUnexpectedExit: (error) => told.push(error) });
  await database.stop();
  expect(told).toEqual([]);
});

test('after a crash it recovers, even when the process number in the lock file is in use again', async () => {
  const dead = Promise.withResolvers<DomainError>();
  const first = await start({ durable: true, onUnexpectedExit: dead.resolve });
  await ask(first, 'create table kept as select 42 as answer');
  process.kill(await postmasterPid(), 'SIGKILL');
  await dead.promise;
  const lockFile = path.join(clusterDir, 'postmaster.pid');
  const lines = (await readFile(lockFile, 'utf8')).split('\n');
  await writeFile(lockFile, [String(process.ppid), ...lines.slice(1)].join('\n'));
  const second = await start();
  expect(await ask(second, 'select answer from kept')).toBe(42);
});

test('after a crash it waits for what is left of the dead server', async () => {
  const dead = Promise.withResolvers<DomainError>();
  const first = await start({ onUnexpectedExit: dead.resolve });
  const pid = await ask(first, `select pid from pg_stat_activity where backend_type = 'checkpointer'`);
  // On a busy machine it may be a while until it sees that its server is gone; until then it holds their memory.
  process.kill(Number(pid), 'SIGSTOP');
  process.kill(await postmasterPid(), 'SIGKILL');
  await dead.promise;
  const second = start();
  const said = () => readFile(path.join(dataDir, 'postgres.log'), 'utf8');
  await expect.poll(said).toContain('is still in use');
  process.kill(Number(pid), 'SIGCONT');
  expect(await ask(await second, 'select 1')).toBe(1);
});

test('a second start in the same folder shares the running server and does not stop it', async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ url: first.url, owned: false });
  await second.stop();
  expect(await ask(first, 'select 1')).toBe(1);
});

test('a server whose program was killed is replaced by one of our own', async () => {
  const program = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('../support/embedded-program.ts')), dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(program.stdout, 'data');
  const orphan = await postmasterPid();
  program.kill('SIGKILL');
  await once(program, 'exit');
  const database = await start();
  expect(database.owned).toBe(true);
  expect(await postmasterPid()).not.toBe(orphan);
  expect(await ask(database, 'select 1')).toBe(1);
});

test.runIf(process.platform === 'linux')('Ctrl-C in the terminal does not reach the server', async () => {
  await start();
  const pid = await postmasterPid();
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  const [, , processGroup, session] = fields;
  expect([processGroup, session]).toEqual([String(pid), String(pid)]);
});
