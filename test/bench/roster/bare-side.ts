import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { columnName, type Entity } from '../../../contracts/roster.ts';
import { columnsOf } from '../../../src/demo/sis/columns.ts';
import { tables } from '../../../src/roster/tables.ts';
import { type BenchedEntity, type BenchPackage, benchedEntities } from './packages.ts';

/** How many rows of an entity a night has made, changed and taken away. */
export interface Difference {
  created: number;
  changed: number;
  removed: number;
}

/**
 * What no hub can do without: the rows into PostgreSQL by COPY as they are, and the indexes the roster has; then every
 * night the rows again, and their hashes compared. Nothing is checked, mapped or kept of what was before.
 */
export interface BareSide {
  /** COPY into empty tables, then the indexes. @returns seconds */
  first(source: BenchPackage): Promise<{ copy: number; index: number }>;
  /** Remembers the hashes of what was loaded, for the next night; not timed. */
  keep(): Promise<void>;
  /** COPY into empty tables, and a comparison with what was kept. @returns seconds, and what differs */
  night(
    source: BenchPackage,
  ): Promise<{ copy: number; diff: number; found: Record<BenchedEntity, Difference> }>;
}

const placeholders = {
  tenant: '00000000-0000-7000-8000-000000000001',
  connection: '00000000-0000-7000-8000-000000000002',
};

/** @param indexes statements that make the roster's indexes, for tables of the same names */
export function createBareSide(client: Client, indexes: readonly string[]): BareSide {
  return {
    first: async (source) => {
      for (const entity of benchedEntities) await makeTable(client, entity, 'logged');
      const copy = await seconds(() => copyAll(client, source));
      const index = await seconds(async () => {
        for (const statement of indexes) await client.query(statement);
      });
      return { copy, index };
    },
    keep: async () => {
      for (const entity of benchedEntities) {
        await client.query(`drop table if exists kept_${tables[entity]}`);
        await client.query(
          `create table kept_${tables[entity]} as select sourced_id, ${hashOf(entity)} as hash from ${tables[entity]}`,
        );
        await client.query(`analyze kept_${tables[entity]}`);
      }
    },
    night: async (source) => {
      // Unlogged, as staging is: what has not been compared may be lost.
      for (const entity of benchedEntities) await makeTable(client, entity, 'unlogged');
      const copy = await seconds(() => copyAll(client, source));
      const found: Partial<Record<BenchedEntity, Difference>> = {};
      const diff = await seconds(async () => {
        for (const entity of benchedEntities) found[entity] = await compare(client, entity);
      });
      return { copy, diff, found: found as Record<BenchedEntity, Difference> };
    },
  };
}

const columnsIn = (entity: Entity) => (columnsOf(entity, '1.2') ?? []).map(columnName);

async function makeTable(client: Client, entity: Entity, kind: 'logged' | 'unlogged'): Promise<void> {
  const table = tables[entity];
  const columns = ['status', 'date_last_modified', ...columnsIn(entity)].map((name) => `"${name}" text`);
  await client.query(`drop table if exists ${table}`);
  // With what the roster's indexes stand on; all else is text, as it comes.
  await client.query(`create ${kind === 'unlogged' ? 'unlogged' : ''} table ${table} (
    tenant_id uuid not null default '${placeholders.tenant}',
    connection_id uuid not null default '${placeholders.connection}',
    sourced_id text not null, ${columns.join(', ')}, changed_run integer not null default 1, removed_at timestamptz)`);
}

async function copyAll(client: Client, source: BenchPackage): Promise<void> {
  for (const entity of benchedEntities) {
    const columns = ['sourced_id', 'status', 'date_last_modified', ...columnsIn(entity)];
    const into = `copy ${tables[entity]} (${columns.map((name) => `"${name}"`).join(', ')}) from stdin
      with (format csv, header true)`;
    await pipeline(
      createReadStream(source.csvOf(entity), { highWaterMark: 1 << 18 }),
      client.query(copyFrom(into)),
    );
  }
}

function hashOf(entity: Entity): string {
  const columns = columnsIn(entity).map((name) => `"${name}"`);
  return `hash_record_extended(row(${columns.join(', ')}), 0)`;
}

async function compare(client: Client, entity: Entity): Promise<Difference> {
  const { rows } = await client.query<Difference>(
    `select count(*) filter (where kept.sourced_id is null)::int as created,
      count(*) filter (where kept.hash <> fresh.hash)::int as changed,
      count(*) filter (where fresh.sourced_id is null)::int as removed
    from kept_${tables[entity]} kept
      full join (select sourced_id, ${hashOf(entity)} as hash from ${tables[entity]}) fresh using (sourced_id)`,
  );
  return rows[0] ?? { created: 0, changed: 0, removed: 0 };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
