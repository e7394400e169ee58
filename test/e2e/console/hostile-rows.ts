import type pg from 'pg';
import { HUB_TENANT, type OperatorId, type TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../../src/audit/audit.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { requestOnboarding } from '../../../src/health/onboarding/onboardings.ts';
import { inviteLms } from '../../../src/lti/registration/invitations.ts';
import { invite, makeSetupLink } from '../../../src/operators/links/links.ts';
import type { OperatorServices } from '../../../src/operators/services.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import type { SsoServices } from '../../../src/sso/services.ts';
import { connectRoster, type SyncServices } from '../../../src/sync/sync.ts';
import { addOperator } from '../../api/support/console-visitor.ts';
import { addWaitingDeployments } from '../../api/support/deployment-rows.ts';
import { openIncident } from '../../api/support/health-work-rows.ts';
import { writeRun } from '../../api/support/run-rows.ts';
import { directoryInput, samlInput } from '../../api/support/sso-services.ts';
import type { TestDatabase } from '../../support/database.ts';
import { hostileColumns } from './hostile-columns.ts';

/** What somebody may put into a name who wants it to run; `where` is told by what is shown. */
export const markup = (where: string) => `${where}<img src="x" data-hostile onerror="globalThis.ran = 1">`;

interface HostileParts {
  testDatabase: TestDatabase;
  hub: { sync: SyncServices; sso: SsoServices; operators: OperatorServices };
  tenantId: TenantId;
  slug: string;
  now: number;
}

/**
 * Gives a school a row of everything that its pages show, and puts markup wherever words of others are stored: names of
 * connections, tools, people, files and terms, partners, what an LMS, a directory and a tool told of a failure, reasons of
 * changes. Where no border of the hub would let it in, it is written beside it.
 *
 * @returns the pages that show it, with words to be found there; and the columns that hold it now
 */
export async function addHostileRows(parts: HostileParts) {
  const { tenantId, slug } = parts;
  const { superuser } = parts.testDatabase;
  const ids = await addRows(parts);
  const written: string[] = [];
  for (const [table, column] of hostileColumns) {
    const [where, values] = ofTable(table) ?? ['tenant_id = any ($2)', [[tenantId, HUB_TENANT]]];
    const { rowCount } = await superuser.query(
      `update ${table} set ${column} = coalesce(left(${column}, 20), '') || $1::text where ${where}`,
      [markup(`${table} ${column}`), ...values],
    );
    if (rowCount !== 0) written.push(`${table} ${column}`);
  }
  /** Rows of no tenant that only this school has to do with: those of the others keep their names. */
  function ofTable(table: string): [where: string, values: unknown[]] | undefined {
    if (table === 'tool') return ['slug = $2', [`tool-of-${slug}`]];
    if (table === 'partner_host') return ['true or $2', [true]];
    return table.startsWith('hub_') ? ['registration_id = $2', [ids.registrationId]] : undefined;
  }
  const at = `/institutions/${slug}`;
  const pages: readonly (readonly [address: string, ...words: string[]])[] = [
    [at, 'connection name'],
    [`${at}/setup`, 'operator_link name'],
    [`${at}/calendar`, 'calendar_span name'],
    [`${at}/onboarding`, 'onboarding name', 'onboarding partner'],
    [`${at}/onboarding/${ids.onboardingId}`, 'onboarding name'],
    ['/onboarding', 'tenant name', 'onboarding partner'],
    ['/institutions', 'tenant name'],
    [`${at}/audit`, 'audit_value reason', 'audit subject', 'course title'],
    [`${at}/launches`, 'launch reason'],
    [`${at}/launches/${ids.reference}`],
    [`${at}/grades?state=refused`, 'grade_delivery reason'],
    [`${at}/grades/${ids.deliveryId}`, 'grade_attempt reason'],
    [
      `${at}/lms`,
      'lti_registration issuer',
      'lti_deployment_claim deployment_id',
      'lti_registration_attempt host',
    ],
    [`${at}/lms/${ids.lmsId}`, 'lti_registration client_id'],
    ['/lms', 'hub_registration issuer', 'hub_deployment_claim deployment_id'],
    [`/lms/${ids.registrationId}`, 'hub_registration client_id'],
    [`${at}/identities`, 'connection name'],
    [`${at}/identities/${ids.identityId}`, 'identity_source match_attribute'],
    [`${at}/sign-ins`, 'sign_in reason'],
    [`${at}/rosters`, 'connection name'],
    [`${at}/rosters/${ids.rosterId}`, 'connection name'],
    [
      `${at}/rosters/${ids.rosterId}/runs/${ids.runId}`,
      ...['sync_run advice', 'sync_hold school', 'plan column', 'plan sample'],
    ],
    [`${at}/incidents`, 'incident partner'],
    [`${at}/incidents/${ids.incidentId}`, 'incident partner'],
    [`${at}/access`, 'operator name', 'operator_link name'],
    [`${at}/tools`, 'tool name'],
    [`${at}/people`],
    [`${at}/health`],
    [`${at}/exchanges`],
    ['/health'],
    ['/incidents'],
    ['/tools', 'tool name'],
    ['/tokens', 'api_token name'],
    ['/audit', 'audit_event actor'],
    ['/settings', 'operator name'],
    ['/partners'],
  ];
  return { pages, written };
}

async function addRows({ testDatabase, hub, tenantId, now }: HostileParts) {
  const { database, superuser } = testDatabase;
  const by = { actor: 'somebody', reason: 'why', now };
  const write = (sql: string, ...values: unknown[]) => superuser.query(sql, [tenantId, ...values]);
  const one = async (sql: string) => Object.values((await write(sql)).rows[0])[0] as string;
  await setCalendarZone(database, tenantId, 'UTC', by);
  const term = { kind: 'term', name: 'term', from: '2026-09-01', to: '2026-12-18' } as const;
  await addSpan(database, tenantId, term, by);
  const wish = { name: 'LMS', partner: 'canvas', kind: 'lms' } as const;
  const { onboardingId } = await requestOnboarding(database, tenantId, wish, by);
  await database.withTenant(tenantId, (tx) =>
    recordAudit(tx, {
      action: 'course.seen',
      subject: markup('audit subject'),
      after: { title: markup('course title') },
      ...by,
    }),
  );
  const { connectionId: lmsId, hubWide } = await addWaitingDeployments(testDatabase, tenantId, now);
  const { invitation } = await database.withTenant(tenantId, (tx) => inviteLms(tx, { family: 'moodle' }, by));
  await write(
    `insert into lti_registration_attempt (tenant_id, attempt_id, invitation_id, reference, outcome, reason, host, ended_at)
     values ($1, gen_random_uuid(), $2, 'R', 'failed_partner', 'x', 'lms.example', now())`,
    invitation.invitationId,
  );
  const { connectionId: identityId } = await connectIdentity(hub.sso, tenantId, directoryInput(), by);
  await connectIdentity(hub.sso, tenantId, samlInput(), by);
  await write(
    `insert into sign_in (tenant_id, sign_in_id, reference, connection_id, protocol, outcome, reason, is_test, trace, at)
     values ($1, gen_random_uuid(), 'ZZZZ-0002', $2, 'ldap', 'failed_partner', 'x', false, '[]', now())`,
    identityId,
  );
  const source = { connector: 'oneroster-csv', name: 'SIS', settings: {} };
  const { connectionId: rosterId } = await connectRoster(hub.sync, tenantId, source, by);
  const plan = {
    counts: [
      { entity: 'users', school: 'school', present: 9, created: 0, changed: 0, removed: 4, restored: 0 },
    ],
    massChanges: [
      { kind: 'emptied', entity: 'users', column: markup('plan column'), count: 4, had: 9 },
      { kind: 'administrators', entity: 'roles', column: 'role', count: 4, had: 9 },
    ],
    samples: [{ entity: 'users', action: 'remove', sourcedIds: [markup('plan sample')] }],
    ...{ sealed: ['users'], offered: 9, rejected: 0 },
  };
  const runId = await writeRun(superuser, tenantId, rosterId, { findings: 2, plan, now });
  const incidentId = await openIncident(database, tenantId, now);
  await addOperator(hub.operators, ['institution_admin'], { owner: tenantId });
  const { operatorId } = await addOperator(hub.operators, ['integration_engineer']);
  const guest = { name: 'guest', email: 'guest@school.example', days: 3 };
  await makeSetupLink(hub.operators, tenantId, { ...guest, steps: ['lms'] }, by);
  await invite(hub.operators, tenantId, { ...guest, roles: ['institution_admin'] }, by);
  await addRaise(superuser, tenantId, operatorId);
  await write(
    `update grade_delivery set state = 'refused', outcome = 'failed_partner', ended_at = now(), attempts = 1, reason = 'x'
     where tenant_id = $1`,
  );
  await write(
    `insert into grade_attempt (tenant_id, delivery_id, attempt, outcome, reason, http_status, started_at, ended_at)
     select tenant_id, delivery_id, 1, 'failed_partner', 'x', 500, now(), now() from grade_delivery where tenant_id = $1`,
  );
  await superuser.query(
    `insert into api_token (tenant_id, token_id, token_hash, name, scopes, created_at, expires_at)
     values ($1, gen_random_uuid(), '\\x00', 'token', '{rosters:read}', now(), now() + interval '1 day')`,
    [HUB_TENANT],
  );
  return {
    ...{ onboardingId, lmsId, identityId, rosterId, runId, incidentId },
    reference: await one('select reference from launch where tenant_id = $1 limit 1'),
    deliveryId: await one('select delivery_id from grade_delivery where tenant_id = $1 limit 1'),
    registrationId: hubWide.wanted.registrationId,
  };
}

async function addRaise(superuser: pg.Client, tenantId: TenantId, operatorId: OperatorId): Promise<void> {
  await superuser.query(
    `insert into raised_rights (tenant_id, raise_id, operator_id, scopes, reason, started_at, ends_at)
     values ($1, gen_random_uuid(), $2, '{people:read}', 'A pupil cannot sign in', now(), now() + interval '1 hour')`,
    [tenantId, operatorId],
  );
}
