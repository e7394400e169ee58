import { type BenchHub, prepareHub } from '../world/hub.ts';
import { type BenchPostgres, startBenchPostgres, withClient } from '../world/postgres.ts';
import type { BenchTenant } from '../world/tenants.ts';
import { type BenchLms, startBenchLms } from './lms.ts';
import { setUpSchools } from './tenants.ts';

/** Everything both sides run on: one PostgreSQL with fsync on, one LMS, and the hub's tenants in their database. */
export interface BenchWorld {
  lms: BenchLms;
  hub: BenchHub;
  tenants: BenchTenant[];
  postgres: BenchPostgres;
  /** Superuser's address of the hub's database, and of an empty one for ltijs. */
  databaseUrl: string;
  ltijsUrl: string;
  /** Launches in the hub's database that have opened, and all others. */
  countLaunches(): Promise<{ opened: number; other: number }>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<BenchWorld> {
  const postgres = await startBenchPostgres(['gatehouse', 'ltijs']);
  const closers = [() => postgres.close()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const databaseUrl = postgres.urlOf('gatehouse');
    const lms = await startBenchLms();
    closers.push(() => lms.close());
    const hub = await prepareHub(databaseUrl);
    return {
      lms,
      hub,
      tenants: await setUpSchools(databaseUrl, hub.hubUrl, lms),
      postgres,
      databaseUrl,
      ltijsUrl: postgres.urlOf('ltijs'),
      countLaunches: () => countLaunches(databaseUrl),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function countLaunches(url: string): Promise<{ opened: number; other: number }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ opened: number; other: number }>(
      `select count(*) filter (where state = 'opened' and outcome = 'success')::int as opened,
        count(*) filter (where state <> 'opened')::int as other from launch`,
    );
    return rows[0]!;
  });
}
