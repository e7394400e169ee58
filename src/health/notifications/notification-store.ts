import { z } from 'zod';
import {
  type IncidentId,
  type NotificationId,
  newId,
  type TargetId,
  type TenantId,
} from '../../../contracts/ids.ts';
import {
  notificationChannels as channels,
  type IncidentSeverity,
  severities,
} from '../../../contracts/incidents.ts';
import { type ReportLanguage, reportLanguages } from '../../../contracts/reports.ts';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

type OwnerTx = TenantTx | HubTx;

export const newsEvents = ['opened', 'acknowledged', 'resolved'] as const;

/** Where people are told. */
export interface Target {
  targetId: TargetId;
  channel: (typeof channels)[number];
  name: string;
  leastSeverity: IncidentSeverity;
  status: 'active' | 'paused';
  /** Of mail: in which it gets the report of each month; null: it gets none. */
  reportLanguage: ReportLanguage | null;
}

const targetFields = z.object({
  target_id: z.uuid(),
  channel: z.enum(channels),
  name: z.string(),
  least_severity: z.enum(severities),
  status: z.enum(['active', 'paused']),
  report_language: z.enum(reportLanguages).nullable(),
});
const targetRow = targetFields.transform(
  ({ target_id, least_severity, report_language, ...rest }): Target => ({
    targetId: target_id as TargetId,
    leastSeverity: least_severity,
    reportLanguage: report_language,
    ...rest,
  }),
);

export function listTargets(tx: OwnerTx): Promise<Target[]> {
  return tx.many(
    sql`select target_id, channel, name, least_severity, status, report_language from notification_target
      where tenant_id = ${tx.tenantId} order by created_at, target_id`,
    targetRow,
  );
}

export async function insertTarget(tx: OwnerTx, target: Target, sealed: Buffer, now: Date): Promise<void> {
  const { targetId, channel, name, leastSeverity, status } = target;
  await tx.exec(sql`
    insert into notification_target (tenant_id, target_id, channel, name, sealed_address, least_severity, status,
      created_at, changed_at)
    values (${tx.tenantId}, ${targetId}, ${channel}, ${name}, ${sealed}, ${leastSeverity}, ${status}, ${now}, ${now})`);
}

/** Takes a target out, with the news that was on its way to it. @returns what it was */
export function deleteTarget(tx: OwnerTx, targetId: TargetId): Promise<Target | undefined> {
  return tx.maybeOne(
    sql`delete from notification_target where tenant_id = ${tx.tenantId} and target_id = ${targetId}
      returning target_id, channel, name, least_severity, status, report_language`,
    targetRow,
  );
}

/** What targets have to be told of an incident. */
export interface News {
  /** Whose incident it is. */
  tenantId: TenantId;
  incidentId: IncidentId;
  event: (typeof newsEvents)[number];
  severity: IncidentSeverity;
}

/**
 * Puts news on its way to each target of the scope that wants such, once however often it is called. Who was not told of the
 * beginning is not told of the rest.
 */
export async function addNews(
  tx: OwnerTx,
  { tenantId, incidentId, event, severity }: News,
  now: Date,
): Promise<void> {
  const targets = (await listTargets(tx)).filter(
    ({ status, leastSeverity }) => status === 'active' && (severity === 'page' || leastSeverity === 'ticket'),
  );
  if (targets.length === 0) return;
  const rows = targets.map(({ targetId }) => ({
    notification_id: newId<NotificationId>(now.getTime()),
    target_id: targetId,
  }));
  await tx.exec(sql`
    insert into notification (tenant_id, notification_id, target_id, incident_tenant_id, incident_id, event, state,
      next_try_at, created_at)
    select ${tx.tenantId}, notification_id, target_id, ${tenantId}, ${incidentId}, ${event}, 'waiting', ${now}, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(notification_id uuid, target_id uuid)
    where ${event} = 'opened' or exists (select from notification n where n.tenant_id = ${tx.tenantId}
      and n.target_id = r.target_id and n.incident_id = ${incidentId} and n.event = 'opened')
    on conflict do nothing`);
}

const dueRow = z.object({ tenant_id: z.string(), notification_id: z.uuid() }).transform((row) => ({
  tenantId: row.tenant_id as TenantId,
  notificationId: row.notification_id as NotificationId,
}));

/** News of every scope that is due, the longest waiting first. */
export function listDue(tx: RollupTx, now: Date, most: number) {
  return tx.many(
    sql`select tenant_id, notification_id from notification
      where state = 'waiting' and next_try_at <= ${now} order by next_try_at limit ${most}`,
    dueRow,
  );
}

const claimedRow = z
  .object({
    ...{ target_id: z.uuid(), channel: z.enum(channels), sealed_address: z.instanceof(Buffer) },
    ...{ incident_tenant_id: z.string(), incident_id: z.uuid(), event: z.enum(newsEvents) },
    ...{ tries: z.number(), created_at: z.date() },
  })
  .transform((row) => ({
    ...{ channel: row.channel, sealedAddress: row.sealed_address, event: row.event, tries: row.tries },
    targetId: row.target_id as TargetId,
    incidentTenantId: row.incident_tenant_id as TenantId,
    incidentId: row.incident_id as IncidentId,
    createdAt: row.created_at,
  }));
export type ClaimedNews = z.output<typeof claimedRow>;

/** Takes news for one try; others leave it alone until `until`. Undefined where somebody else was faster. */
export function claimNews(
  tx: OwnerTx,
  notificationId: NotificationId,
  { now, until }: { now: Date; until: Date },
): Promise<ClaimedNews | undefined> {
  return tx.maybeOne(
    sql`update notification n set tries = tries + 1, next_try_at = ${until}
      from notification_target t
      where n.tenant_id = ${tx.tenantId} and n.notification_id = ${notificationId} and n.state = 'waiting'
        and n.next_try_at <= ${now} and t.tenant_id = n.tenant_id and t.target_id = n.target_id
      returning n.target_id, t.channel, t.sealed_address, n.incident_tenant_id, n.incident_id, n.event, n.tries,
        n.created_at`,
    claimedRow,
  );
}

/** What came of a try. */
export type NewsEnd =
  | { state: 'sent'; at: Date }
  | { state: 'dead'; at: Date; failure: string }
  | { state: 'waiting'; nextTryAt: Date; failure: string };

export async function settleNews(tx: OwnerTx, notificationId: NotificationId, end: NewsEnd): Promise<void> {
  const failure = end.state === 'sent' ? null : end.failure;
  const endedAt = end.state === 'waiting' ? null : end.at;
  const next = end.state === 'waiting' ? sql`${end.nextTryAt}` : sql`next_try_at`;
  await tx.exec(sql`
    update notification set state = ${end.state}, failure = ${failure}, ended_at = ${endedAt}, next_try_at = ${next}
    where tenant_id = ${tx.tenantId} and notification_id = ${notificationId} and state = 'waiting'`);
}

const deadRow = z
  .object({
    ...{ notification_id: z.uuid(), target_id: z.uuid(), incident_id: z.uuid(), event: z.enum(newsEvents) },
    ...{ state: z.enum(['waiting', 'sent', 'dead']), tries: z.number(), failure: z.string().nullable() },
    created_at: z.date(),
  })
  .transform(({ notification_id, target_id, incident_id, created_at, ...rest }) => ({
    notificationId: notification_id as NotificationId,
    targetId: target_id as TargetId,
    incidentId: incident_id as IncidentId,
    createdAt: created_at,
    ...rest,
  }));

/** The latest news of a scope and what came of it. */
export function listNews(tx: OwnerTx, limit: number) {
  return tx.many(
    sql`select notification_id, target_id, incident_id, event, state, tries, failure, created_at from notification
      where tenant_id = ${tx.tenantId} order by created_at desc, notification_id limit ${limit}`,
    deadRow,
  );
}

/** Sends dead news again. @returns whether it was dead */
export async function reviveNews(tx: OwnerTx, notificationId: NotificationId, now: Date): Promise<boolean> {
  const revived = await tx.exec(sql`
    update notification set state = 'waiting', tries = 0, ended_at = null, next_try_at = ${now}
    where tenant_id = ${tx.tenantId} and notification_id = ${notificationId} and state = 'dead'`);
  return revived > 0;
}
