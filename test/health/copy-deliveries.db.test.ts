import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { copyAll } from '../../src/health/jobs.ts';
import { copyEndedDeliveries } from '../../src/health/recording/copy-store.ts';
import { createTestDatabase } from '../support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const northside = newId<TenantId>();
const riverbend = newId<TenantId>();
const connectionId = newId();
const toolId = newId();
for (const [tenantId, slug] of [
  [northside, 'northside'],
  [riverbend, 'riverbend'],
]) {
  await superuser.query('insert into tenant (tenant_id, slug, name, created_at) values ($1, $2, $2, now())', [
    tenantId,
    slug,
  ]);
  await superuser.query("insert into connection values ($1, $2, 'lms', 'canvas', 'Canvas', now())", [
    tenantId,
    connectionId,
  ]);
}

const deps = { database, clock: { now: () => Date.now() } };
afterEach(() => superuser.query('truncate grade_delivery, grade_attempt, exchange, exchange_attempt'));

interface Arranged {
  tenantId?: TenantId;
  state?: string;
  outcome?: string | null;
  reason?: string | null;
}

async function delivery(options: Arranged = {}): Promise<string> {
  const { tenantId = northside, state = 'delivered', outcome = 'success', reason = null } = options;
  const deliveryId = newId();
  await superuser.query(
    `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id,
       score_timestamp, score, state, outcome, reason, attempts, accepted_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, now(), '{"comment":"Well done"}', $7, $8::text, $9, 0, '2026-03-01',
       case when $8::text is null then null else '2026-03-02'::timestamptz end)`,
    [tenantId, deliveryId, connectionId, toolId, newId(), newId(), state, outcome, reason],
  );
  return deliveryId;
}

async function attempt(
  deliveryId: string,
  number: number,
  outcome: string,
  status: number | null,
): Promise<void> {
  await superuser.query(
    `insert into grade_attempt (tenant_id, delivery_id, attempt, outcome, http_status, started_at, ended_at)
     values ($1, $2, $3, $4, $5, '2026-03-01 10:00Z', '2026-03-01 10:00Z'::timestamptz + make_interval(mins => $3))`,
    [northside, deliveryId, number, outcome, status],
  );
  await superuser.query('update grade_delivery set attempts = $2 where delivery_id = $1', [
    deliveryId,
    number,
  ]);
}

const exchanges = async () => (await superuser.query('select * from exchange order by ended_at')).rows;
const attempts = async () =>
  (
    await superuser.query(
      'select attempt, outcome, http_status_class from exchange_attempt order by attempt, ended_at',
    )
  ).rows;

test('an ended delivery becomes one exchange with its tries, names its partner and holds nothing of the score', async () => {
  const deliveryId = await delivery();
  await attempt(deliveryId, 1, 'failed_partner', 503);
  await attempt(deliveryId, 2, 'failed_partner', null);
  await attempt(deliveryId, 3, 'success', 200);
  await copyAll(deps);
  const copied = await exchanges();
  expect(copied).toMatchObject([
    {
      tenant_id: northside,
      exchange_id: deliveryId,
      kind: 'grade_delivery',
      connection_id: connectionId,
      tool_id: toolId,
      partner: 'canvas',
      outcome: 'success',
      attempts: 3,
      started_at: new Date('2026-03-01T00:00:00Z'),
      ended_at: new Date('2026-03-02T00:00:00Z'),
    },
  ]);
  expect(JSON.stringify(copied)).not.toContain('Well done');
  expect(await attempts()).toEqual([
    { attempt: 1, outcome: 'failed_partner', http_status_class: 5 },
    { attempt: 2, outcome: 'failed_partner', http_status_class: null },
    { attempt: 3, outcome: 'success', http_status_class: 2 },
  ]);
});

test('a delivery that waits is not copied, and one that nobody tried has no attempts', async () => {
  await delivery({ state: 'pending', outcome: null });
  await delivery({ state: 'superseded', reason: 'newer_score' });
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([{ outcome: 'success', reason: 'newer_score', attempts: 0 }]);
});

test('copying again changes nothing', async () => {
  const deliveryId = await delivery();
  await attempt(deliveryId, 1, 'success', 200);
  await copyAll(deps);
  await superuser.query('update grade_delivery set copied = false');
  await copyAll(deps);
  expect(await exchanges()).toHaveLength(1);
  expect(await attempts()).toHaveLength(1);
  expect((await superuser.query('select copied from grade_delivery')).rows).toEqual([{ copied: true }]);
});

test('a delivery that was sent again ends twice: an exchange for each end, and each try once', async () => {
  const deliveryId = await delivery({ state: 'refused', outcome: 'user_error', reason: 'person_unknown' });
  await attempt(deliveryId, 1, 'user_error', 404);
  await copyAll(deps);
  await attempt(deliveryId, 2, 'success', 200);
  await superuser.query(
    "update grade_delivery set state = 'delivered', outcome = 'success', reason = null, ended_at = '2026-03-03', copied = false",
  );
  await copyAll(deps);
  expect(await exchanges()).toMatchObject([
    { exchange_id: deliveryId, outcome: 'user_error', attempts: 1 },
    { exchange_id: deliveryId, outcome: 'success', attempts: 1 },
  ]);
  expect((await attempts()).map((row) => row.attempt)).toEqual([1, 2]);
});

test('killed in the middle, nothing is half done, and the next run does all of it once', async () => {
  for (let i = 0; i < 20; i++) await delivery({ tenantId: i % 2 ? northside : riverbend });
  const killed = database.withRollup(async (tx) => {
    expect(await copyEndedDeliveries(tx, 10)).toBe(10);
    await superuser.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
    );
    return copyEndedDeliveries(tx, 10);
  });
  await expect(killed).rejects.toThrow();
  expect(await exchanges()).toHaveLength(0);
  await copyAll(deps);
  expect(new Set((await exchanges()).map((row) => row.exchange_id)).size).toBe(20);
});

test('copies that run together share the work', async () => {
  for (let i = 0; i < 30; i++) await delivery();
  await Promise.all([copyAll(deps), copyAll(deps)]);
  expect(await exchanges()).toHaveLength(30);
});

test('the role that copies reads neither score nor person', async () => {
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_rollup' });
  await client.connect();
  for (const column of ['score', 'person_id', 'line_item_id']) {
    await expect(client.query(`select ${column} from grade_delivery`), column).rejects.toMatchObject({
      code: '42501',
    });
  }
  await client.end();
});

test('a tenant sees its own deliveries’ exchanges and no other', async () => {
  const own = await delivery({ tenantId: northside });
  await delivery({ tenantId: riverbend });
  await copyAll(deps);
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_app' });
  await client.connect();
  await client.query('begin');
  await client.query("select set_config('app.tenant', $1, true)", [northside]);
  const { rows } = await client.query('select exchange_id from exchange');
  await client.end();
  expect(rows).toEqual([{ exchange_id: own }]);
});
