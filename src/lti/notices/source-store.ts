import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** The notification service of one deployment of an LMS. */
export interface NoticeSource {
  connectionId: ConnectionId;
  deploymentId: string;
  serviceUrl: string;
  noticeTypes: string[];
}

/** An LMS that has refused for good may be set otherwise since; so long after, it is asked again. */
const askAgainMs = 86_400_000;

/** Notes what launches say; only what is new has to be registered again. */
export async function noteSource(tx: TenantTx, source: NoticeSource, now: Date): Promise<void> {
  const { connectionId, deploymentId, serviceUrl, noticeTypes } = source;
  await tx.exec(sql`
    insert into lti_notice_source as s (tenant_id, connection_id, deployment_id, service_url, notice_types, state, due_at,
      changed_at)
    values (${tx.tenantId}, ${connectionId}, ${deploymentId}, ${serviceUrl}, ${noticeTypes}, 'waiting', ${now}, ${now})
    on conflict (tenant_id, connection_id, deployment_id) do update
      set service_url = excluded.service_url, notice_types = excluded.notice_types, state = 'waiting', tries = 0,
        due_at = excluded.due_at, failure = null, changed_at = excluded.changed_at
      where (s.service_url, s.notice_types) is distinct from (excluded.service_url, excluded.notice_types)
        or (s.state = 'dead' and s.changed_at < ${new Date(now.getTime() - askAgainMs)})`);
}

const dueRow = z
  .object({ tenant_id: z.uuid(), connection_id: z.uuid(), deployment_id: z.string() })
  .transform((row) => ({
    tenantId: row.tenant_id as TenantId,
    connectionId: row.connection_id as ConnectionId,
    deploymentId: row.deployment_id,
  }));

/** Services of every tenant at which the hub has still to be registered, the longest waiting first. */
export function listDueSources(tx: RollupTx, now: Date, most: number) {
  return tx.many(
    sql`select tenant_id, connection_id, deployment_id from lti_notice_source
      where due_at <= ${now} order by due_at limit ${most}`,
    dueRow,
  );
}

const claimedRow = z
  .object({ service_url: z.string(), notice_types: z.array(z.string()), tries: z.number() })
  .transform((row) => ({ serviceUrl: row.service_url, noticeTypes: row.notice_types, tries: row.tries }));

/** Takes one for a try; others leave it alone until `until`. Undefined where somebody else was faster. */
export function claimSource(
  tx: TenantTx,
  { connectionId, deploymentId }: Pick<NoticeSource, 'connectionId' | 'deploymentId'>,
  { now, until }: { now: Date; until: Date },
) {
  return tx.maybeOne(
    sql`update lti_notice_source set tries = tries + 1, due_at = ${until}
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and deployment_id = ${deploymentId}
        and due_at <= ${now}
      returning service_url, notice_types, tries`,
    claimedRow,
  );
}

/** Ends a try, unless something has been wanted anew meanwhile. @param until what the try was taken until */
export async function settleSource(
  tx: TenantTx,
  { connectionId, deploymentId, serviceUrl, until }: Omit<NoticeSource, 'noticeTypes'> & { until: Date },
  end: { state: 'registered' | 'waiting' | 'dead'; dueAt: Date | null; failure: string | null; now: Date },
): Promise<void> {
  await tx.exec(sql`
    update lti_notice_source set state = ${end.state}, due_at = ${end.dueAt}, failure = ${end.failure},
      changed_at = ${end.now}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and deployment_id = ${deploymentId}
      and service_url = ${serviceUrl} and due_at = ${until}`);
}

/** The types that the tenant's LMSs offer. */
export async function listOfferedTypes(tx: TenantTx): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct unnest(notice_types) as notice_type from lti_notice_source
      where tenant_id = ${tx.tenantId} order by notice_type`,
    z.object({ notice_type: z.string() }),
  );
  return rows.map(({ notice_type }) => notice_type);
}

/**
 * Lets the hub register again at LMSs that have one of some types, since somebody wants them now.
 *
 * @param which `dead`: only those that have refused for good
 */
export async function askSourcesAgain(
  tx: TenantTx,
  types: readonly string[],
  { which, now }: { which: 'all' | 'dead'; now: Date },
): Promise<void> {
  await tx.exec(sql`
    update lti_notice_source set state = 'waiting', tries = 0, due_at = ${now}, failure = null, changed_at = ${now}
    where tenant_id = ${tx.tenantId} and notice_types && ${types}::text[]
      and (${which} = 'all' or state = 'dead')`);
}
