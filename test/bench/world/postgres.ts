import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres.ts';

/** One PostgreSQL with fsync on, for everything that is compared. */
export interface BenchPostgres {
  /** A superuser's address of one of its databases. */
  urlOf(database: string): string;
  pid: number;
  version: string;
  /** Does what earlier load has left the server to do, whoever caused it: dead rows, statistics, dirty pages. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server in a folder of its own, gone when it is closed, with these empty databases. */
export async function startBenchPostgres(databases: readonly string[]): Promise<BenchPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-bench-'));
  await chmod(folder, 0o711); // as root, the server runs under another account
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const dataDir = path.join(folder, 'pg');
    const server = await startEmbeddedPostgres({ dataDir });
    closers.push(() => server.stop());
    const version = await withClient(server.url, async (superuser) => {
      for (const name of databases) await superuser.query(`create database ${name}`);
      const { rows } = await superuser.query<{ server_version: string }>('show server_version');
      return rows[0]?.server_version ?? '';
    });
    return {
      urlOf: (database) => addressOf(server.url, database),
      pid: await readPid(dataDir),
      version,
      settle: () => settle(databases.map((name) => addressOf(server.url, name))),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs something over one connection. */
export async function withClient<Result>(
  url: string,
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

function addressOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** The postmaster's process id: first line of the lock file in the cluster's folder. */
async function readPid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

async function settle(urls: readonly string[]): Promise<void> {
  for (const url of urls) await withClient(url, (client) => client.query('vacuum (analyze, skip_locked)'));
  const [anyUrl] = urls;
  if (anyUrl !== undefined) await withClient(anyUrl, (client) => client.query('checkpoint'));
}
