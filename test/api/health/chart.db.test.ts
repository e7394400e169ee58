import { expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { deriveHubChanges } from '../../../src/health/changes/derive.ts';
import { recordRelease } from '../../../src/health/changes/release.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { openIncident } from '../support/health-work-rows.ts';

const testDatabase = await createTestDatabase();
const { database: db } = testDatabase;
const world = createApiWorld(testDatabase);
const [north, river] = [await world.addSchool(), await world.addSchool()];
const everywhere = (await world.makeToken({ scopes: ['health:read'] })).token;
const now = world.clock.now();
const by = { actor: 'test', now };
const hourMs = 3_600_000;

const launch = (tenantId: TenantId, hoursAgo: number, isGood: boolean) => ({
  ...{ tenantId, exchangeId: newId(now - hoursAgo * hourMs), kind: 'launch' as const, partner: 'canvas' },
  ...{ connectionId: null, toolId: null, tier: 'standard' as const, connectorVersion: null, offered: 0 },
  ...{ outcome: isGood ? ('success' as const) : ('failed_partner' as const), reason: null, rejected: 0 },
  ...{ attempts: 1, failedAttempts: isGood ? 0 : 1, startedAt: new Date(now - hoursAgo * hourMs) },
  endedAt: new Date(now - hoursAgo * hourMs),
});
await db.withRollup((tx) =>
  insertExchanges(tx, [
    ...Array.from({ length: 3 }, () => launch(north.tenantId, 2, true)),
    launch(north.tenantId, 26, false),
    launch(river.tenantId, 2, false),
  ]),
);
await rollUp({ database: db, clock: world.clock });
// Berlin is an hour ahead of UTC: it is one in the night there.
await setCalendarZone(db, north.tenantId, 'Europe/Berlin', by);
for (const span of [
  { kind: 'term', name: 'Autumn', from: '2026-09-01', to: '2026-12-18' },
  { kind: 'exams', name: 'Mid-terms', from: '2026-11-19', to: '2026-11-20' },
  { kind: 'break', name: 'Long over', from: '2026-10-01', to: '2026-10-02' },
] as const) {
  await addSpan(db, north.tenantId, span, by);
}
const incidentId = await openIncident(db, north.tenantId, now - hourMs);
const ofRiver = await openIncident(db, river.tenantId, now - hourMs);
const ofHub = await openIncident(db, HUB_TENANT, now - hourMs);
await recordRelease(db, '9.9.9', { actor: 'test', now: now - 5 * hourMs });
await deriveHubChanges(db);
const ofNorth = { token: north.token, params: { slug: north.slug } };
const query = { from: '2026-11-19T12:00:00Z', to: '2026-11-21T00:00:00Z', step: '1d' };
const ids = (list: { incidentId: string }[]) => list.map((each) => each.incidentId);

test('one call gives numbers day by day, with the school’s exams, its periods, changes and incidents', async () => {
  const { call } = await world.open();
  await call('pauseRoster', { ...ofNorth, params: { ...ofNorth.params, connectionId: north.connectionId } });
  world.clock.time += 60_000;
  const { body } = await call('tenantHealthChart', {
    ...ofNorth,
    query: { ...query, to: '2026-11-21T00:05:00Z' },
  });
  world.clock.time = now;
  expect(body).toMatchObject({ step: '1d', zone: 'Europe/Berlin', from: '2026-11-18T23:00:00.000Z' });
  expect(body.points).toMatchObject([
    {
      to: '2026-11-19T23:00:00.000Z',
      isOver: true,
      numbers: { ended: 1, failureRate: { part: 1, whole: 1 } },
    },
    { from: '2026-11-19T23:00:00.000Z', to: '2026-11-20T23:00:00.000Z', numbers: { ended: 3 } },
    { to: '2026-11-21T00:05:00.000Z', isOver: false, numbers: { ended: 0, failureRate: { share: null } } },
  ]);
  expect(body.bands).toEqual([
    { kind: 'term', name: 'Autumn', from: '2026-08-31T22:00:00.000Z', to: '2026-12-18T23:00:00.000Z' },
    { kind: 'exams', name: 'Mid-terms', from: '2026-11-18T23:00:00.000Z', to: '2026-11-20T23:00:00.000Z' },
  ]);
  expect(body.periods).toMatchObject([
    { period: 'exams', to: '2026-11-20T23:00:00.000Z' },
    { period: 'term', to: '2026-11-21T00:05:00.000Z' },
  ]);
  expect(body.changes).toMatchObject([
    { type: 'hub_release', action: 'hub:9.9.9', tenantId: HUB_TENANT },
    { type: 'settings', action: 'roster.paused', connectionId: north.connectionId, tenantId: north.tenantId },
  ]);
  expect(body.incidents).toMatchObject([{ incidentId, partner: 'canvas', to: null }]);
  expect(body.isCut).toBe(false);
});

test('a filter leaves the numbers and marks of what it names, and what is of no single one', async () => {
  const { call } = await world.open();
  const other = await call('tenantHealthChart', { ...ofNorth, query: { ...query, partner: 'moodle' } });
  expect(other.body.points.map((each: { numbers: { ended: number } }) => each.numbers.ended)).toEqual([
    0, 0, 0,
  ]);
  expect(other.body.incidents).toEqual([]);
  expect(other.body.changes).toMatchObject([{ type: 'hub_release' }]);
  const own = await call('tenantHealthChart', { ...ofNorth, query: { ...query, partner: 'canvas' } });
  expect(ids(own.body.incidents)).toEqual([incidentId]);
});

test('the hub sees all schools without bands, or one with its own', async () => {
  const { call } = await world.open();
  const all = await call('hubHealthChart', { token: everywhere, query });
  expect(all.body).toMatchObject({ zone: 'UTC', bands: [], periods: [] });
  expect(all.body.points).toMatchObject([{ numbers: { ended: 1 } }, { numbers: { ended: 4 } }]);
  expect(ids(all.body.incidents).sort()).toEqual([incidentId, ofRiver, ofHub].sort());
  const one = await call('hubHealthChart', { token: everywhere, query: { ...query, tenant: river.slug } });
  expect(one.body).toMatchObject({ zone: 'UTC', bands: [], points: [{}, { numbers: { ended: 1 } }] });
  expect(ids(one.body.incidents)).toEqual([ofRiver]);
});

test('without a step it takes the finest that is easily read; too many points are refused', async () => {
  const { call } = await world.open();
  const { body } = await call('tenantHealthChart', { ...ofNorth, query: { window: '24h' } });
  expect(body.step).toBe('1h');
  expect(body.points).toHaveLength(24);
  const refused = await call('tenantHealthChart', { ...ofNorth, query: { window: '28d', step: '5m' } });
  expect(refused).toMatchObject({ status: 400, body: { code: 'step_too_short' } });
});
