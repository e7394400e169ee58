import { z } from 'zod';
import type { ConnectionId, ProbeId } from '../../../contracts/ids.ts';
import { type ProbeEnd, type ProbeKind, probeKinds } from '../../../contracts/probes.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { outcomes } from '../outcomes.ts';
import type { Probed } from './failures.ts';
import type { Candidate } from './plan.ts';

const candidateRow = z
  .object({
    tenant_id: z.uuid(),
    connection_id: z.uuid(),
    partner: z.string(),
    kind: z.enum(probeKinds),
    last_traffic: z.date().nullable(),
    last_probe: z.date().nullable(),
  })
  .transform(
    (row): Candidate => ({
      ...{ tenantId: row.tenant_id, connectionId: row.connection_id, partner: row.partner, kind: row.kind },
      ...{ lastTraffic: row.last_traffic?.getTime(), lastProbe: row.last_probe?.getTime() },
    }),
  );

/** Connections of every school that are in use and may be asked, with when they were last used and asked within a day. */
export function listCandidates(tx: RollupTx, now: Date): Promise<Candidate[]> {
  const dayAgo = sql`${now}::timestamptz - interval '25 hours'`;
  return tx.many(
    sql`with askable as (
        select tenant_id, connection_id, 'launch' as kind from lti_registration where status = 'active'
        -- Under a registration of the hub's a school has deployments alone.
        union all select distinct tenant_id, connection_id, 'launch' from lti_deployment d
          where status = 'active' and not exists (select from lti_registration r
            where r.tenant_id = d.tenant_id and r.connection_id = d.connection_id)
        union all select tenant_id, connection_id, 'login' from identity_source where status = 'active'
        union all select tenant_id, connection_id, 'read' from roster_source where status = 'active'
      ), used as (
        select tenant_id, s.connection_id, max(at) + interval '5 minutes' as last_traffic
        from exchange_5m c join exchange_series s using (tenant_id, series_id)
        where at >= ${dayAgo}
          and success + failed_partner + failed_hub + failed_config + expired_unknown > 0
        group by tenant_id, s.connection_id
      ), asked as (
        select tenant_id, connection_id, max(ended_at) as last_probe from probe_run where ended_at >= ${dayAgo}
        group by tenant_id, connection_id
      )
      select tenant_id, connection_id, c.partner, a.kind, used.last_traffic, asked.last_probe
      from askable a join connection c using (tenant_id, connection_id)
      join tenant t using (tenant_id)
      left join used using (tenant_id, connection_id) left join asked using (tenant_id, connection_id)
      where t.status = 'active' and not exists (select from probe_switch off
        where off.tenant_id = a.tenant_id and off.connection_id = a.connection_id)`,
    candidateRow,
  );
}

const probedRow = z
  .object({
    tenant_id: z.uuid(),
    connection_id: z.uuid(),
    partner: z.string(),
    kind: z.enum(probeKinds),
    outcome: z.enum(outcomes),
    ended_at: z.date(),
  })
  .transform(
    (row): Probed => ({
      ...{ tenantId: row.tenant_id, connectionId: row.connection_id, partner: row.partner },
      ...{ kind: row.kind, outcome: row.outcome, endedAt: row.ended_at.getTime() },
    }),
  );

/** The last times each connection was asked since a moment; of one that is not asked any more, nothing. */
export function listLatestProbes(tx: RollupTx, since: Date): Promise<Probed[]> {
  return tx.many(
    sql`select tenant_id, connection_id, c.partner, p.kind, p.outcome, p.ended_at
      from (select *, row_number() over (partition by tenant_id, connection_id, kind order by ended_at desc) as place
        from probe_run where ended_at >= ${since}) p
      join connection c using (tenant_id, connection_id)
      where place <= 6 and not exists (select from probe_switch off
        where off.tenant_id = p.tenant_id and off.connection_id = p.connection_id)`,
    probedRow,
  );
}

export async function insertProbe(
  tx: TenantTx,
  probe: ProbeEnd & {
    probeId: ProbeId;
    connectionId: ConnectionId;
    kind: ProbeKind;
    startedAt: Date;
    endedAt: Date;
  },
): Promise<void> {
  const { probeId, connectionId, kind, outcome, reason, startedAt, endedAt } = probe;
  await tx.exec(sql`
    insert into probe_run (tenant_id, probe_id, connection_id, kind, outcome, reason, started_at, ended_at)
    values (${tx.tenantId}, ${probeId}, ${connectionId}, ${kind}, ${outcome}, ${reason}, ${startedAt}, ${endedAt})`);
}

const runRow = z
  .object({
    probe_id: z.uuid(),
    connection_id: z.uuid(),
    kind: z.enum(probeKinds),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    started_at: z.date(),
    ended_at: z.date(),
  })
  .transform((row) => ({
    probeId: row.probe_id as ProbeId,
    connectionId: row.connection_id as ConnectionId,
    ...{ kind: row.kind, outcome: row.outcome, reason: row.reason },
    ...{ startedAt: row.started_at, endedAt: row.ended_at },
  }));
export type ProbeRun = z.output<typeof runRow>;

/** The newest first. */
export function listProbes(tx: TenantTx, limit: number): Promise<ProbeRun[]> {
  return tx.many(
    sql`select probe_id, connection_id, kind, outcome, reason, started_at, ended_at from probe_run
      where tenant_id = ${tx.tenantId} order by ended_at desc, probe_id desc limit ${limit}`,
    runRow,
  );
}

const offRow = z.object({ connection_id: z.uuid() }).transform((row) => row.connection_id as ConnectionId);

/** Connections that are not asked. */
export function listSwitchedOff(tx: TenantTx): Promise<ConnectionId[]> {
  return tx.many(sql`select connection_id from probe_switch where tenant_id = ${tx.tenantId}`, offRow);
}

/** @returns whether it was asked until now */
export async function switchOff(tx: TenantTx, connectionId: ConnectionId, now: Date): Promise<boolean> {
  const changed = await tx.exec(sql`
    insert into probe_switch (tenant_id, connection_id, changed_at)
    select tenant_id, connection_id, ${now} from connection
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
    on conflict do nothing`);
  return changed > 0;
}

/** @returns whether it was not asked until now */
export async function switchOn(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const changed = await tx.exec(sql`
    delete from probe_switch where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
  return changed > 0;
}

const knownRow = z.object({ connection_id: z.uuid() });

export async function knowsConnection(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  const found = await tx.maybeOne(
    sql`select connection_id from connection where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
    knownRow,
  );
  return found !== undefined;
}
