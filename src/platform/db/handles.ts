import type { ZodType } from 'zod';
import type { TenantId } from '../../../contracts/ids.ts';
import type { StatementResult } from '../sql/round-trip.ts';
import type { PreparedText, Sql } from '../sql/sql.ts';
import type { Connection } from './pool.ts';

/** The verbs. Each row is parsed by the given schema, so a drifted column fails where it is read. */
export interface Queries {
  many<T>(statement: Sql, row: ZodType<T>): Promise<T[]>;
  maybeOne<T>(statement: Sql, row: ZodType<T>): Promise<T | undefined>;
  /** @throws Error when there is not exactly one row */
  one<T>(statement: Sql, row: ZodType<T>): Promise<T>;
  /** @returns how many rows were changed */
  exec(statement: Sql): Promise<number>;
}

/** A handle on one tenant's rows: row-level security shows and accepts no others. */
export interface TenantTx extends Queries {
  readonly scope: 'tenant';
  readonly tenantId: TenantId;
}
/** A handle whose every call is a transaction; `alone` runs one that may wait for others' locks. */
export interface TenantTrips extends TenantTx {
  readonly alone: TenantTx;
}
/** Reference tables and the hub's own records; of tenant tables it sees only the nil tenant's. */
export interface HubTx extends Queries {
  readonly scope: 'hub';
  readonly tenantId: TenantId;
}
/** Narrow reads across tenants: who is a slug, whose is a deployment. */
export interface DirectoryTx extends Queries {
  readonly scope: 'directory';
}
/** The tables rosters are loaded into, and one tenant's roster. Its statements may take long. */
export interface StagingTx extends Queries {
  readonly scope: 'staging';
  readonly tenantId: TenantId;
  readonly copyIn: Connection['copyIn'];
}
/** Copying terminal rows into exchanges, partitions, retention. */
export interface RollupTx extends Queries {
  readonly scope: 'rollup';
}

/** Runs a statement and gives its result: what the verbs are built on. */
export type Run = (statement: Sql | PreparedText) => Promise<StatementResult>;

const runOf = Symbol('run');

/**
 * Runs a statement that a library wrote inside a transaction of ours. For the job queue only: all other SQL goes
 * through the `sql` tag and the verbs.
 */
export async function runPrepared(
  tx: TenantTx | HubTx,
  statement: PreparedText,
): Promise<Record<string, unknown>[]> {
  const run = (tx as { [runOf]?: Run })[runOf];
  if (run === undefined) throw new Error('This handle was not made by openDatabase');
  return (await run(statement)).rows;
}

/** The verbs over a way to run statements. */
export function verbs(run: Run): Queries & { [runOf]: Run } {
  const parse = <T>(row: ZodType<T>, value: unknown): T => row.parse(value);
  return {
    [runOf]: run,
    many: async (statement, row) => (await run(statement)).rows.map((value) => parse(row, value)),
    maybeOne: async (statement, row) => {
      const { rows } = await run(statement);
      if (rows.length > 1) throw new Error(`Expected at most one row, found ${rows.length}`);
      return rows[0] === undefined ? undefined : parse(row, rows[0]);
    },
    one: async (statement, row) => {
      const { rows } = await run(statement);
      if (rows.length !== 1) throw new Error(`Expected one row, found ${rows.length}`);
      return parse(row, rows[0]);
    },
    exec: async (statement) => (await run(statement)).count,
  };
}
