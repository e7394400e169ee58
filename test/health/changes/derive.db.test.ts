import { expect, test } from 'vitest';
import { type ConnectionId, HUB_TENANT, newId } from '../../../contracts/ids.ts';
import { addConnection, recordConnectionChange } from '../../../src/connections/connections.ts';
import { listAllChanges, listChanges } from '../../../src/health/changes/change-store.ts';
import { deriveAllChanges, deriveChanges } from '../../../src/health/changes/derive.ts';
import { recordRelease } from '../../../src/health/changes/release.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const now = Date.UTC(2026, 10, 18);
const clock = { now: () => now };
const deps = { db: database, clock, log: openLog({ level: 'silent' }) };
let count = 0;

async function connect(partner = 'oneroster-rest') {
  const by = { actor: 'operator:test', now };
  const { tenantId } = await createTenant(database, { slug: `school-${++count}`, name: 'School' }, by);
  const connectionId = newId<ConnectionId>(now);
  const connection = { connectionId, kind: 'roster', partner, name: 'SIS' } as const;
  await database.withTenant(tenantId, (tx) => addConnection(tx, connection, now));
  const change = (action: string, values: { before?: unknown; after?: unknown }, at = now) =>
    database.withTenant(tenantId, (tx) =>
      recordConnectionChange(tx, action, connectionId, values, { actor: 'operator:test', now: at }),
    );
  const changes = () => database.withTenant(tenantId, (tx) => listChanges(tx, new Date(0)));
  return { tenantId, connectionId, change, changes };
}

test('every change that is audited becomes one row, however many read at once; what changes nothing becomes none', async () => {
  const school = await connect();
  await school.change('roster.connected', { after: {} });
  await school.change('roster.updated', { before: { a: 1 }, after: { a: 2 } });
  await school.change(
    'roster.updated',
    { before: { a: 2 }, after: { a: 2, entered: ['password'] } },
    now + 1,
  );
  await Promise.all([
    deriveAllChanges(deps),
    deriveAllChanges(deps),
    deriveChanges(database, school.tenantId, now),
  ]);
  await deriveAllChanges(deps);
  expect((await school.changes()).map(({ type, action }) => [type, action])).toEqual([
    ['settings', 'roster.updated'],
    ['credentials', 'roster.updated'],
  ]);
  await school.change('roster.paused', {}, now + 2);
  await deriveAllChanges(deps);
  expect(await school.changes()).toHaveLength(3);
});

test('a change back to the values of before takes the one in between back', async () => {
  const school = await connect();
  await school.change('roster.updated', { before: { a: 1 }, after: { a: 2 } });
  await deriveChanges(database, school.tenantId, now);
  await school.change('roster.updated', { before: { a: 2 }, after: { a: 3 } }, now + 1);
  await school.change('roster.updated', { before: { a: 3 }, after: { a: 2 } }, now + 2);
  await deriveChanges(database, school.tenantId, now);
  const [first, second, third] = await school.changes();
  expect([first?.reverts, second?.reverts, third?.reverts]).toEqual([null, null, second?.changeId]);
});

test('the first run with another version of its connector is a change', async () => {
  const school = await connect();
  await superuser.query(
    `insert into roster_source (tenant_id, connection_id, connector, settings, status, version, created_at, changed_at)
     values ($1, $2, 'oneroster-rest', '{}', 'active', 1, now(), now())`,
    [school.tenantId, school.connectionId],
  );
  const run = (runNo: number, version: string) =>
    superuser.query(
      `insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, state, connector, connector_version,
         requested_by, progress, requested_at, ended_at, outcome)
       values ($1, gen_random_uuid(), $2, $3, 'full', 'applied', 'oneroster-rest', $4, 'test', '{}', $5, $5, 'success')`,
      [school.tenantId, school.connectionId, runNo, version, new Date(now - 3_600_000 + runNo * 60_000)],
    );
  await run(1, '2.0.4');
  await run(2, '2.0.4');
  await run(3, '2.1.0');
  await deriveAllChanges(deps);
  await deriveAllChanges(deps);
  expect(await school.changes()).toMatchObject([
    {
      type: 'connector_version',
      action: 'connector:oneroster-rest:2.1.0',
      connectionId: school.connectionId,
    },
  ]);
});

test('a release of the hub is recorded once for all copies, and derived as the hub’s own', async () => {
  const by = { actor: 'start', now };
  const told = await Promise.all([1, 2, 3].map(() => recordRelease(database, '1.4.0', by)));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(await recordRelease(database, '1.4.0', by)).toBe(false);
  expect(await recordRelease(database, '1.4.1', by)).toBe(true);
  await deriveAllChanges(deps);
  const all = await database.withRollup((tx) => listAllChanges(tx, new Date(0)));
  const releases = all.filter(({ type }) => type === 'hub_release');
  expect(releases.map(({ action, tenantId }) => [action, tenantId]).sort()).toEqual([
    ['hub:1.4.0', HUB_TENANT],
    ['hub:1.4.1', HUB_TENANT],
  ]);
});

test('a school reads no change of another', async () => {
  const [ours, theirs] = [await connect(), await connect()];
  await theirs.change('roster.updated', { before: { a: 1 }, after: { a: 2 } });
  await deriveAllChanges(deps);
  expect(await ours.changes()).toEqual([]);
  expect(await theirs.changes()).toHaveLength(1);
});
