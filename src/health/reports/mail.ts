import { HUB_TENANT, type TargetId, type TenantId } from '../../../contracts/ids.ts';
import type { ReportLanguage } from '../../../contracts/reports.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { findTenant } from '../../tenants/tenants.ts';
import { addressSchema } from '../notifications/address.ts';
import { planRetry } from '../notifications/retry.ts';
import type { SendDeps } from '../notifications/send.ts';
import { inScope, placeOf } from '../notifications/targets.ts';
import { formatsOf } from './format.ts';
import {
  claimMail,
  insertMail,
  listDueMails,
  listUnplanned,
  type ReportMail,
  type Settled,
  settleMail,
  updateLanguage,
} from './mail-store.ts';
import { lastMonth } from './month.ts';
import { type Report, readReport } from './read-report.ts';
import { renderReport, summarize } from './report-page.ts';
import { type ReportWords, wordsOf } from './texts.ts';

/** A copy that dies leaves its mails to the others after so long. */
const claimMs = 10 * 60_000;

/**
 * Says whether a target of mail gets the report of each month, and in which language.
 *
 * @param language null: it gets none
 * @throws DomainError not_found `target_unknown`
 */
export async function setReportLanguage(
  db: Pick<Database, 'withTenant' | 'withHub'>,
  tenantId: TenantId,
  { targetId, language }: { targetId: TargetId; language: ReportLanguage | null },
  by: ChangeBy,
): Promise<void> {
  await inScope(db, tenantId, async (tx) => {
    if (!(await updateLanguage(tx, targetId, language, new Date(by.now)))) {
      const message = 'There is no such target of mail. List the targets to see their ids.';
      throw new DomainError('not_found', 'target_unknown', message);
    }
    const subject = `notification_target:${targetId}`;
    const announce = `tenant:${tenantId}` as const;
    const after = { reportLanguage: language };
    await recordChange(tx, { announce, action: 'notification_target.report_set', subject, after }, by);
  });
}

/**
 * Mails the report of the last month to every target that gets one: once a month to each, tried again for a day where the mail
 * server does not take it. Of a hub without mail nothing is put on its way.
 */
export async function mailReports(deps: SendDeps, signal?: AbortSignal): Promise<void> {
  if (deps.sendMail === undefined) return;
  const { db, clock, log } = deps;
  const month = lastMonth(clock.now(), 'UTC');
  for (const mail of await db.withRollup((tx) => listUnplanned(tx, month))) {
    await inScope(db, mail.tenantId, (tx) => insertMail(tx, mail, new Date(clock.now())));
  }
  for (const mail of await db.withRollup((tx) => listDueMails(tx, new Date(clock.now())))) {
    if (signal?.aborted === true) return;
    await mailOne(deps, mail).catch((error: unknown) => {
      log.warn('report_mail_failed', { tenantId: mail.tenantId, error });
    });
  }
}

async function mailOne(deps: SendDeps, mail: ReportMail): Promise<void> {
  const { db, clock, secrets, sendMail } = deps;
  const now = clock.now();
  const { tenantId, targetId, month } = mail;
  const prepared = await inScope(db, tenantId, async (tx) => {
    const claimed = await claimMail(tx, mail, { now: new Date(now), until: new Date(now + claimMs) });
    if (claimed === undefined) return undefined;
    const opened = await secrets.open(tx, placeOf(targetId), claimed.sealedAddress);
    return { ...claimed, address: addressSchema.parse(JSON.parse(opened.toString())) };
  });
  if (prepared === undefined || sendMail === undefined) return;
  const { tries, language, address } = prepared;
  const settle = (settled: Settled) => inScope(db, tenantId, (tx) => settleMail(tx, mail, settled));
  if (language === null || address.channel !== 'email') {
    return settle({ state: 'dead', at: new Date(now), failure: 'report_unwanted' });
  }
  const ofHub = tenantId === HUB_TENANT;
  const report = await readReport({ db, ...(!ofHub && { tenantId }) }, month, now);
  const institution = ofHub ? undefined : (await findTenant(db.directory, tenantId))?.name;
  const letter = composeLetter(report, { institution, words: wordsOf(language) });
  const isSent = await sendMail({ to: address.to, ...letter }).then(
    () => true,
    () => false,
  );
  const at = new Date(clock.now());
  if (isSent) return settle({ state: 'sent', at });
  const plan = planRetry(tries, false);
  const failure = 'mail_refused';
  if (plan.kind === 'dead') return settle({ state: 'dead', at, failure });
  return settle({ state: 'waiting', nextTryAt: new Date(at.getTime() + plan.afterMs), failure });
}

/** The report as a mail: its first table in plain words, and all of it as HTML. */
export function composeLetter(
  report: Report,
  { institution, words }: { institution: string | undefined; words: ReportWords },
): { subject: string; text: string; html: string } {
  const { texts, language } = words;
  const lines = summarize(report, texts, formatsOf(language, report.zone)).map(
    ([name, now, before]) => `${name}: ${now} (${texts.monthBefore}: ${before})`,
  );
  return {
    subject: `${texts.mailSubject} ${report.month}: ${institution ?? texts.everyone}`,
    text: `${texts.mailText}\n\n${lines.join('\n')}\n`,
    html: renderReport(report, { institution, words }).text,
  };
}
