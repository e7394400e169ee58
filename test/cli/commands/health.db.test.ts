import { expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { newId, type TenantId } from '../../../contracts/ids.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { getTenantBySlug } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { clock, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { database: db, superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);
const slug = await makeTenant();
const { tenantId } = await getTenantBySlug(db.directory, slug);
const connectionId = newId(clock.now());
await superuser.query("insert into connection values ($1, $2, 'lms', 'canvas', 'Canvas', now())", [
  tenantId,
  connectionId,
]);
const at = ['--tenant', slug];

function launch(of: TenantId, given: Partial<ExchangeEvent> = {}): ExchangeEvent {
  const endedAt = new Date(clock.now() - 3 * 3_600_000);
  return {
    tenantId: of,
    exchangeId: newId(endedAt.getTime()),
    kind: 'launch',
    connectionId,
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
    startedAt: new Date(endedAt.getTime() - 1_500),
    endedAt,
    ...given,
  };
}

const failed = launch(tenantId, {
  outcome: 'failed_config',
  reason: 'certificate_expired',
  failedAttempts: 1,
});
await db.withRollup((tx) =>
  insertExchanges(tx, [failed, ...Array.from({ length: 3 }, () => launch(tenantId))]),
);
await rollUp({ database: db, clock });

test('few exchanges are shown as counts with an interval, and not as a percentage', async () => {
  const { out } = await hub(['health', 'rates', ...at]);
  expect(out).toContain('1 of 4 (4.6 % to 69.9 %)');
  const { groups } = await done('health', 'rates', ...at, '--by', 'partner,kind');
  expect(groups).toMatchObject([
    { slice: { partner: 'canvas', kind: 'launch' }, numbers: { failureRate: { part: 1, whole: 4 } } },
  ]);
});

test('a wrong name to group by is named', async () => {
  const { exitCode, err } = await hub(['health', 'rates', '--by', 'school']);
  expect([exitCode, err]).toEqual([2, expect.stringContaining('connectorVersion')]);
});

test('the rows behind a number are listed, and written to a file', async () => {
  const { exchanges } = await done('health', 'rows', 'failed', ...at);
  expect(exchanges).toMatchObject([{ exchangeId: failed.exchangeId, reason: 'certificate_expired' }]);
  const files: Record<string, string> = {};
  await hub(['health', 'rows', 'ended', ...at, '--csv', 'all.csv'], files);
  expect(files['all.csv']?.trim().split('\r\n')).toHaveLength(5);
});

test('connections stand side by side, and their tier can be set, once for the trail', async () => {
  const { connections } = await done('health', 'connections', ...at);
  expect(connections).toMatchObject([{ connectionId, health: { numbers: { ended: 4 } }, freshness: null }]);
  for (let i = 0; i < 2; i++) await done('health', 'tier', connectionId, ...at, '--tier', 'critical');
  const { rows } = await superuser.query(
    "select v.before, v.after from audit_event join audit_value v using (tenant_id, sequence) where action = 'connection.tier_changed'",
  );
  expect(rows).toEqual([{ before: { tier: 'standard' }, after: { tier: 'critical' } }]);
  const { exitCode } = await hub(['health', 'tier', newId(), ...at, '--tier', 'trial']);
  expect(exitCode).toBe(1);
});

test('what was never counted is counted by a backfill, as far back as exchanges are kept', async () => {
  await superuser.query('truncate exchange_5m, exchange_1h, exchange_1d, exchange_mark');
  expect((await done('health', 'rates', ...at)).groups).toEqual([]);
  await done('health', 'backfill', '--from', '2025-08-31T00:00:00Z', '--to', '2025-09-01T00:00:00Z');
  expect((await done('health', 'rates', ...at)).groups).toMatchObject([{ numbers: { ended: 4 } }]);
  const old = ['--from', '2025-01-01T00:00:00Z', '--to', '2025-09-01T00:00:00Z'];
  expect((await hub(['health', 'backfill', ...old])).exitCode).toBe(2);
});

test('nothing waits where nobody has sent a score', async () => {
  expect(await done('health', 'delivery', ...at)).toMatchObject({ pending: 0, oldestMs: null });
});
