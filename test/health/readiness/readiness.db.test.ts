import { expect, test } from 'vitest';
import { type ConnectionId, HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { addConnection } from '../../../src/connections/connections.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { evaluateHealth } from '../../../src/health/incidents/evaluate.ts';
import { listIncidents } from '../../../src/health/incidents/incident-store.ts';
import {
  noteEvidence,
  readHubReadiness,
  readInstitution,
  readPartner,
  setSecretTerm,
} from '../../../src/health/readiness/readiness.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { countFive } from '../support/counts.ts';

const { database, superuser } = await createTestDatabase();
const day = 86_400_000;
const now = Date.UTC(2026, 7, 1, 12);
const by = { actor: 'operator:test', now };
let count = 0;

async function addSchool() {
  const { tenantId } = await createTenant(database, { slug: `ready-${++count}`, name: 'School' }, by);
  return tenantId;
}

async function connect(tenantId: TenantId, kind: 'identity' | 'roster', partner: string) {
  const connectionId = newId<ConnectionId>(now + ++count);
  await database.withTenant(tenantId, (tx) =>
    addConnection(tx, { connectionId, kind, partner, name: 'It' }, now),
  );
  const more = kind === 'identity' ? ['protocol, preset', `'oidc', 'generic'`] : ['connector', `'csv'`];
  await superuser.query(
    `insert into ${kind}_source (tenant_id, connection_id, ${more[0]}, settings, secret_names, status, version,
       created_at, changed_at) values ($1, $2, ${more[1]}, '{}', $3, 'active', 1, now(), now())`,
    [tenantId, connectionId, kind === 'identity' ? ['client_secret'] : []],
  );
  return connectionId;
}

async function addPlan(
  tenantId: TenantId,
  connectionId: string,
  given: { at: number; state: string; removed: number; present?: number },
) {
  const { at, state, removed, present = 1_000 } = given;
  const plan = {
    counts: [{ entity: 'user', present, created: 0, changed: 0, removed, restored: 0 }],
    ...{ samples: [], sealed: [], offered: present, rejected: 0 },
  };
  const ended = state === 'applied';
  await superuser.query(
    `insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, state, connector, connector_version,
       requested_by, plan, requested_at, planned_at, ended_at, outcome)
     values ($1, $2, $3, $4, 'full', $5, 'csv', '1', 'x', $6, $7, $7, $8, $9)`,
    [
      ...[tenantId, newId(at), connectionId, ++count, state, JSON.stringify(plan), new Date(at)],
      ...[ended ? new Date(at) : null, ended ? 'success' : null],
    ],
  );
}

const statesOf = async (tenantId: TenantId, connectionId: string) => {
  const { connections } = await readInstitution(database, tenantId, now);
  const found = connections.find((each) => each.connectionId === connectionId);
  return Object.fromEntries(found?.checks.map(({ check, state }) => [check, state]) ?? []);
};

test('evidence is gathered for each connection against the next term, and what was noted counts', async () => {
  const tenantId = await addSchool();
  await setCalendarZone(database, tenantId, 'Europe/Berlin', by);
  const term = { kind: 'term', name: 'Autumn', from: '2026-09-01', to: '2026-12-18' } as const;
  await addSpan(database, tenantId, term, by);
  const connectionId = await connect(tenantId, 'identity', 'entra');
  expect(await statesOf(tenantId, connectionId)).toEqual({
    ...{ credentials: 'missing', probe: 'missing', incidents: 'ready' },
  });
  const ends = (at: string) => ({ connectionId, name: 'client_secret', notAfter: new Date(at) });
  await setSecretTerm(database, tenantId, ends('2026-12-01'), by);
  expect(await statesOf(tenantId, connectionId)).toMatchObject({ credentials: 'failed' });
  await setSecretTerm(database, tenantId, ends('2027-06-01'), by);
  await superuser.query(
    `insert into probe_run (tenant_id, probe_id, connection_id, kind, outcome, started_at, ended_at)
     values ($1, $2, $3, 'login', 'success', $4, $4)`,
    [tenantId, newId(now), connectionId, new Date(now - day)],
  );
  const before = await readInstitution(database, tenantId, now);
  expect(before.term).toMatchObject({ name: 'Autumn', startsAt: new Date('2026-08-31T22:00:00Z') });
  expect([before.isReady, before.connections[0]?.isReady]).toEqual([false, true]);
  expect(before.checks).toMatchObject([{ check: 'contacts', state: 'missing', waitingOn: 'us' }]);
  await noteEvidence(database, tenantId, { subject: 'contacts' }, by);
  expect((await readInstitution(database, tenantId, now)).isReady).toBe(true);
});

test('a roster’s plan is weighed against last year’s rollover', async () => {
  const tenantId = await addSchool();
  const connectionId = await connect(tenantId, 'roster', 'sis-a');
  await addPlan(tenantId, connectionId, { at: now - 365 * day, state: 'applied', removed: 100 });
  await addPlan(tenantId, connectionId, { at: now - 370 * day, state: 'applied', removed: 10 });
  await addPlan(tenantId, connectionId, { at: now - 3 * day, state: 'planned', removed: 140, present: 900 });
  expect(await statesOf(tenantId, connectionId)).toMatchObject({ dry_run: 'failed', completeness: 'ready' });
  await addPlan(tenantId, connectionId, { at: now - day, state: 'held', removed: 50 });
  expect(await statesOf(tenantId, connectionId)).toMatchObject({ dry_run: 'failed', holds: 'failed' });
});

test('a partner is looked at over its schools, and a school never sees another’s', async () => {
  const [ours, theirs] = [await addSchool(), await addSchool()];
  const own = await connect(ours, 'identity', 'okta-x');
  const other = await connect(theirs, 'identity', 'okta-x');
  const found = await readPartner(database, 'okta-x', now);
  expect(found.map(({ connectionId }) => connectionId).toSorted()).toEqual([own, other].toSorted());
  const { connections } = await readInstitution(database, ours, now);
  expect(connections.map(({ connectionId }) => connectionId)).toEqual([own]);
  const term = { connectionId: other, name: 'client_secret', notAfter: new Date(now) };
  await expect(setSecretTerm(database, ours, term, by)).rejects.toMatchObject({ code: 'connection_unknown' });
});

test('the load that was tried is weighed against the busiest five minutes there were', async () => {
  const tenantId = await addSchool();
  const series = { tenantId, connectionId: newId(now), partner: 'lms-a', kind: 'launch' };
  await countFive(superuser, series, now - 3 * day, { success: 900, user_error: 100 });
  expect(await readHubReadiness(database, now)).toMatchObject({
    forecast: 1_000,
    checks: [{ check: 'load', state: 'missing' }],
  });
  await noteEvidence(database, HUB_TENANT, { subject: 'load_test', amount: 1_500 }, by);
  expect((await readHubReadiness(database, now)).isReady).toBe(true);
  const wrong = noteEvidence(database, tenantId, { subject: 'load_test', amount: 1 }, by);
  await expect(wrong).rejects.toMatchObject({ code: 'evidence_invalid' });
});

test('a secret that ends, and a key that was not followed, open an incident in time', async () => {
  const tenantId = await addSchool();
  const connectionId = await connect(tenantId, 'identity', 'entra-b');
  const notAfter = new Date(now + 20 * day);
  await setSecretTerm(database, tenantId, { connectionId, name: 'client_secret', notAfter }, by);
  const at = (time: number) => ({ now: () => time });
  const log = openLog({ level: 'silent' });
  await evaluateHealth({ db: database, clock: at(now), log });
  const all = { states: ['open'], since: new Date(0), limit: 9 } as const;
  const own = () => database.withTenant(tenantId, (tx) => listIncidents(tx, all));
  expect(await own()).toMatchObject([{ cause: 'certificate', severity: 'ticket', connectionId }]);
  const ofHub = () => database.withHub((tx) => listIncidents(tx, all));
  expect(await ofHub()).toEqual([]);
  await superuser.query(
    `insert into signing_key (tenant_id, kid, state, public_jwk, sealed_private_key, created_at, changed_at)
     values ($1, 'old', 'signing', '{}', '', $2, $2)`,
    [HUB_TENANT, new Date(now - 94 * day)],
  );
  await evaluateHealth({ db: database, clock: at(now + 300_000), log });
  expect(await ofHub()).toMatchObject([{ cause: 'certificate', severity: 'ticket', connectionId: null }]);
  await evaluateHealth({ db: database, clock: at(now + 4 * day), log });
  expect(await ofHub()).toMatchObject([{ severity: 'page' }]);
});
