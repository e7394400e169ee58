import { expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { newId, type TenantId } from '../../../contracts/ids.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { database: db } = testDatabase;
const world = createApiWorld(testDatabase);
const [north, river] = [await world.addSchool(), await world.addSchool()];
const everywhere = (await world.makeToken({ scopes: ['health:read'] })).token;
const now = world.clock.now();

function exchange(tenantId: TenantId, minutesAgo: number, given: Partial<ExchangeEvent> = {}): ExchangeEvent {
  const endedAt = new Date(now - minutesAgo * 60_000);
  return {
    tenantId,
    exchangeId: newId(endedAt.getTime()),
    kind: 'launch',
    connectionId: null,
    toolId: null,
    partner: 'canvas',
    tier: 'standard',
    connectorVersion: null,
    outcome: 'success',
    reason: null,
    attempts: 1,
    failedAttempts: 0,
    offered: 0,
    rejected: 0,
    startedAt: new Date(endedAt.getTime() - 1_000),
    endedAt,
    ...given,
  };
}

const failed = { outcome: 'failed_partner', reason: '=HYPERLINK("x")', failedAttempts: 1 } as const;
const run = { kind: 'sync_run', partner: 'paper-sis', offered: 100, rejected: 7 } as const;
const events = [
  ...Array.from({ length: 30 }, () => exchange(north.tenantId, 90)),
  exchange(north.tenantId, 100, failed),
  exchange(north.tenantId, 30 * 60, failed),
  exchange(north.tenantId, 40, { ...run, connectionId: north.connectionId }),
  exchange(river.tenantId, 90, { partner: 'moodle', outcome: 'user_error' }),
];
await db.withRollup((tx) => insertExchanges(tx, events));
await rollUp({ database: db, clock: world.clock });
const ofNorth = { token: north.token, params: { slug: north.slug } };

test('a tenant sees every number of its own, group by group, the largest first', async () => {
  const { call } = await world.open();
  const { body } = await call('tenantHealth', { ...ofNorth, query: { groupBy: 'kind,partner' } });
  expect(body.groups.map((each: { slice: unknown }) => each.slice)).toEqual([
    { partner: 'canvas', kind: 'launch' },
    { partner: 'paper-sis', kind: 'sync_run' },
  ]);
  expect(body.groups[0].numbers.failureRate).toMatchObject({ part: 1, whole: 31, isSmall: false });
  expect(body.groups[0].durations).toMatchObject({ count: 30, p50: expect.closeTo(1_000, -1) });
  expect(body.groups[1].numbers.recordRejection).toMatchObject({ part: 7, whole: 100 });
});

test('a number opens its rows, page by page', async () => {
  const { call } = await world.open();
  const query = { number: 'failed', window: '28d', limit: '1' };
  const first = await call('tenantExchanges', { ...ofNorth, query });
  expect(first.body.exchanges).toMatchObject([{ exchangeId: events[30]?.exchangeId }]);
  const second = await call('tenantExchanges', { ...ofNorth, query: { ...query, before: first.body.next } });
  expect(second.body.exchanges).toMatchObject([
    { exchangeId: events[31]?.exchangeId, reason: failed.reason },
  ]);
  const last = await call('tenantExchanges', { ...ofNorth, query: { ...query, before: second.body.next } });
  expect(last.body).toMatchObject({ exchanges: [], next: null });
});

test('a token for all tenants sees the hub, and one tenant of it', async () => {
  const { call } = await world.open();
  const whole = await call('hubHealth', { token: everywhere, query: { groupBy: 'tenant' } });
  expect(whole.body.groups).toMatchObject([
    { slice: { tenantId: north.tenantId }, numbers: { ended: 32 } },
    { slice: { tenantId: river.tenantId }, numbers: { ended: 1 } },
  ]);
  const one = await call('hubHealth', { token: everywhere, query: { tenant: river.slug } });
  expect(one.body.groups).toMatchObject([{ slice: {}, numbers: { userErrorRate: { part: 1, whole: 1 } } }]);
});

test('files hold the same, and nothing in them is a formula', async () => {
  const { call } = await world.open();
  const numbers = await call('downloadTenantHealth', { ...ofNorth, query: { groupBy: 'partner' } });
  const [header = '', first = ''] = numbers.text.split('\r\n');
  const cells = Object.fromEntries(header.split(',').map((name, i) => [name, first.split(',')[i]]));
  expect(cells).toMatchObject({
    partner: 'canvas',
    ended: '31',
    failureRatePart: '1',
    failureRateWhole: '31',
  });
  const rows = await call('downloadTenantExchanges', {
    ...ofNorth,
    query: { number: 'failed', window: '28d' },
  });
  expect(rows.text.split('\r\n')).toHaveLength(4);
  expect(rows.text).toContain(`"'=HYPERLINK(""x"")"`);
});

test('rows and files of the hub are those of every school, or of the one that is named', async () => {
  const { call } = await world.open();
  const query = { number: 'failed', window: '28d' };
  const all = await call('hubExchanges', { token: everywhere, query: { ...query, number: 'userErrors' } });
  expect(all.body.exchanges).toMatchObject([{ tenantId: river.tenantId, outcome: 'user_error' }]);
  const named = await call('hubExchanges', { token: everywhere, query: { ...query, tenant: river.slug } });
  expect(named.body.exchanges).toEqual([]);
  const rows = await call('downloadHubExchanges', { token: everywhere, query });
  expect(rows.text.trim().split('\r\n')).toHaveLength(3);
  const numbers = await call('downloadHubHealth', { token: everywhere, query: { groupBy: 'tenant' } });
  expect(numbers.text).toContain(north.tenantId);
  expect(numbers.text).toContain(river.tenantId);
});

test.each([
  { from: '2026-11-20T00:00:00Z' },
  { from: '2026-11-20T00:00:00Z', to: '2026-11-19T00:00:00Z' },
  { window: '1h', from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' },
  { from: '2000-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' },
])('a range that is none is refused: %o', async (query) => {
  const { call } = await world.open();
  const refused = await call('tenantHealth', { ...ofNorth, query: query as Record<string, string> });
  expect(refused).toMatchObject({ status: 400, body: { code: 'range_invalid' } });
});

test('a roster’s age is that of its last good run, and without a schedule nothing is late', async () => {
  const { call } = await world.open();
  const { body } = await call('tenantFreshness', ofNorth);
  expect(body.rosters).toMatchObject([
    { connectionId: north.connectionId, ageMs: 40 * 60_000, cadenceMs: null, isBreached: false },
  ]);
});

test('scores that wait past their time stand in the rate before they end', async () => {
  const { call } = await world.open();
  const id = newId();
  for (const minutes of [5, 20]) {
    await testDatabase.superuser.query(
      `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
         state, accepted_at) values ($1, $2, $3, $3, $3, $3, now(), 'pending', $4)`,
      [north.tenantId, newId(), id, new Date(now - minutes * 60_000)],
    );
  }
  const { body } = await call('tenantGradeDelivery', ofNorth);
  expect(body).toMatchObject({
    onTime: { part: 0, whole: 1 },
    pending: 2,
    late: 1,
    oldestMs: 20 * 60_000,
    waiting: [{ connectionId: id, pending: 2, late: 1 }],
  });
  const ofHub = await call('hubGradeDelivery', { token: everywhere, query: { tenant: river.slug } });
  expect(ofHub.body).toMatchObject({ onTime: { whole: 0 }, pending: 0, waiting: [] });
  expect((await call('hubGradeDelivery', { token: everywhere })).body).toMatchObject({ pending: 2, late: 1 });
  const past = { from: '2026-11-19T00:00:00Z', to: '2026-11-20T00:00:00Z' };
  const before = await call('tenantGradeDelivery', { ...ofNorth, query: past });
  expect(before.body.onTime.whole).toBe(0);
});

test('the first page holds the hour, the day and the month side by side', async () => {
  const { call } = await world.open();
  const { body } = await call('hubOverview', { token: everywhere });
  expect(body.total['1h'].ended).toBe(1);
  expect(body.total['24h'].ended).toBe(33);
  expect(body.total['28d'].ended).toBe(34);
  expect(body.lines[0]).toMatchObject({
    slice: { partner: 'canvas', kind: 'launch' },
    windows: { '1h': { ended: 0 }, '24h': { ended: 31 }, '28d': { ended: 32, failureRate: { part: 2 } } },
    durations: { count: 30 },
  });
  const own = (await call('tenantOverview', ofNorth)).body;
  expect([own.total['24h'].ended, own.total['28d'].ended]).toEqual([32, 33]);
});
