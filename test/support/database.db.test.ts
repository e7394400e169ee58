import { expect, test } from 'vitest';
import { createTestDatabase } from './database.ts';

const { database, superuser } = await createTestDatabase();

test('a test database is migrated', async () => {
  const { rows } = await superuser.query('select count(*)::int as count from schema_migration');
  expect(rows[0].count).toBeGreaterThan(0);
});

test('the app role is what the program connects as, and row-level security binds it', async () => {
  const { rows } = await superuser.query(
    "select rolsuper or rolbypassrls as unsafe from pg_roles where rolname = 'gatehouse_app'",
  );
  expect(rows).toEqual([{ unsafe: false }]);
  await expect(database.withHub(async () => 'committed')).resolves.toBe('committed');
});

test('text sorts by code point, the same on every machine', async () => {
  const { rows } = await superuser.query(
    "select string_agg(t, '' order by t) as sorted from unnest('{b,B,a,é,Z}'::text[]) t",
  );
  expect(rows[0].sorted).toBe('BZabé');
});
