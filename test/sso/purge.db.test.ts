import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { healthWorkers } from '../../src/health/jobs.ts';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person } from './ldap/world.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

const database = await createTestDatabase();
const world = await startSignInWorld(database);
const { superuser } = database;

async function purge(): Promise<void> {
  const workers = healthWorkers({ database: database.database, clock: world.clock });
  const worker = workers.find(({ queue }) => queue.name === 'purge_launch_secrets');
  await worker?.run({}, { jobId: 'x', signal: new AbortController().signal });
}

async function count(table: string): Promise<number> {
  const { rows } = await superuser.query(`select count(*)::int as count from ${table}`);
  return rows[0].count;
}

test('what has run out is purged, and what has not stays', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  const { connectionId } = await world.connect(tenant, [server]);
  const at = [tenant.tenantId, connectionId];
  const tables: [table: string, insert: (when: string) => Promise<unknown>][] = [
    [
      'sign_in_request',
      (when) =>
        superuser.query(
          `insert into sign_in_request (tenant_id, handle_hash, connection_id, connection_version, browser_hash, expectations,
             return_to, expires_at) values ($1, $3, $2, 1, $3, '{}', '/', now() + $4::interval)`,
          [...at, randomBytes(32), when],
        ),
    ],
    [
      'used_once',
      (when) =>
        superuser.query(
          `insert into used_once (tenant_id, connection_id, kind, id_hash, expires_at)
           values ($1, $2, 'assertion', $3, now() + $4::interval)`,
          [...at, randomBytes(32), when],
        ),
    ],
    [
      'sign_in_attempt',
      (when) =>
        superuser.query(
          `insert into sign_in_attempt (tenant_id, key, attempts, window_ends_at) values ($1, $2, 1, now() + $3::interval)`,
          [tenant.tenantId, when, when],
        ),
    ],
    // What grades leave behind goes the same way.
    [
      'lms_access_token',
      (when) =>
        superuser.query(
          `insert into lms_access_token (tenant_id, connection_id, deployment_id, scopes, sealed_token, expires_at)
           values ($1, $2, $3, '', '', now() + $3::text::interval)`,
          [...at, when],
        ),
    ],
  ];
  for (const [table, insert] of tables) {
    await insert('-1 second');
    await insert('1 minute');
    expect([table, await count(table)]).toEqual([table, 2]);
  }
  await purge();
  for (const [table] of tables) expect([table, await count(table)]).toEqual([table, 1]);
});

test('sessions whose time is over end as such, and are shown for a month; tries stay for thirteen', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada')) });
  const address = signInAt(tenant, await world.connect(tenant, [server]));
  for (let index = 0; index < 4; index++) await world.first.visitor().signIn(address, 'ada');
  const [idle, over, old] = await world.sessions(tenant);
  const move = (row: Record<string, unknown> | undefined, idleUntil: string, endsAt: string) =>
    superuser.query(
      'update session set idle_until = now() + $3::interval, ends_at = now() + $4::interval where tenant_id = $1 and session_id = $2',
      [tenant.tenantId, row?.session_id, idleUntil, endsAt],
    );
  await move(idle, '-1 second', '1 hour');
  await move(over, '-1 second', '-1 second');
  await move(old, '-31 days', '-30 days -1 second');
  await superuser.query(
    `insert into sign_in (tenant_id, sign_in_id, reference, connection_id, protocol, outcome, is_test, trace, at, copied)
     select tenant_id, uuid_floor(now() - each.age::interval), each.age, connection_id, protocol, outcome, false, '[]', at, each.copied
     from (select * from sign_in where tenant_id = $1 limit 1) s,
       (values ('12 months', true), ('14 months', true), ('15 months', false)) each (age, copied)`,
    [tenant.tenantId],
  );
  await purge();
  const rows = await world.sessions(tenant);
  expect(rows.map((row) => row.ended_by)).toEqual(['idle', 'expired', null]);
  expect(rows[0]?.ended_at).toEqual(rows[0]?.idle_until);
  const tries = (await world.tries(tenant)).map(({ reference }) => reference);
  expect(tries).toContain('12 months');
  expect(tries).not.toContain('14 months');
  // One that health has not counted yet waits.
  expect(tries).toContain('15 months');
});
