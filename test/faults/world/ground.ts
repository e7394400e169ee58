import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { openStorage } from '../../../src/app/storage.ts';
import { migrateAll } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { choosePort } from '../../../src/platform/embedded-postgres/server.ts';
import { openLog } from '../../../src/platform/log.ts';
import { type Children, createChildren } from '../../bench/process/parent.ts';
import { type Copy, type CopyPlan, startCopy } from './copies.ts';

/** What every scenario stands on: a database and copies of the hub, each in a process of its own. */
export interface Ground {
  /** For all that the scenario needs; goes with it. */
  folder: string;
  /** Log files of the copies. */
  logs: string;
  databaseUrl: string;
  /** Where the copies that serve will be reached. */
  origins: readonly string[];
  /** How the hub calls itself. */
  hubUrl: string;
  copies: readonly Copy[];
  /** Further processes, which end with the scenario. */
  children: Children;
  /** Is done at the end, before the database goes. */
  onClose(closer: () => Promise<unknown>): void;
  /** Starts one of the copies that serve; there are ports for two. */
  startServing(name: string, program: CopyPlan['program']): { copy: Copy; origin: string };
  startWorking(name: string, program: CopyPlan['program']): Copy;
  /** Sets every copy's clock. */
  shift(ms: number): void;
  /** Stops the database at once, without a checkpoint, and starts it again. */
  restartDatabase(): Promise<void>;
  /** Asks the database as a superuser, over a connection of its own. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const serveCount = 2;
const folderPrefix = path.join(tmpdir(), 'gatehouse-faults-');

/** @param settings of every copy, from its folder; on top of what a copy on this machine needs */
export async function openGround(
  settings: (folder: string) => Record<string, string> = () => ({}),
): Promise<Ground> {
  await removeAbandoned();
  const folder = await mkdtemp(folderPrefix);
  await chmod(folder, 0o711); // as root, the database runs under another account
  const children = createChildren();
  const copies: Copy[] = [];
  const closers: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => children.stopAll(),
    () => Promise.all(copies.map((copy) => copy.stop('SIGKILL'))),
  ];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const logs = path.join(folder, 'logs');
    await mkdir(logs);
    const postgres = children.start(new URL('../database-process.ts', import.meta.url));
    const server = await postgres.ask<{ url: string }>('open', path.join(folder, 'pg'));
    const databaseUrl = await createDatabase(server.url);

    const ports: number[] = [];
    for (let number = 0; number < serveCount; number += 1) ports.push(await choosePort(0));
    const hubUrl = `http://hub.localhost:${ports[0]}`;
    const environment = environmentOf(databaseUrl, hubUrl, settings(folder));
    const config = readConfig({ environment: environment(0) });
    const storage = await openStorage(config, () => undefined);
    await migrateAll({ config, storage, log: openLog({ level: 'silent' }) });

    const start = (name: string, duty: Copy['duty'], program: CopyPlan['program'], port: number) => {
      const copy = startCopy({ name, duty, program, environment: environment(port) }, logs);
      copies.push(copy);
      return copy;
    };
    const origins = ports.map((port) => `http://127.0.0.1:${port}`);
    return {
      folder,
      logs,
      databaseUrl,
      origins,
      hubUrl,
      copies,
      children,
      onClose: (closer) => closers.push(closer),
      startServing: (name, program) => {
        const index = copies.filter(({ duty }) => duty === 'serve').length;
        return { copy: start(name, 'serve', program, ports[index]!), origin: origins[index]! };
      },
      startWorking: (name, program) => start(name, 'work', program, 0),
      shift: (ms) => {
        for (const copy of copies) copy.shift(ms);
      },
      restartDatabase: () => postgres.ask('restart'),
      query: (text, values) => ask(databaseUrl, text, values),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes what runs that were killed have left; their processes ended with them. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = path.join(tmpdir(), name);
    if (!folder.startsWith(folderPrefix)) continue;
    const age = Date.now() - (await stat(folder)).mtimeMs;
    if (age > 3_600_000) await rm(folder, { recursive: true, force: true });
  }
}

async function createDatabase(serverUrl: string): Promise<string> {
  await ask(serverUrl, 'create database gatehouse');
  const url = new URL(serverUrl);
  url.pathname = '/gatehouse';
  return url.href;
}

async function ask<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks while it rests would end the tests; the statement fails all the same.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What an operator sets for a copy on this machine; limits beyond what one address sends here. */
function environmentOf(
  databaseUrl: string,
  hubUrl: string,
  settings: Record<string, string>,
): (port: number) => Record<string, string> {
  const key = randomBytes(32).toString('base64');
  return (port) => ({
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    GATEHOUSE_URL: hubUrl,
    GATEHOUSE_KEK: `faults:${key}`,
    PORT: String(port),
    ALLOW_LOOPBACK: 'true',
    LAUNCH_RATE_PER_SECOND: '1000000',
    LAUNCH_BURST: '1000000',
    SERVICE_RATE_PER_SECOND: '1000000',
    SERVICE_BURST: '1000000',
    ...settings,
  });
}
