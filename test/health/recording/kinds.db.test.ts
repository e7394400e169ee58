import { afterEach, expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { type ConnectionId, HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import { setTier } from '../../../src/connections/tier.ts';
import { copyAll } from '../../../src/health/jobs.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { rollUp } from '../../../src/health/rollups/roll-up.ts';
import { createTestDatabase } from '../../support/database.ts';

const { database, superuser } = await createTestDatabase();
const deps = { database, clock: { now: () => Date.now() } };
const tenantId = newId<TenantId>();
const connectionId = newId<ConnectionId>();
await superuser.query(
  "insert into tenant (tenant_id, slug, name, created_at) values ($1, 'north', 'North', now())",
  [tenantId],
);
await superuser.query("insert into connection values ($1, $2, 'roster', 'paper-sis', 'SIS', now())", [
  tenantId,
  connectionId,
]);
await superuser.query(
  `insert into roster_source (tenant_id, connection_id, connector, settings, status, version, created_at, changed_at)
   values ($1, $2, 'paper-sis', '{}', 'active', 1, now(), now())`,
  [tenantId, connectionId],
);
afterEach(() =>
  superuser.query(
    'truncate exchange, exchange_attempt, exchange_mark, exchange_5m, token_grant; delete from sync_run',
  ),
);

const exchanges = async () => (await superuser.query('select * from exchange order by exchange_id')).rows;

let runs = 0;
async function run(given: { outcome: string; failedTries?: number; plan?: unknown }): Promise<void> {
  await superuser.query(
    `insert into sync_run (tenant_id, run_id, connection_id, run_no, mode, state, connector, connector_version, requested_by,
       requested_at, ended_at, outcome, tries, failed_tries, plan)
     values ($1, $2, $3, $4, 'full', 'applied', 'paper-sis', '2.1', 'test', now() - interval '1 hour', now(), $5, 5, $6, $7)`,
    [tenantId, newId(), connectionId, ++runs, given.outcome, given.failedTries ?? 0, given.plan ?? null],
  );
}

test('a run counts with its records, the version of its connector, and the tries that failed', async () => {
  await run({ outcome: 'success', failedTries: 2, plan: { offered: 5_000_000_000, rejected: 12 } });
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([
    {
      kind: 'sync_run',
      connector_version: '2.1',
      attempts: 3,
      failed_attempts: 2,
      offered: '5000000000',
      rejected: '12',
    },
  ]);
});

test.each([
  ['success', 0, 1, 0],
  ['failed_partner', 9, 9, 9],
  ['failed_hub', 0, 1, 1],
  ['suppressed', 0, 1, 0],
])(
  'a run that is %s after %i failed tries has %i, of which %i failed',
  async (outcome, failedTries, attempts, failed) => {
    await run({ outcome, failedTries });
    await copyAll(deps);
    expect(await exchanges()).toMatchObject([{ outcome, attempts, failed_attempts: failed, offered: '0' }]);
  },
);

test('a token that was granted is counted once, as the hub’s own, and its note is gone', async () => {
  const toolId = newId();
  await superuser.query('insert into token_grant values ($1, $2, now())', [newId(), toolId]);
  await Promise.all([copyAll(deps), copyAll(deps)]);
  expect(await exchanges()).toMatchObject([
    { tenant_id: HUB_TENANT, kind: 'token_request', tool_id: toolId, outcome: 'success', attempts: 1 },
  ]);
  expect((await superuser.query('select from token_grant')).rowCount).toBe(0);
});

test('an exchange keeps the tier it ended in', async () => {
  await run({ outcome: 'success' });
  await copyAll(deps);
  const by = { actor: 'test', now: Date.now() };
  await database.withTenant(tenantId, (tx) => setTier(tx, connectionId, 'critical', by));
  await run({ outcome: 'success' });
  await copyAll(deps);
  expect((await exchanges()).map(({ tier }) => tier)).toEqual(['standard', 'critical']);
});

function event(minute: number): ExchangeEvent {
  const endedAt = new Date(Date.UTC(2026, 5, 1, 8, minute));
  return {
    tenantId,
    exchangeId: newId(endedAt.getTime()),
    kind: 'launch',
    connectionId: null,
    toolId: null,
    partner: null,
    tier: 'standard',
    connectorVersion: null,
    outcome: 'success',
    reason: null,
    attempts: 1,
    failedAttempts: 0,
    offered: 0,
    rejected: 0,
    startedAt: endedAt,
    endedAt,
  };
}

test('copies that count at once while more comes miss nothing in the end', async () => {
  const bring = async () => {
    for (let i = 0; i < 40; i++)
      await database.withRollup((tx) => insertExchanges(tx, [event(i % 30), event(i % 7)]));
  };
  let done = false;
  const count = async () => {
    while (!done) await rollUp(deps);
  };
  await Promise.all([Promise.all([bring(), bring()]).then(() => (done = true)), count(), count()]);
  await rollUp(deps);
  const { rows } = await superuser.query(
    `select (select count(*)::int from exchange) as raw, (select sum(success)::int from exchange_5m) as five,
       (select sum(success)::int from exchange_1h) as hours, (select sum(success)::int from exchange_1d) as days,
       (select count(*)::int from exchange_series) as series, (select count(*)::int from exchange_mark) as marks`,
  );
  expect(rows).toEqual([{ raw: 160, five: 160, hours: 160, days: 160, series: 1, marks: 0 }]);
});
