import { z } from 'zod';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';
import type { EngineRun } from '../../engine.ts';
import { raw } from './names.ts';

/** How rows are looked up. */
interface LookUp {
  /** To look one up costs about as much as to read so much of a table from end to end. */
  bytes: number;
  /** A table smaller than this is read from end to end in a moment. */
  small: number;
}

const byKey: LookUp = { bytes: 3_000, small: 64 * 1024 ** 2 };
/** By where they stand in the table, which no index has to tell. */
export const byPlace: LookUp = { bytes: 300, small: 0 };

const joins = (
  nested: 'on' | 'off',
  hashed: 'on' | 'off',
): Sql => sql`select set_config('enable_nestloop', ${nested}, true),
  set_config('enable_hashjoin', ${hashed}, true)`;

/**
 * Joins rows of a large table, called `c`, to those before it.
 *
 * @param which a condition over both
 */
export type Beside = (table: Sql, which: Sql) => Sql;

/** For many rows. */
export const byHash: Beside = (table, which) => sql`join ${table} c on ${which}`;
// The planner sees that the rows before it come first, whatever it believes of the table.
const lookedUp: Beside = (table, which) =>
  sql`cross join lateral (select * from ${table} c where ${which} offset 0) c`;

/**
 * Runs statements that join few rows with a large table: they are looked up one by one where that is less work than reading
 * the table, which the planner cannot tell without statistics of the few.
 *
 * @param name of the large table
 * @param count how many rows are looked up
 */
export async function oneByOne<T>(
  tx: StagingTx,
  name: string,
  count: number,
  work: (beside: Beside) => Promise<T>,
  lookUp = byKey,
): Promise<T> {
  const { bytes } = await tx.one(
    sql`select sum(pg_relation_size(part))::float8 as bytes from (select ${name}::regclass as part
      union all select inhrelid from pg_inherits where inhparent = ${name}::regclass) parts`,
    z.object({ bytes: z.number() }),
  );
  if (bytes < lookUp.small || count * lookUp.bytes > bytes) return work(byHash);
  await tx.exec(joins('on', 'off'));
  const result = await work(lookedUp);
  await tx.exec(joins('off', 'on'));
  return result;
}

/**
 * Rows with the key that the roster has them under, for statements that change its table (`c`). The planner must not see that
 * tenant and connection are one value each: of a connection that its statistics do not know yet it believes that there is
 * nothing, takes the table first, and reads all that is looked up once for each of its rows.
 */
export function underKey(tx: StagingTx, { connectionId }: Pick<EngineRun, 'connectionId'>, rows: Sql): Sql {
  return sql`(select ${tx.tenantId}::uuid as tenant_id, ${connectionId}::uuid as connection_id, k.*
    from (${rows}) k offset 0)`;
}

/** That a row of the roster (`c`) is the one under the key of another. */
export function isUnderKey(alias: string): Sql {
  const pairs = ['tenant_id', 'connection_id', 'sourced_id'].map((name) => `c.${name} = ${alias}.${name}`);
  return raw(pairs.join(' and '));
}
