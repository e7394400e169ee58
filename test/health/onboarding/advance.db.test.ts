import { expect, test } from 'vitest';
import { type ConnectionId, newId, type OnboardingId, type TenantId } from '../../../contracts/ids.ts';
import type { OnboardingKind } from '../../../contracts/onboarding.ts';
import { addConnection } from '../../../src/connections/connections.ts';
import { advanceAll, advanceOnboarding } from '../../../src/health/onboarding/advance.ts';
import {
  changeOnboarding,
  getOnboarding,
  requestOnboarding,
} from '../../../src/health/onboarding/onboardings.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { countHour } from '../support/counts.ts';

const { database, superuser } = await createTestDatabase();
const hour = 3_600_000;
const begin = Date.UTC(2026, 8, 1);
const clock = { time: begin, now: () => clock.time };
const by = () => ({ actor: 'operator:test', now: clock.now() });
const deps = { db: database, clock, log: openLog({ level: 'silent' }) };
let count = 0;

async function openSchool(kind: OnboardingKind, partner: string) {
  const { tenantId } = await createTenant(database, { slug: `way-${++count}`, name: 'School' }, by());
  clock.time += hour;
  const { onboardingId } = await requestOnboarding(database, tenantId, { name: 'New', partner, kind }, by());
  return { tenantId, onboardingId };
}
const connect = async (tenantId: TenantId, kind: OnboardingKind, partner: string) => {
  const connectionId = newId<ConnectionId>(clock.now());
  const connection = { connectionId, kind, partner, name: 'New' };
  await database.withTenant(tenantId, (tx) => addConnection(tx, connection, clock.now()));
  return connectionId;
};
const signIn = (tenantId: TenantId, connectionId: ConnectionId, isTest: boolean) =>
  superuser.query(
    `insert into sign_in (tenant_id, sign_in_id, reference, connection_id, protocol, outcome, is_test, trace, at)
     values ($1, $2, 'r', $3, 'saml', $4, $5, '{}', $6)`,
    [
      tenantId,
      newId(clock.now()),
      connectionId,
      isTest ? 'suppressed' : 'success',
      isTest,
      new Date(clock.now()),
    ],
  );
const historyOf = async (of: { tenantId: TenantId; onboardingId: OnboardingId }) => {
  const { onboarding, entries } = await getOnboarding(database, of.tenantId, of.onboardingId, clock.now());
  return {
    onboarding,
    history: entries.map(({ stage, evidence, at }) => [stage, evidence, (at.getTime() - begin) / hour]),
  };
};

test('set-up moves an onboarding on, each stage from when it was shown, until people use it', async () => {
  clock.time = begin;
  const school = await openSchool('identity', 'adfs');
  const other = await openSchool('identity', 'adfs');
  clock.time = begin + 5 * hour;
  await superuser.query(
    `insert into setup_agreement (tenant_id, agreement_id, actor, tools, agreed_at, counts_from)
      values ($1, $2, 'admin', '[]', $3, $3)`,
    [school.tenantId, newId(), new Date(clock.now())],
  );
  clock.time = begin + 10 * hour;
  const connectionId = await connect(school.tenantId, 'identity', 'adfs');
  await advanceAll(deps);
  clock.time = begin + 20 * hour;
  await signIn(school.tenantId, connectionId, true);
  const series = { tenantId: school.tenantId, connectionId, partner: 'adfs', kind: 'sign_in' };
  await countHour(superuser, series, begin + 30 * hour, { success: 19 });
  clock.time = begin + 31 * hour;
  await advanceAll(deps);
  const tried = await historyOf(school);
  // Nobody has named the connection: it can only be that one.
  expect(tried.onboarding).toMatchObject({ stage: 'sandbox_tested', waitingOn: 'partner', connectionId });
  await countHour(superuser, series, begin + 40 * hour, { success: 1 });
  await advanceAll(deps);
  expect((await historyOf(school)).history).toEqual([
    ['requested', null, 1],
    ['agreement_signed', 'sharing_agreed', 5],
    ['credentials', 'connection_made', 10],
    ['sandbox_tested', 'tried_well', 20],
    ['live', 'in_use', 41],
  ]);
  expect((await historyOf(other)).history).toEqual([['requested', null, 2]]);
  const { rows } = await superuser.query(
    `select actor from audit_event where tenant_id = $1 and action = 'onboarding.advanced'`,
    [school.tenantId],
  );
  expect(rows).toEqual(Array(3).fill({ actor: 'job:advance_onboardings' }));
});

test('what it was returned for does not bring it forward again', async () => {
  const school = await openSchool('identity', 'entra');
  const connectionId = await connect(school.tenantId, 'identity', 'entra');
  await signIn(school.tenantId, connectionId, true);
  clock.time += hour;
  const advance = () => advanceOnboarding(database, school.tenantId, school.onboardingId, by());
  expect((await advance()).map(({ stage }) => stage)).toEqual(['sandbox_tested']);
  clock.time += hour;
  const event = { type: 'return', to: 'credentials' } as const;
  await changeOnboarding(database, school.tenantId, school.onboardingId, { event }, by());
  expect(await advance()).toEqual([]);
  clock.time += hour;
  await signIn(school.tenantId, connectionId, true);
  expect((await advance()).map(({ stage }) => stage)).toEqual(['sandbox_tested']);
});

test('of two connections that it could be, it takes none; another school’s does not count', async () => {
  const [school, other] = [await openSchool('roster', 'clever'), await openSchool('roster', 'clever')];
  await connect(other.tenantId, 'roster', 'clever');
  const advance = () => advanceOnboarding(database, school.tenantId, school.onboardingId, by());
  expect(await advance()).toEqual([]);
  await connect(school.tenantId, 'roster', 'clever');
  await connect(school.tenantId, 'roster', 'clever');
  expect(await advance()).toEqual([]);
  expect((await historyOf(school)).onboarding.connectionId).toBeNull();
});
