import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { openStorage } from '../../../src/app/storage.ts';
import { migrateAll } from '../../../src/app.ts';
import { type Config, readConfig } from '../../../src/config.ts';
import { choosePort } from '../../../src/platform/embedded-postgres/server.ts';
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres.ts';
import { openLog } from '../../../src/platform/log.ts';
import { type BenchLms, startBenchLms } from './lms.ts';
import { type BenchTenant, setUpTenants } from './tenants.ts';

/** Everything both sides run on: one PostgreSQL with fsync on, one LMS, and the hub's tenants in their database. */
export interface BenchWorld {
  lms: BenchLms;
  hubUrl: string;
  /** Environment of a hub process that listens on this port. */
  hubEnvironment(port: number): Record<string, string>;
  hubConfig: Config;
  tenants: BenchTenant[];
  /** Superuser's address of the hub's database, and of an empty one for ltijs. */
  databaseUrl: string;
  ltijsUrl: string;
  postgresPid: number;
  postgresVersion: string;
  /** Launches in the hub's database that have opened, and all others. */
  countLaunches(): Promise<{ opened: number; other: number }>;
  /** Lets the database finish what earlier load has left it to do: dirty pages and dead rows, also those of others. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<BenchWorld> {
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
    const superuser = new pg.Client({ connectionString: server.url });
    await superuser.connect();
    for (const name of ['gatehouse', 'ltijs']) await superuser.query(`create database ${name}`);
    const { rows } = await superuser.query<{ server_version: string }>('show server_version');
    await superuser.end();

    const databaseUrl = addressOf(server.url, 'gatehouse');
    const lms = await startBenchLms();
    closers.push(() => lms.close());
    const hubUrl = `http://hub.localhost:${await choosePort(0)}`;
    const hubEnvironment = environmentOf(databaseUrl, hubUrl);
    const hubConfig = readConfig({ environment: hubEnvironment(0) });
    const log = openLog({ level: 'silent' });
    const storage = await openStorage(hubConfig, () => undefined);
    await migrateAll({ config: hubConfig, storage, log });
    const tenants = await setUpTenants(databaseUrl, hubUrl, lms);
    return {
      lms,
      hubUrl,
      hubEnvironment,
      hubConfig,
      tenants,
      databaseUrl,
      ltijsUrl: addressOf(server.url, 'ltijs'),
      postgresPid: await readPid(dataDir),
      postgresVersion: rows[0]?.server_version ?? '',
      countLaunches: () => countLaunches(databaseUrl),
      settle: () => settle(server.url),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What an operator sets for a copy behind a proxy on this machine; limits beyond what one address sends here. */
function environmentOf(databaseUrl: string, hubUrl: string): (port: number) => Record<string, string> {
  const key = randomBytes(32).toString('base64');
  return (port) => ({
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    GATEHOUSE_URL: hubUrl,
    GATEHOUSE_KEK: `bench:${key}`,
    PORT: String(port),
    ALLOW_LOOPBACK: 'true',
    LAUNCH_RATE_PER_SECOND: '1000000',
    LAUNCH_BURST: '1000000',
  });
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

async function countLaunches(url: string): Promise<{ opened: number; other: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ opened: number; other: number }>(
      `select count(*) filter (where state = 'opened' and outcome = 'success')::int as opened,
        count(*) filter (where state <> 'opened')::int as other from launch`,
    );
    return rows[0]!;
  } finally {
    await client.end();
  }
}

async function settle(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('checkpoint');
    for (let waited = 0; waited < 30; waited++) {
      const { rows } = await client.query(`select from pg_stat_progress_vacuum`);
      if (rows.length === 0) return;
      await delay(1_000);
    }
  } finally {
    await client.end();
  }
}
