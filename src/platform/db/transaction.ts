import type { TenantId } from '../../../contracts/ids.ts';
import type { StatementResult } from '../sql/round-trip.ts';
import { type Sql, sql } from '../sql/sql.ts';
import type { Run } from './handles.ts';
import type { Connection, Pool } from './pool.ts';

const begin = sql`begin`;
const commit = sql`commit`;

/** Runs `work` in one transaction that begins with the statements `before`. */
export function transaction<T>(
  pool: Pool,
  before: Sql[],
  work: (run: Run, connection: Connection) => Promise<T>,
): Promise<T> {
  return pool.borrow(async (connection) => {
    const { send, rollback } = connection;
    try {
      await send([begin, ...before]);
      const result = await work(async (statement) => last(await send([statement])), connection);
      await send([commit]);
      return result;
    } catch (error) {
      await rollback();
      throw error;
    }
  });
}

/** Runs each statement, after those of `before`, as a transaction of its own in one round trip. */
export function oneTrip(pool: Pool, before: Sql[]): Run {
  return (statement) => pool.borrow(async ({ send }) => last(await send([...before, statement])));
}

function last(results: StatementResult[]): StatementResult {
  const result = results.at(-1);
  if (result === undefined) throw new Error('A statement gave no result');
  return result;
}

/**
 * Limits the transaction to a tenant.
 *
 * @param deferred its commit does not wait for the disk
 * @param further settings of the transaction, each a call of set_config
 */
export function scopeTo(tenantId: TenantId, deferred = false, further: Sql = sql``): Sql {
  const commit = deferred ? sql`, set_config('synchronous_commit', 'off', true)` : sql``;
  return sql`select set_config('app.tenant', ${tenantId}, true)${commit}${further}`;
}
