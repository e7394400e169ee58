import { z } from 'zod';
import type { StagingTx } from '../../../platform/db.ts';
import { type Sql, sql } from '../../../platform/sql/sql.ts';

/** To look a row up costs about as much as to read so much of a table from end to end. */
const bytesALookUp = 3_000;

const joins = (
  nested: 'on' | 'off',
  others: 'on' | 'off',
): Sql => sql`select set_config('enable_nestloop', ${nested}, true),
  set_config('enable_hashjoin', ${others}, true), set_config('enable_mergejoin', ${others}, true)`;

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
  work: () => Promise<T>,
): Promise<T> {
  const { bytes } = await tx.one(
    sql`select pg_relation_size(${name}::regclass)::float8 as bytes`,
    z.object({ bytes: z.number() }),
  );
  if (count * bytesALookUp > bytes) return work();
  await tx.exec(joins('on', 'off'));
  const result = await work();
  await tx.exec(joins('off', 'on'));
  return result;
}
