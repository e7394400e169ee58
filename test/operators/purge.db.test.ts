import { expect, test } from 'vitest';
import { createTenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const day = 86_400_000;

test('what operators leave behind goes when its time is over, and nothing before', async () => {
  const by = { actor: 'test', now: Date.now() };
  const { tenantId } = await createTenant(database, { slug: 'school', name: 'School' }, by);
  const ago = (days: number) => new Date(Date.now() - days * day);
  const one = '0199c5a4-0000-7000-8000-000000000001';
  await superuser.query(
    `insert into operator (tenant_id, operator_id, name, email, roles, status, created_at, changed_at)
     values ($1, $2, 'Ada', 'ada@school.example', '{institution_admin}', 'active', now(), now())`,
    [tenantId, one],
  );
  for (const [hash, over] of [
    ['old', 31],
    ['new', 29],
  ] as const) {
    await superuser.query(
      `insert into operator_session (tenant_id, session_id, secret_hash, operator_id, stage, began_by, started_at, seen_at,
         idle_until, ends_at) values ($1, gen_random_uuid(), $2, $3, 'full', 'password', $4, $4, $4, $4)`,
      [tenantId, Buffer.from(hash), one, ago(over)],
    );
    await superuser.query(
      `insert into operator_link (tenant_id, link_id, token_hash, kind, name, created_at, expires_at)
       values ($1, gen_random_uuid(), $2, 'invitation', 'X', $3, $3)`,
      [tenantId, Buffer.from(hash), ago(over * 13.5)],
    );
    const expiry = ago(over - 30);
    await superuser.query(
      `insert into operator_attempt (tenant_id, key, failures, blocked_until, expires_at) values ($1, $2, 1, $3, $3)`,
      [tenantId, hash, expiry],
    );
    await superuser.query(
      `insert into operator_oidc_request (tenant_id, handle_hash, browser_hash, expectations, return_to, expires_at)
       values ($1, $2, $2, '{}', '/console', $3)`,
      [tenantId, Buffer.from(hash), expiry],
    );
  }
  await superuser.query('select purge_expired(1000)');
  const left = async (column: string, table: string) =>
    (await superuser.query(`select convert_from(${column}::bytea, 'UTF8') as name from ${table}`)).rows;
  expect(await left('secret_hash', 'operator_session')).toEqual([{ name: 'new' }]);
  expect(await left('token_hash', 'operator_link')).toEqual([{ name: 'new' }]);
  expect(await left('key', 'operator_attempt')).toEqual([{ name: 'new' }]);
  expect(await left('handle_hash', 'operator_oidc_request')).toEqual([{ name: 'new' }]);
});
