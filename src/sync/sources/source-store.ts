import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { profiles, sourceStatuses } from '../../../contracts/sync.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import { thresholds } from '../holds/thresholds.ts';
import { rollover } from '../schedule/rollover.ts';
import { schedule } from '../schedule/schedule.ts';
import type { RosterSource } from './source.ts';

/** A source with what is kept beside it, and never leaves this feature. */
export interface StoredSource extends RosterSource {
  sealedSecrets: Buffer | null;
  /** Counts what has changed the roster. */
  base: number;
}

const sourceRow = z
  .object({
    connection_id: z.uuid(),
    name: z.string(),
    connector: z.string(),
    vendor: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()),
    secret_names: z.array(z.string()),
    sealed_secrets: z.instanceof(Buffer).nullable(),
    profile: z.enum(profiles),
    demographics: z.boolean(),
    schools: z.array(z.string()).nullable(),
    schedule: schedule.nullable(),
    rollovers: z.array(rollover),
    thresholds,
    holds_removals_only: z.boolean(),
    grace_days: z.number(),
    plan_days: z.number(),
    status: z.enum(sourceStatuses),
    base: z.number(),
    next_run_at: z.date().nullable(),
    version: z.number(),
  })
  .transform(
    (row): StoredSource => ({
      connectionId: row.connection_id as ConnectionId,
      name: row.name,
      connector: row.connector,
      vendor: row.vendor,
      settings: row.settings,
      secrets: row.secret_names,
      sealedSecrets: row.sealed_secrets,
      profile: row.profile,
      demographics: row.demographics,
      schools: row.schools,
      schedule: row.schedule,
      rollovers: row.rollovers,
      thresholds: row.thresholds,
      holdsRemovalsOnly: row.holds_removals_only,
      graceDays: row.grace_days,
      planDays: row.plan_days,
      status: row.status,
      base: row.base,
      nextRunAt: row.next_run_at,
      version: row.version,
    }),
  );

const columns = sql`s.connection_id, c.name, s.connector, s.vendor, s.settings, s.secret_names, s.sealed_secrets, s.profile,
  s.demographics, s.schools, s.schedule, s.rollovers, s.thresholds, s.holds_removals_only, s.grace_days, s.plan_days,
  s.status, s.base, s.next_run_at, s.version`;

const from = (tx: TenantTx): Sql =>
  sql`roster_source s join connection c using (tenant_id, connection_id) where s.tenant_id = ${tx.tenantId}`;

/** A tenant's roster sources, the oldest first. */
export function listSources(tx: TenantTx): Promise<StoredSource[]> {
  return tx.many(sql`select ${columns} from ${from(tx)} order by s.connection_id`, sourceRow);
}

export function findSource(tx: TenantTx, connectionId: ConnectionId): Promise<StoredSource | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from ${from(tx)} and s.connection_id = ${connectionId}`,
    sourceRow,
  );
}

/** Nobody else changes the source, or takes a number for a run of it, until the transaction ends. */
export function lockSource(tx: TenantTx, connectionId: ConnectionId): Promise<StoredSource | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from ${from(tx)} and s.connection_id = ${connectionId} for no key update of s`,
    sourceRow,
  );
}

/** Writes a new source; its connection is there already. */
export async function insertSource(tx: TenantTx, source: StoredSource, now: number): Promise<void> {
  await tx.exec(sql`
    insert into roster_source (tenant_id, connection_id, connector, vendor, settings, secret_names, sealed_secrets, profile,
      demographics, schools, schedule, rollovers, thresholds, holds_removals_only, grace_days, plan_days, status, next_run_at,
      version, created_at, changed_at)
    values (${tx.tenantId}, ${source.connectionId}, ${source.connector}, ${source.vendor}, ${json(source.settings)},
      ${source.secrets}, ${source.sealedSecrets}, ${source.profile}, ${source.demographics}, ${source.schools},
      ${scheduleOf(source)}, ${json(source.rollovers)}, ${json(source.thresholds)}, ${source.holdsRemovalsOnly},
      ${source.graceDays}, ${source.planDays}, ${source.status}, ${source.nextRunAt}, ${source.version}, ${new Date(now)},
      ${new Date(now)})`);
}

/** Writes a source over the one that is there, except its name, which is the connection's. */
export async function saveSource(tx: TenantTx, source: StoredSource, now: number): Promise<void> {
  await tx.exec(sql`
    update roster_source set settings = ${json(source.settings)}, secret_names = ${source.secrets},
      sealed_secrets = ${source.sealedSecrets}, profile = ${source.profile}, demographics = ${source.demographics},
      schools = ${source.schools}, schedule = ${scheduleOf(source)}, rollovers = ${json(source.rollovers)},
      thresholds = ${json(source.thresholds)}, holds_removals_only = ${source.holdsRemovalsOnly},
      grace_days = ${source.graceDays}, plan_days = ${source.planDays}, status = ${source.status},
      next_run_at = ${source.nextRunAt}, version = ${source.version}, changed_at = ${new Date(now)}
    where tenant_id = ${tx.tenantId} and connection_id = ${source.connectionId}`);
}

const scheduleOf = (source: StoredSource) => (source.schedule === null ? null : json(source.schedule));

/** Notes when the schedule is due again. */
export async function setNextRun(tx: TenantTx, connectionId: ConnectionId, at: Date | null): Promise<void> {
  await tx.exec(sql`
    update roster_source set next_run_at = ${at}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
}

/** Counts a change of the roster: plans made before it are stale. @returns the count now */
export async function raiseBase(tx: TenantTx, connectionId: ConnectionId): Promise<number> {
  const { base } = await tx.one(
    sql`update roster_source set base = base + 1
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} returning base`,
    z.object({ base: z.number() }),
  );
  return base;
}

/** Takes the number of a new run. */
export async function takeRunNo(tx: TenantTx, connectionId: ConnectionId): Promise<number> {
  const { last_run_no } = await tx.one(
    sql`update roster_source set last_run_no = last_run_no + 1
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} returning last_run_no`,
    z.object({ last_run_no: z.number() }),
  );
  return last_run_no;
}

const dueRow = z.object({ tenant_id: z.uuid(), connection_id: z.uuid() }).transform((row) => ({
  tenantId: row.tenant_id as TenantId,
  connectionId: row.connection_id as ConnectionId,
}));

/** Sources of all tenants whose schedule is due, the longest due first. */
export function listDueSources(
  tx: RollupTx,
  now: Date,
  most: number,
): Promise<{ tenantId: TenantId; connectionId: ConnectionId }[]> {
  return tx.many(
    sql`select tenant_id, connection_id from roster_source
      where status = 'active' and next_run_at <= ${now} order by next_run_at limit ${most}`,
    dueRow,
  );
}
