import { createHash } from 'node:crypto';
import pg from 'pg';
import type { ZodType } from 'zod';
import { HUB_TENANT, type TenantId } from '../../contracts/ids.ts';
import { DomainError } from './errors.ts';
import { RoundTrip, type StatementResult, type WireStatement } from './sql/round-trip.ts';
import { type PreparedText, Sql, sql, toPrepared } from './sql/sql.ts';

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
/** Reference tables and the hub's own records; of tenant tables it sees only the nil tenant's. */
export interface HubTx extends Queries {
  readonly scope: 'hub';
  readonly tenantId: TenantId;
}
/** Narrow reads across tenants: who is a slug, whose is a deployment. */
export interface DirectoryTx extends Queries {
  readonly scope: 'directory';
}
/** Copying terminal rows into exchanges, partitions, retention. */
export interface RollupTx extends Queries {
  readonly scope: 'rollup';
}

export interface Database {
  /** Runs `work` in one transaction of one tenant; it commits when `work` returns, rolls back when it throws. */
  withTenant<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /**
   * A handle whose every call is a transaction of its own and one network round trip: for hot paths.
   * With `deferred` the commit does not wait for the disk; the next waiting commit makes it durable.
   */
  tenant(tenantId: TenantId, options?: { deferred?: boolean }): TenantTx;
  withHub<T>(work: (tx: HubTx) => Promise<T>): Promise<T>;
  /** As `tenant()`, for the hub's own records. */
  hub(): HubTx;
  directory: DirectoryTx;
  withRollup<T>(work: (tx: RollupTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  applicationName: string;
  /** Most connections of the app role; the two narrow roles take two each on top. */
  connections: number;
  statementTimeoutMs: number;
  onError(error: Error): void;
}

const names = new Map<string, string>();

function toWire(statement: Sql | PreparedText): WireStatement {
  const { text, values } = statement instanceof Sql ? toPrepared(statement) : statement;
  let name = names.get(text);
  if (name === undefined) {
    name = `gh_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.set(text, name);
  }
  return { name, text, values };
}

async function send(client: pg.PoolClient, statements: (Sql | PreparedText)[]): Promise<StatementResult[]> {
  const trip = new RoundTrip(statements.map(toWire));
  client.query(trip);
  try {
    return await trip.finished;
  } catch (error) {
    if (trip.connectionIsUnsure) unsure.add(client);
    throw error;
  }
}

/** Connections that are closed rather than handed back. */
const unsure = new WeakSet<pg.PoolClient>();

/** Runs a statement and gives its result: what the verbs are built on. */
type Run = (statement: Sql | PreparedText) => Promise<StatementResult>;

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

function verbs(run: Run): Queries & { [runOf]: Run } {
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

const begin = sql`begin`;
const commit = sql`commit`;

async function borrow<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (cause) {
    throw new DomainError(
      'internal',
      'database_unavailable',
      'The database does not answer. Try again shortly.',
      {
        cause,
      },
    );
  }
  try {
    return await work(client);
  } finally {
    client.release(unsure.has(client));
  }
}

async function transaction<T>(pool: pg.Pool, before: Sql[], work: (run: Run) => Promise<T>): Promise<T> {
  return borrow(pool, async (client) => {
    try {
      await send(client, [begin, ...before]);
      const result = await work(async (statement) => first(await send(client, [statement])));
      await send(client, [commit]);
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => unsure.add(client));
      throw error;
    }
  });
}

function oneTrip(pool: pg.Pool, scope: Sql): Run {
  return (statement) => borrow(pool, async (client) => first(await send(client, [scope, statement])));
}

function first(results: StatementResult[]): StatementResult {
  const result = results.at(-1);
  if (result === undefined) throw new Error('A statement gave no result');
  return result;
}

function scopeTo(tenantId: TenantId, deferred = false): Sql {
  return deferred
    ? sql`select set_config('app.tenant', ${tenantId}, true), set_config('synchronous_commit', 'off', true)`
    : sql`select set_config('app.tenant', ${tenantId}, true)`;
}

/**
 * Opens the pools, one a role, and refuses to run when the app role could bypass row-level security.
 *
 * @throws DomainError `database_unavailable`, `database_role_unsafe`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pools = {
    app: openPool(options, 'gatehouse_app', options.connections),
    directory: openPool(options, 'gatehouse_directory', 2),
    rollup: openPool(options, 'gatehouse_rollup', 2),
  };
  const close = async () => {
    await Promise.all(Object.values(pools).map(drain));
  };
  try {
    for (const [role, pool] of Object.entries(pools)) await refuseUnsafeRole(pool, `gatehouse_${role}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    withTenant: (tenantId, work) =>
      transaction(pools.app, [scopeTo(tenantId)], (run) =>
        work({ scope: 'tenant', tenantId, ...verbs(run) }),
      ),
    tenant: (tenantId, { deferred = false } = {}) => ({
      scope: 'tenant',
      tenantId,
      ...verbs(oneTrip(pools.app, scopeTo(tenantId, deferred))),
    }),
    hub: () => ({ scope: 'hub', tenantId: HUB_TENANT, ...verbs(oneTrip(pools.app, scopeTo(HUB_TENANT))) }),
    withHub: (work) =>
      transaction(pools.app, [scopeTo(HUB_TENANT)], (run) =>
        work({ scope: 'hub', tenantId: HUB_TENANT, ...verbs(run) }),
      ),
    directory: {
      scope: 'directory',
      ...verbs((statement) =>
        borrow(pools.directory, async (client) => first(await send(client, [statement]))),
      ),
    },
    withRollup: (work) => transaction(pools.rollup, [], (run) => work({ scope: 'rollup', ...verbs(run) })),
    close,
  };
}

function openPool(options: DatabaseOptions, role: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max,
    connectionTimeoutMillis: 5_000,
    options: `-c role=${role} -c statement_timeout=${options.statementTimeoutMs} -c timezone=UTC`,
  });
  pool.on('error', options.onError);
  // A connection that breaks while it is lent out tells nobody else, and an unheard 'error' ends the process.
  pool.on('connect', (client) => client.on('error', () => unsure.add(client)));
  return pool;
}

/** pg resolves `end()` before its sockets are closed; a database that goes away then would look like a fault. */
async function drain(pool: pg.Pool): Promise<void> {
  let open = pool.totalCount;
  const closed = Promise.withResolvers<void>();
  if (open === 0) closed.resolve();
  pool.on('remove', () => {
    open -= 1;
    if (open === 0) closed.resolve();
  });
  await pool.end();
  await closed.promise;
}

async function refuseUnsafeRole(pool: pg.Pool, wanted: string): Promise<void> {
  const { rows } = await borrow(pool, (client) =>
    client.query<{ name: string; unsafe: boolean }>(
      'select rolname as name, rolsuper or rolbypassrls as unsafe from pg_roles where rolname = current_user',
    ),
  );
  if (rows[0]?.name !== wanted || rows[0].unsafe) {
    throw new DomainError(
      'internal',
      'database_role_unsafe',
      `The connection runs as "${rows[0]?.name}", not as "${wanted}", so tenants would not be held apart. ` +
        'Run the migrations first, and let the startup option "role" pass through any pooler in between.',
    );
  }
}
