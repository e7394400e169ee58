import { HUB_TENANT, type TenantId } from '../../contracts/ids.ts';
import { groupTrips } from './db/grouped.ts';
import {
  type DirectoryTx,
  type HubTx,
  type RollupTx,
  type Run,
  type StagingTx,
  type TenantTrips,
  type TenantTx,
  verbs,
} from './db/handles.ts';
import { openPool } from './db/pool.ts';
import { refuseUnsafeRole } from './db/role.ts';
import { oneTrip, scopeTo, transaction } from './db/transaction.ts';

export {
  type DirectoryTx,
  type HubTx,
  type Queries,
  type RollupTx,
  runPrepared,
  type StagingTx,
  type TenantTrips,
  type TenantTx,
} from './db/handles.ts';

export type Grouping = 'singly' | 'doubly';

export interface Database {
  /** Runs `work` in one transaction of one tenant; it commits when `work` returns, rolls back when it throws. */
  withTenant<T>(tenantId: TenantId, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /**
   * A handle whose every call is a transaction of its own and one network round trip: for hot paths.
   * With `deferred` the commit does not wait for the disk; the next waiting commit makes it durable. With `grouped` calls
   * that come together travel and commit together (`groupTrips`).
   */
  tenant(tenantId: TenantId, options?: { deferred?: boolean; grouped?: Grouping }): TenantTrips;
  withHub<T>(work: (tx: HubTx) => Promise<T>): Promise<T>;
  /** As `tenant()`, for the hub's own records. */
  hub(): HubTx;
  directory: DirectoryTx;
  withRollup<T>(work: (tx: RollupTx) => Promise<T>): Promise<T>;
  /** As `withTenant()`, for loading and comparing a tenant's roster. */
  withStaging<T>(tenantId: TenantId, work: (tx: StagingTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  applicationName: string;
  /** Most connections of the app role; two narrow roles take two each on top, loading rosters eight. */
  connections: number;
  statementTimeoutMs: number;
  /** As in PoolOptions. */
  silenceMs?: number;
  onError(error: Error): void;
}

/**
 * For work on a few rows by key. Tables of launches under way are empty at night and hold thousands of rows at the bell: a
 * plan that was made and kept while one was empty would read it from end to end ever after. Where a scan is the only way,
 * PostgreSQL before 18 takes its price for so high that it would compile the plan, hence no `jit`. Plans are kept for any
 * values: making one costs more than most of these statements.
 */
const shortWork = { enable_seqscan: 'off', jit: 'off', plan_cache_mode: 'force_generic_plan' };

/**
 * For statements over millions of rows: they join by hashing, in memory where it fits. Each is planned for the tables as
 * they are, which were empty a moment ago; compiling them takes longer than it gains. One process helps another: with two to
 * help, launches waited twice as long for a core of two, and the work was done no sooner. What was written goes to the disk
 * bit by bit: all at once it held up the commits of launches for a tenth of a second.
 */
const longWork = {
  work_mem: '192MB',
  jit: 'off',
  plan_cache_mode: 'force_custom_plan',
  max_parallel_workers_per_gather: '1',
  backend_flush_after: '512kB',
  // A transaction waits for another that is busy beside it.
  idle_in_transaction_session_timeout: '0',
};
const longWorkMs = 2 * 3_600_000;

/**
 * Singly: what comes while a trip is under way goes with the next one, which costs the server a third less at the bell.
 * Doubly: two trips keep the server busy where nobody works between them.
 */
const groupLimits = {
  singly: { most: 32, inAir: 1 },
  doubly: { most: 32, inAir: 2 },
} as const;

/**
 * Opens the pools, one a role, and refuses to run when the app role could bypass row-level security.
 *
 * @throws DomainError `database_unavailable`, `database_role_unsafe`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pools = {
    app: openPool({ ...options, role: 'gatehouse_app', settings: shortWork }),
    directory: openPool({ ...options, role: 'gatehouse_directory', connections: 2 }),
    rollup: openPool({ ...options, role: 'gatehouse_rollup', connections: 2 }),
    staging: openPool({
      ...options,
      role: 'gatehouse_staging',
      connections: 8,
      statementTimeoutMs: longWorkMs,
      settings: longWork,
    }),
  };
  const groups = {
    singly: {
      durable: groupTrips(pools.app, false, groupLimits.singly),
      deferred: groupTrips(pools.app, true, groupLimits.singly),
    },
    doubly: {
      durable: groupTrips(pools.app, false, groupLimits.doubly),
      deferred: groupTrips(pools.app, true, groupLimits.doubly),
    },
  };
  const close = async () => {
    await Promise.all(Object.values(pools).map((pool) => pool.drain()));
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
    tenant: (tenantId, { deferred = false, grouped } = {}) => {
      const handle = (run: Run): TenantTx => ({ scope: 'tenant', tenantId, ...verbs(run) });
      const openAlone = () => handle(oneTrip(pools.app, [scopeTo(tenantId, deferred)]));
      if (grouped === undefined) {
        const alone = openAlone();
        return { ...alone, alone };
      }
      const group = groups[grouped][deferred ? 'deferred' : 'durable'];
      return {
        ...handle(group(tenantId)),
        get alone() {
          return openAlone();
        },
      };
    },
    withHub: (work) =>
      transaction(pools.app, [scopeTo(HUB_TENANT)], (run) =>
        work({ scope: 'hub', tenantId: HUB_TENANT, ...verbs(run) }),
      ),
    hub: () => ({
      scope: 'hub',
      tenantId: HUB_TENANT,
      ...verbs(oneTrip(pools.app, [scopeTo(HUB_TENANT)])),
    }),
    directory: { scope: 'directory', ...verbs(oneTrip(pools.directory, [])) },
    withRollup: (work) => transaction(pools.rollup, [], (run) => work({ scope: 'rollup', ...verbs(run) })),
    withStaging: (tenantId, work) =>
      transaction(pools.staging, [scopeTo(tenantId)], (run, { copyIn }) =>
        work({ scope: 'staging', tenantId, copyIn, ...verbs(run) }),
      ),
    close,
  };
}
