import { z } from 'zod';
import type { TargetId, TenantId } from '../../../contracts/ids.ts';
import { type ReportLanguage, reportLanguages } from '../../../contracts/reports.ts';
import type { HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

type OwnerTx = TenantTx | HubTx;

const dueRow = z
  .object({ tenant_id: z.uuid(), target_id: z.uuid(), month: z.string() })
  .transform(({ tenant_id, target_id, month }) => ({
    ...{ tenantId: tenant_id as TenantId, targetId: target_id as TargetId, month },
  }));

/** The report of a month to a target. */
export type ReportMail = z.output<typeof dueRow>;

/** Targets of every scope that get reports and of which there is no row for a month yet. @param month as `2026-11` */
export function listUnplanned(tx: RollupTx, month: string): Promise<ReportMail[]> {
  const first = `${month}-01`;
  return tx.many(
    sql`select t.tenant_id, t.target_id, ${month}::text as month from notification_target t
      where t.channel = 'email' and t.status = 'active' and t.report_language is not null
        and not exists (select from report_mail r where r.tenant_id = t.tenant_id and r.target_id = t.target_id
          and r.month = ${first}::date)`,
    dueRow,
  );
}

/** Puts the report of a month on its way, once however often it is called. */
export async function insertMail(tx: OwnerTx, { targetId, month }: ReportMail, now: Date): Promise<void> {
  await tx.exec(sql`insert into report_mail (tenant_id, target_id, month, state, next_try_at)
    values (${tx.tenantId}, ${targetId}, ${`${month}-01`}::date, 'waiting', ${now}) on conflict do nothing`);
}

/** Reports of every scope that are due. */
export function listDueMails(tx: RollupTx, now: Date): Promise<ReportMail[]> {
  return tx.many(
    sql`select tenant_id, target_id, to_char(month, 'YYYY-MM') as month from report_mail
      where state = 'waiting' and next_try_at <= ${now} order by next_try_at limit 500`,
    dueRow,
  );
}

const claimedRow = z
  .object({
    tries: z.number(),
    sealed_address: z.instanceof(Buffer),
    report_language: z.enum(reportLanguages).nullable(),
  })
  .transform(({ tries, sealed_address, report_language }) => ({
    ...{ tries, sealedAddress: sealed_address, language: report_language },
  }));

/** Takes a report that is due for a while, so that no other copy sends it; undefined where another one has. */
export function claimMail(
  tx: OwnerTx,
  { targetId, month }: ReportMail,
  { now, until }: { now: Date; until: Date },
): Promise<z.output<typeof claimedRow> | undefined> {
  return tx.maybeOne(
    sql`update report_mail r set tries = r.tries + 1, next_try_at = ${until}
      from notification_target t
      where r.tenant_id = ${tx.tenantId} and r.target_id = ${targetId} and r.month = ${`${month}-01`}::date
        and r.state = 'waiting' and r.next_try_at <= ${now}
        and t.tenant_id = r.tenant_id and t.target_id = r.target_id
      returning r.tries, t.sealed_address, t.report_language`,
    claimedRow,
  );
}

export type Settled =
  | { state: 'sent'; at: Date }
  | { state: 'dead'; at: Date; failure: string }
  | { state: 'waiting'; nextTryAt: Date; failure: string };

export async function settleMail(
  tx: OwnerTx,
  { targetId, month }: ReportMail,
  settled: Settled,
): Promise<void> {
  const failure = settled.state === 'sent' ? null : settled.failure;
  const endedAt = settled.state === 'waiting' ? null : settled.at;
  const nextTryAt = settled.state === 'waiting' ? settled.nextTryAt : null;
  await tx.exec(sql`update report_mail set state = ${settled.state}, failure = ${failure}, ended_at = ${endedAt},
      next_try_at = coalesce(${nextTryAt}::timestamptz, next_try_at)
    where tenant_id = ${tx.tenantId} and target_id = ${targetId} and month = ${`${month}-01`}::date and state = 'waiting'`);
}

/** Says in which language a target gets reports; null: it gets none. @returns whether there is such a target of mail */
export async function updateLanguage(
  tx: OwnerTx,
  targetId: TargetId,
  language: ReportLanguage | null,
  now: Date,
): Promise<boolean> {
  const changed =
    await tx.exec(sql`update notification_target set report_language = ${language}, changed_at = ${now}
    where tenant_id = ${tx.tenantId} and target_id = ${targetId} and channel = 'email'`);
  return changed > 0;
}
