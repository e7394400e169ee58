import type pg from 'pg';
import type { TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../../src/audit/audit.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { requestOnboarding } from '../../../src/health/onboarding/onboardings.ts';
import type { Database } from '../../../src/platform/db.ts';

/** What somebody may put into a name who wants it to run; `where` is told by what is shown. */
export const markup = (where: string) => `${where}<img src="x" data-hostile onerror="globalThis.ran = 1">`;

interface HostileParts {
  database: Database;
  superuser: pg.Client;
  tenantId: TenantId;
  slug: string;
  now: number;
}

/**
 * Puts markup wherever a school has words of others: names of connections, tools, people and terms, partners, what an
 * LMS and a tool told of a failure, reasons of changes. Where no border of the hub would let it in, it is written beside it.
 *
 * @returns the pages that show it, with the words to be found there
 */
export async function addHostileRows({ database, superuser, tenantId, slug, now }: HostileParts) {
  const by = { actor: markup('actor'), reason: markup('audit reason'), now };
  const write = (sql: string, ...values: unknown[]) => superuser.query(sql, [tenantId, ...values]);
  await setCalendarZone(database, tenantId, 'UTC', by);
  const term = { kind: 'term', name: markup('term'), from: '2026-09-01', to: '2026-12-18' } as const;
  await addSpan(database, tenantId, term, by);
  const wish = { name: markup('integration'), partner: markup('partner'), kind: 'lms' } as const;
  const { onboardingId } = await requestOnboarding(database, tenantId, wish, by);
  await database.withTenant(tenantId, (tx) =>
    recordAudit(tx, {
      action: markup('action'),
      subject: markup('subject'),
      after: { title: markup('course title') },
      ...by,
    }),
  );
  await write(
    'update connection set name = $2, partner = $3 where tenant_id = $1',
    markup('connection'),
    markup('partner'),
  );
  await write(
    'update launch set reason = $2, deployment_id = $3 where tenant_id = $1',
    markup('launch reason'),
    markup('deployment'),
  );
  await write(
    `update grade_delivery set state = 'refused', outcome = 'failed_partner', ended_at = now(), attempts = 1, reason = $2
     where tenant_id = $1`,
    markup('answer of the LMS'),
  );
  await write(
    `insert into grade_attempt (tenant_id, delivery_id, attempt, outcome, reason, http_status, started_at, ended_at)
     select tenant_id, delivery_id, 1, 'failed_partner', $2, 500, now(), now() from grade_delivery where tenant_id = $1`,
    markup('answer of the LMS'),
  );
  await write('update person set name = $2 where tenant_id = $1', markup('person'));
  const at = `/institutions/${slug}`;
  return [
    [at, 'connection'],
    [`${at}/calendar`, 'term'],
    [`${at}/onboarding`, 'integration'],
    [`${at}/onboarding/${onboardingId}`, 'integration'],
    [`${at}/audit`, 'audit reason'],
    [`${at}/launches`, 'launch reason'],
    [`${at}/grades?state=refused`, 'answer of the LMS'],
  ] as const;
}
