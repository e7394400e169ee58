import { z } from 'zod';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { Database, DirectoryTx, TenantTx } from '../platform/db.ts';
import { defined } from '../platform/defined.ts';
import { DomainError } from '../platform/errors.ts';
import { parseInput } from '../platform/input.ts';
import { type ChangeBy, recordChange } from './changes.ts';
import { displayName, slug } from './slug.ts';
import { findTenantBySlug, findTenantForUpdate, insertTenant, saveTenant, type Tenant } from './store.ts';

export { findTenant, findTenantBySlug, listTenants, type Tenant } from './store.ts';

const locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'Give a language tag such as en, de or es-MX.' });

const newTenant = z.strictObject({ slug, name: displayName, locale: locale.default('en') });
const tenantChanges = z.strictObject({ name: displayName.optional(), locale: locale.optional() });

export interface NewTenant {
  slug: string;
  name: string;
  locale?: string;
}

/**
 * Makes a tenant.
 *
 * @throws DomainError input `tenant_invalid`, conflict `tenant_slug_taken`
 */
export async function createTenant(db: Database, input: NewTenant, by: ChangeBy): Promise<Tenant> {
  const fields = parseInput(newTenant, input, 'tenant_invalid');
  const tenantId = newId<TenantId>(by.now);
  const tenant: Tenant = { tenantId, ...fields, status: 'active' };
  const write = async (tx: TenantTx) => {
    await insertTenant(tx, tenant, by.now);
    const subject = `tenant:${tenantId}` as const;
    await recordChange(tx, { announce: subject, action: 'tenant.created', subject, after: fields }, by);
  };
  const message = `There is already a tenant "${fields.slug}". Choose another short name.`;
  await refusingTaken(
    'tenant_slug_key',
    () => db.withTenant(tenantId, write),
    (cause) => new DomainError('conflict', 'tenant_slug_taken', message, { cause }),
  );
  return tenant;
}

/**
 * Changes what a tenant is called, or its language; what is not given stays. The slug stands in addresses that LMSs have
 * stored, so it never changes.
 *
 * @param tx from `withTenant`
 * @throws DomainError input `tenant_invalid`
 */
export async function updateTenant(
  tx: TenantTx,
  input: { name?: string; locale?: string },
  by: ChangeBy,
): Promise<void> {
  const changes = parseInput(tenantChanges, input, 'tenant_invalid');
  const { name, locale } = await findTenantForUpdate(tx);
  const before = { name, locale };
  const after = { ...before, ...defined(changes) };
  if (after.name === before.name && after.locale === before.locale) return;
  await saveTenant(tx, after);
  const subject = `tenant:${tx.tenantId}` as const;
  await recordChange(tx, { announce: subject, action: 'tenant.updated', subject, before, after }, by);
}

/**
 * The tenant of a slug.
 *
 * @throws DomainError not_found `tenant_unknown`
 */
export async function getTenantBySlug(tx: DirectoryTx, wanted: string): Promise<Tenant> {
  const tenant = await findTenantBySlug(tx, wanted);
  if (tenant !== undefined) return tenant;
  throw new DomainError(
    'not_found',
    'tenant_unknown',
    `There is no tenant "${wanted}". Check its short name.`,
  );
}
