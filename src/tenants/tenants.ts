import { z } from 'zod';
import { newId, type TenantId } from '../../contracts/ids.ts';
import type { Database, DirectoryTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { type ChangeBy, recordChange } from './changes.ts';
import { violatedUnique } from './conflicts.ts';
import { parseInput } from './partner-values.ts';
import { displayName, slug } from './slug.ts';
import { findTenantBySlug, insertTenant, type Tenant } from './store.ts';

export { findTenant, findTenantBySlug, listTenants, type Tenant } from './store.ts';

const newTenant = z.strictObject({
  slug,
  name: displayName,
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error: 'Give a language tag such as en, de or es-MX.' })
    .default('en'),
});

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
  try {
    await db.withTenant(tenantId, async (tx) => {
      await insertTenant(tx, tenant, by.now);
      await recordChange(
        tx,
        {
          announce: `tenant:${tenantId}`,
          action: 'tenant.created',
          subject: `tenant:${tenantId}`,
          after: fields,
        },
        by,
      );
    });
  } catch (cause) {
    if (violatedUnique(cause) !== 'tenant_slug_key') throw cause;
    throw new DomainError(
      'conflict',
      'tenant_slug_taken',
      `There is already a tenant "${fields.slug}". Choose another short name.`,
      { cause },
    );
  }
  return tenant;
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
