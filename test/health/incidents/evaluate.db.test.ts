import { beforeEach, expect, test } from 'vitest';
import { type ConnectionId, HUB_TENANT, newId } from '../../../contracts/ids.ts';
import { addConnection, recordConnectionChange } from '../../../src/connections/connections.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { deriveAllChanges } from '../../../src/health/changes/derive.ts';
import { clearAlarm, raiseAlarm } from '../../../src/health/incidents/alarms.ts';
import { evaluateHealth } from '../../../src/health/incidents/evaluate.ts';
import { type Incident, listAlerts, listIncidents } from '../../../src/health/incidents/incident-store.ts';
import { acknowledgeIncident } from '../../../src/health/incidents/incidents.ts';
import { splitRecovery } from '../../../src/health/incidents/recovery.ts';
import { likeHours } from '../../../src/health/incidents/traffic-alerts.ts';
import type { TenantTx } from '../../../src/platform/db.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type Counted, countFive, countHour } from '../support/counts.ts';

const { database, superuser } = await createTestDatabase();
const minute = 60_000;
const begin = Date.UTC(2026, 10, 18, 9);
const clock = { time: begin, now: () => clock.time };
const deps = { db: database, clock, log: openLog({ level: 'silent' }) };
let count = 0;
const by = () => ({ actor: 'operator:test', now: clock.now() });

beforeEach(async () => {
  // Each test is a day of its own, long after the one before.
  clock.time = begin + ++count * 20 * 86_400_000;
  await superuser.query(
    `update incident set state = 'resolved', resolved_at = '2026-01-01' where state <> 'resolved'`,
  );
});

async function connect(partner: string) {
  const { tenantId } = await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by());
  const connectionId = newId<ConnectionId>(clock.now());
  const connection = { connectionId, kind: 'lms', partner, name: 'LMS' } as const;
  await database.withTenant(tenantId, (tx) => addConnection(tx, connection, clock.now()));
  const series = { tenantId, connectionId, partner, kind: 'launch' };
  return { tenantId, connectionId, series };
}
type Connected = Awaited<ReturnType<typeof connect>>;

/** Lets five minutes pass in which something ends, then evaluates. */
async function pass(schools: readonly Connected[], counted: Counted, steps = 1) {
  for (let step = 0; step < steps; step++) {
    for (const { series } of schools) await countFive(superuser, series, clock.time, counted);
    clock.time += 5 * minute;
    await evaluateHealth(deps);
  }
}

const all = { states: ['open', 'acknowledged', 'resolved'], since: new Date(0), limit: 50 } as const;
const ofSchool = ({ tenantId }: Connected) => database.withTenant(tenantId, (tx) => listIncidents(tx, all));
const ofHub = async (partner: string) =>
  (await database.withHub((tx) => listIncidents(tx, all))).filter((each) => each.partner === partner);

function times(incident: Incident) {
  const ms = (date: Date | null) => date?.getTime();
  return splitRecovery({
    ...{ firstFailedAt: +incident.firstFailedAt, openedAt: +incident.openedAt },
    ...{ acknowledgedAt: ms(incident.acknowledgedAt), recoveredAt: ms(incident.recoveredAt) },
    resolvedAt: ms(incident.resolvedAt),
  });
}

test('an incident opens, is taken, and ends by itself half an hour after the metric is back', async () => {
  const school = await connect('canvas-a');
  await pass([school], { success: 20 }, 6);
  const failedFrom = clock.time;
  await pass([school], { success: 2, failed_config: 18 }, 2);
  const [opened] = await ofSchool(school);
  expect(opened).toMatchObject({
    state: 'open',
    severity: 'page',
    cause: 'connection',
    firstFailedAt: new Date(failedFrom),
  });
  const alerts = await database.withTenant(school.tenantId, (tx) => listAlerts(tx, opened!.incidentId));
  expect(alerts).toMatchObject([
    { rule: 'burn_fast', kind: 'launch', facts: { longFailed: 36, longValid: 160 } },
  ]);
  await acknowledgeIncident(database, school.tenantId, opened!.incidentId, by());
  await pass([school], { success: 20 }, 24);
  const [ended, ...others] = await ofSchool(school);
  expect([ended?.state, others]).toEqual(['resolved', []]);
  const parts = times(ended!);
  expect(parts.detect).toBe(5 * minute);
  expect(parts.acknowledge).toBe(5 * minute);
  expect(parts.recover! - (ended!.recoveredAt!.getTime() - failedFrom)).toBe(30 * minute);
  // What is left of its failures in the long windows opens nothing anew.
  await pass([school], { success: 20 }, 12);
  expect(await ofSchool(school)).toHaveLength(1);
});

test('schools of one partner that fail together are one incident, of the hub, and of no school', async () => {
  const schools = [await connect('canvas-b'), await connect('canvas-b'), await connect('canvas-b')];
  await pass(schools, { success: 20 }, 3);
  await pass(schools, { success: 1, failed_partner: 19 }, 2);
  expect(await ofHub('canvas-b')).toMatchObject([
    { tenantId: HUB_TENANT, cause: 'partner', severity: 'page' },
  ]);
  for (const school of schools) expect(await ofSchool(school)).toEqual([]);
  const [incident] = await ofHub('canvas-b');
  const alerts = await database.withHub((tx) => listAlerts(tx, incident!.incidentId));
  expect(alerts.map(({ tenantId }) => tenantId).sort()).toEqual(
    [...schools.map(({ tenantId }) => tenantId), null].sort(),
  );
});

test('what fails right after a change of settings is suspected of it, with the change named', async () => {
  const school = await connect('canvas-c');
  await pass([school], { success: 20 }, 3);
  const values = { before: { url: 'a' }, after: { url: 'b' } };
  await database.withTenant(school.tenantId, (tx) =>
    recordConnectionChange(tx, 'lms.updated', school.connectionId, values, by()),
  );
  await deriveAllChanges(deps);
  await pass([school], { success: 2, failed_config: 18 }, 2);
  const { rows } = await superuser.query(
    'select change_id from integration_change where connection_id = $1',
    [school.connectionId],
  );
  expect(rows).toHaveLength(1);
  expect(await ofSchool(school)).toMatchObject([{ cause: 'our_change', changeId: rows[0].change_id }]);
});

test('five failures at night open nothing, and people’s errors neither', async () => {
  const school = await connect('canvas-d');
  await pass([school], { failed_partner: 1 }, 5);
  await pass([school], { user_error: 34 }, 2);
  expect([await ofSchool(school), await ofHub('canvas-d')]).toEqual([[], []]);
});

test('a certificate that ends is told in time, and worse when it is near; a follower ends it', async () => {
  const school = await connect('adfs');
  const certificate = (state: string, days: number) =>
    superuser.query(
      `insert into identity_certificate (tenant_id, connection_id, fingerprint, state, certificate, not_before, not_after,
         added_at, changed_at) values ($1, $2, $3, $4, $3, $5, $6, $5, $5)`,
      [
        ...[school.tenantId, school.connectionId, Buffer.from(`${state}${days}`), state],
        ...[new Date(clock.time), new Date(clock.time + days * 86_400_000)],
      ],
    );
  await superuser.query(
    `insert into identity_source (tenant_id, connection_id, protocol, preset, settings, status, version, created_at,
       changed_at) values ($1, $2, 'saml', 'generic', '{}', 'active', 1, now(), now())`,
    [school.tenantId, school.connectionId],
  );
  await certificate('active', 30);
  await evaluateHealth(deps);
  expect(await ofSchool(school)).toMatchObject([{ cause: 'certificate', severity: 'ticket', state: 'open' }]);
  clock.time += 28 * 86_400_000;
  await evaluateHealth(deps);
  expect(await ofSchool(school)).toMatchObject([{ severity: 'page' }]);
  await certificate('next', 300);
  await evaluateHealth(deps);
  clock.time += 31 * minute;
  await evaluateHealth(deps);
  expect(await ofSchool(school)).toMatchObject([{ state: 'resolved' }]);
});

test('an hour in which the timetable expects people and nobody comes is told, on school days only', async () => {
  const school = await connect('canvas-h');
  await setCalendarZone(database, school.tenantId, 'Europe/Berlin', by());
  const day = (ahead: number) => new Date(clock.time + ahead * 86_400_000).toISOString().slice(0, 10);
  const span = { kind: 'term', name: 'Term', from: day(-90), to: day(60) } as const;
  await addSpan(database, school.tenantId, span, by());
  // A Wednesday at ten by the school’s clocks, whatever the test’s day is.
  const weekday = new Date(clock.time).getUTCDay();
  const wednesday = clock.time - (clock.time % 86_400_000) + ((3 - weekday + 7) % 7) * 86_400_000;
  const hours = likeHours('Europe/Berlin', wednesday + 11.5 * 3_600_000);
  for (const at of hours.before) await countHour(superuser, school.series, at, { success: 30 });
  clock.time = wednesday + 11.5 * 3_600_000;
  await evaluateHealth(deps);
  const [incident, ...others] = await ofSchool(school);
  expect([incident?.cause, incident?.severity, others]).toEqual(['connection', 'page', []]);
  const alerts = await database.withTenant(school.tenantId, (tx) => listAlerts(tx, incident!.incidentId));
  expect(alerts).toMatchObject([{ rule: 'no_traffic', facts: { leastUsual: 30 } }]);
  await superuser.query('delete from incident_alert where tenant_id = $1', [school.tenantId]);
  await superuser.query('delete from incident where tenant_id = $1', [school.tenantId]);
  const holiday = { kind: 'break', name: 'Holiday', from: day(-20), to: day(60) } as const;
  await addSpan(database, school.tenantId, holiday, by());
  await evaluateHealth(deps);
  expect(await ofSchool(school)).toEqual([]);
});

test('a jump of people’s errors is a ticket; a class that mistypes is none', async () => {
  const [jumped, usual] = [await connect('canvas-i'), await connect('canvas-i')];
  const week = 7 * 86_400_000;
  for (const school of [jumped, usual]) {
    for (const back of [1, 2, 3, 4]) {
      await countHour(superuser, school.series, clock.time - 5 * 3_600_000 - back * week, {
        success: 400,
        user_error: 8,
      });
    }
  }
  await countHour(superuser, jumped.series, clock.time - 5 * 3_600_000, { success: 400, user_error: 110 });
  await countHour(superuser, usual.series, clock.time - 5 * 3_600_000, { success: 400, user_error: 42 });
  await evaluateHealth(deps);
  expect(await ofSchool(jumped)).toMatchObject([{ severity: 'ticket', cause: 'connection' }]);
  expect(await ofSchool(usual)).toEqual([]);
});

test('accounts that vanish from a directory are a page, of that school alone, until the directory has them again', async () => {
  const [school, other] = [await connect('ldap-a'), await connect('ldap-a')];
  const { connectionId } = school;
  const inSchool = (work: (tx: TenantTx) => Promise<void>) => database.withTenant(school.tenantId, work);
  const alarm = () =>
    ({ code: 'directory_accounts_vanished', amount: 42, now: new Date(clock.time) }) as const;
  await inSchool((tx) => raiseAlarm(tx, connectionId, alarm()));
  clock.time += 5 * minute;
  await evaluateHealth(deps);
  const [incident] = await ofSchool(school);
  expect(incident).toMatchObject({ severity: 'page', cause: 'connection', state: 'open', connectionId });
  expect(incident?.firstFailedAt.getTime()).toBe(clock.time - 5 * minute);
  const alerts = await database.withTenant(school.tenantId, (tx) => listAlerts(tx, incident!.incidentId));
  expect(alerts).toMatchObject([{ rule: 'accounts_vanished', facts: { accounts: 42, minutes: 5 } }]);
  expect(await ofSchool(other)).toEqual([]);
  await inSchool((tx) => clearAlarm(tx, connectionId, 'directory_accounts_vanished'));
  await evaluateHealth(deps);
  clock.time += 31 * minute;
  await evaluateHealth(deps);
  expect(await ofSchool(school)).toMatchObject([{ state: 'resolved' }]);
});

test('several copies that evaluate at once open one incident', async () => {
  const school = await connect('canvas-e');
  await pass([school], { success: 20 }, 3);
  await countFive(superuser, school.series, clock.time, { failed_hub: 40 });
  clock.time += 5 * minute;
  await Promise.all([evaluateHealth(deps), evaluateHealth(deps), evaluateHealth(deps)]);
  expect(await ofHub('canvas-e')).toMatchObject([{ cause: 'hub', state: 'open' }]);
  expect(await ofSchool(school)).toEqual([]);
});

test('a school sees and takes no incident of another', async () => {
  const [ours, theirs] = [await connect('canvas-f'), await connect('canvas-g')];
  await pass([theirs], { success: 20 }, 3);
  await pass([theirs], { success: 2, failed_config: 18 }, 2);
  const [incident] = await ofSchool(theirs);
  expect(incident?.state).toBe('open');
  expect(await ofSchool(ours)).toEqual([]);
  const taken = acknowledgeIncident(database, ours.tenantId, incident!.incidentId, by());
  await expect(taken).rejects.toMatchObject({ code: 'incident_unknown' });
});
