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
import { type Child, createChildren } from '../../bench/process/parent.ts';
import type { FaultPlan } from '../lms/faults.ts';
import type { Moment } from '../lms/hold.ts';
import type { LmsRecord, LmsSettings } from '../lms-process.ts';
import { createToolClient, createToolKey, type ToolClient } from '../load/tool-client.ts';
import { type Copy, type CopyPlan, startCopy } from './copies.ts';
import { faultSchools, type Place } from './population.ts';
import { setUpSchools } from './schools.ts';

/** The LMS, in a process of its own. */
export interface FaultLms {
  plan(plan: FaultPlan): Promise<void>;
  /** Resolves when a score is held at that moment, or when `release` came first. */
  hold(moment: Moment): Promise<void>;
  release(): Promise<void>;
  down(): Promise<void>;
  up(): Promise<void>;
  counts(): Promise<Record<string, number>>;
  record(): Promise<LmsRecord>;
}

/** Everything a scenario needs, each part in a process of its own. */
export interface FaultWorld {
  lms: FaultLms;
  places: readonly Place[];
  client: ToolClient;
  /** Log files of the copies. */
  folder: string;
  copies: readonly Copy[];
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

/** @param peopleCount at each of the schools */
export async function openWorld(seed: string, peopleCount: number): Promise<FaultWorld> {
  await removeAbandoned();
  const folder = await mkdtemp(folderPrefix);
  await chmod(folder, 0o711); // as root, the database runs under another account
  const children = createChildren();
  const copies: Copy[] = [];
  const closers: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => children.stopAll(),
  ];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const logs = path.join(folder, 'logs');
    await mkdir(logs);
    const program = (name: string) => new URL(`../${name}`, import.meta.url);
    const postgres = children.start(program('database-process.ts'));
    const server = await postgres.ask<{ url: string }>('open', path.join(folder, 'pg'));
    const databaseUrl = await createDatabase(server.url);

    const ports: number[] = [];
    for (let number = 0; number < serveCount; number += 1) ports.push(await choosePort(0));
    const origins = ports.map((port) => `http://127.0.0.1:${port}`);
    const hubUrl = `http://hub.localhost:${ports[0]}`;
    const environment = environmentOf(databaseUrl, hubUrl);
    const config = readConfig({ environment: environment(0) });
    const storage = await openStorage(config, () => undefined);
    await migrateAll({ config, storage, log: openLog({ level: 'silent' }) });

    const lmsChild = children.start(program('lms-process.ts'));
    const settings: LmsSettings = {
      schools: faultSchools.map(({ slug, policy, clientId }) => ({ slug, policy, clientId })),
      keySetUrls: origins.map((origin) => `${origin}/.well-known/jwks.json`),
      seed,
    };
    const { origin: lmsOrigin } = await lmsChild.ask<{ origin: string }>('open', settings);

    const query: FaultWorld['query'] = (text, values) => ask(databaseUrl, text, values);
    const superuser = new pg.Client({ connectionString: databaseUrl });
    await superuser.connect();
    const key = await createToolKey();
    const { tool, places } = await setUpSchools(
      databaseUrl,
      superuser,
      lmsOrigin,
      key.jwks,
      peopleCount,
    ).finally(() => superuser.end());
    const client = createToolClient({ origins, hubUrl, clientId: tool.clientId, key });
    closers.push(() => client.close());
    closers.push(() => Promise.all(copies.map((copy) => copy.stop('SIGKILL'))));
    const start = (name: string, duty: Copy['duty'], copyProgram: CopyPlan['program'], port: number) => {
      const copy = startCopy({ name, duty, program: copyProgram, environment: environment(port) }, logs);
      copies.push(copy);
      return copy;
    };
    return {
      lms: speakWithLms(lmsChild),
      places,
      client,
      folder: logs,
      copies,
      startServing: (name, copyProgram) => {
        const index = copies.filter(({ duty }) => duty === 'serve').length;
        return { copy: start(name, 'serve', copyProgram, ports[index]!), origin: origins[index]! };
      },
      startWorking: (name, copyProgram) => start(name, 'work', copyProgram, 0),
      shift: (ms) => {
        for (const copy of copies) copy.shift(ms);
      },
      restartDatabase: () => postgres.ask('restart'),
      query,
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
function environmentOf(databaseUrl: string, hubUrl: string): (port: number) => Record<string, string> {
  const key = randomBytes(32).toString('base64');
  return (port) => ({
    PATH: process.env.PATH ?? '',
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
  });
}

function speakWithLms(child: Child): FaultLms {
  return {
    plan: (plan) => child.ask('plan', plan),
    hold: (moment) => child.ask('hold', moment),
    release: () => child.ask('release'),
    down: () => child.ask('down'),
    up: () => child.ask('up'),
    counts: () => child.ask('counts'),
    record: () => child.ask('record'),
  };
}
