import { expect, test } from 'vitest';
import { z } from 'zod';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { sql } from '../../src/platform/sql/sql.ts';
import { createTenant, findTenantBySlug, getTenantBySlug, listTenants } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const by = { actor: 'operator:test', now: Date.UTC(2025, 8, 1) };
let count = 0;
const freshSlug = () => `school-${++count}`;

test('a tenant is found by its slug through the directory', async () => {
  const slug = freshSlug();
  const tenant = await createTenant(database, { slug, name: ' Northfield ', locale: 'de' }, by);
  expect(tenant).toMatchObject({ slug, name: 'Northfield', locale: 'de', status: 'active' });
  expect(await findTenantBySlug(database.directory, slug)).toEqual(tenant);
  expect(await listTenants(database.directory)).toContainEqual(tenant);
});

test('a tenant speaks English where nothing else is said', async () => {
  expect((await createTenant(database, { slug: freshSlug(), name: 'A' }, by)).locale).toBe('en');
});

test('an unknown slug is undefined for find and an error for get', async () => {
  expect(await findTenantBySlug(database.directory, 'nobody')).toBeUndefined();
  await expect(getTenantBySlug(database.directory, 'nobody')).rejects.toMatchObject({
    kind: 'not_found',
    code: 'tenant_unknown',
  });
});

test('a slug belongs to one tenant, also when two ask at once', async () => {
  const slug = freshSlug();
  const results = await Promise.allSettled([
    createTenant(database, { slug, name: 'First' }, by),
    createTenant(database, { slug, name: 'Second' }, by),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
    kind: 'conflict',
    code: 'tenant_slug_taken',
    message: expect.stringContaining(slug),
  });
});

test.each(['', 'Upper', 'with space', '-dash', 'dash-', 'a_b', 'ä', 'x'.repeat(64)])(
  'the slug %j is refused with advice',
  async (slug) => {
    await expect(createTenant(database, { slug, name: 'A' }, by)).rejects.toMatchObject({
      kind: 'input',
      code: 'tenant_invalid',
      message: expect.stringMatching(/^slug: A short name/),
    });
  },
);

test('a tenant is written under its own scope, with an entry in its own audit chain', async () => {
  const tenant = await createTenant(database, { slug: freshSlug(), name: 'A' }, by);
  const { rows } = await superuser.query('select action, subject from audit_event where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(rows).toEqual([{ action: 'tenant.created', subject: `tenant:${tenant.tenantId}` }]);
});

test('a refused tenant leaves no audit entry', async () => {
  const slug = freshSlug();
  await createTenant(database, { slug, name: 'A' }, by);
  const before = await superuser.query('select count(*) from audit_event');
  await expect(createTenant(database, { slug, name: 'B' }, by)).rejects.toThrow();
  expect((await superuser.query('select count(*) from audit_event')).rows).toEqual(before.rows);
});

test('the application role cannot see a tenant from another scope', async () => {
  await createTenant(database, { slug: freshSlug(), name: 'A' }, by);
  const seen = await database.withTenant(newId<TenantId>(), (tx) =>
    tx.many(sql`select slug from tenant`, z.object({ slug: z.string() })),
  );
  expect(seen).toEqual([]);
});
