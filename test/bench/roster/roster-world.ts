import pg from 'pg';
import { tables } from '../../../src/roster/tables.ts';
import { createChildren } from '../process/parent.ts';
import { prepareHub } from '../world/hub.ts';
import { type BenchPostgres, startBenchPostgres } from '../world/postgres.ts';
import { type BareSide, createBareSide } from './bare-side.ts';
import type { HubWorkerOptions } from './hub-side.ts';
import { benchedEntities, openPackageFolder, type PackageFolder } from './packages.ts';

/** One PostgreSQL with fsync on for both sides, and the packages they load. */
export interface RosterWorld extends HubWorkerOptions {
  postgres: BenchPostgres;
  packages: PackageFolder;
  /** Superuser's connection to the bare side's database. */
  bareClient: pg.Client;
  bare: BareSide;
  close(): Promise<void>;
}

export async function openRosterWorld(): Promise<RosterWorld> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    closers.push(() => client.end());
    return client;
  };
  try {
    const packages = await openPackageFolder();
    closers.push(() => packages.close());
    const postgres = await startBenchPostgres(['gatehouse', 'bare']);
    closers.push(() => postgres.close());
    const children = createChildren();
    closers.push(() => children.stopAll());
    const hub = await prepareHub(postgres.urlOf('gatehouse'));
    const hubClient = await connect(postgres.urlOf('gatehouse'));
    const bareClient = await connect(postgres.urlOf('bare'));
    const bare = createBareSide(bareClient, await readIndexes(hubClient));
    const worker = { children, hub, hubClient, dropFolder: packages.folder };
    return { ...worker, postgres, packages, bareClient, bare, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The statements that make the roster's indexes, primary keys among them. */
async function readIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where schemaname = 'public' and tablename = any($1) order by indexname",
    [benchedEntities.map((entity) => tables[entity])],
  );
  return rows.map(({ indexdef }) => indexdef);
}
