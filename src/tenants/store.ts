import { z } from 'zod';
import type { TenantId } from '../../contracts/ids.ts';
import type { DirectoryTx, TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

/** One institution. */
export interface Tenant {
  tenantId: TenantId;
  slug: string;
  name: string;
  /** Language tag (BCP 47) of its pages where the person's own is not known. */
  locale: string;
  status: 'active' | 'paused';
}

const tenantRow = z
  .object({
    tenant_id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    locale: z.string(),
    status: z.enum(['active', 'paused']),
  })
  .transform(
    ({ tenant_id, ...rest }): Tenant => ({
      tenantId: tenant_id as TenantId,
      ...rest,
    }),
  );

const columns = sql`tenant_id, slug, name, locale, status`;

/** The tenant of a slug, for requests that name it in their URL. */
export function findTenantBySlug(tx: DirectoryTx, slug: string): Promise<Tenant | undefined> {
  return tx.maybeOne(sql`select ${columns} from tenant where slug = ${slug}`, tenantRow);
}

/** The tenant of an id. */
export function findTenant(tx: DirectoryTx, tenantId: TenantId): Promise<Tenant | undefined> {
  return tx.maybeOne(sql`select ${columns} from tenant where tenant_id = ${tenantId}`, tenantRow);
}

/** Every tenant, by slug. */
export function listTenants(tx: DirectoryTx): Promise<Tenant[]> {
  return tx.many(sql`select ${columns} from tenant order by slug`, tenantRow);
}

/** The tenant of the scope, its row locked until the end of the transaction. */
export function findTenantForUpdate(tx: TenantTx): Promise<Tenant> {
  return tx.one(
    sql`select ${columns} from tenant where tenant_id = ${tx.tenantId} for no key update`,
    tenantRow,
  );
}

export async function saveTenant(
  tx: TenantTx,
  { name, locale }: Pick<Tenant, 'name' | 'locale'>,
): Promise<void> {
  await tx.exec(sql`update tenant set name = ${name}, locale = ${locale} where tenant_id = ${tx.tenantId}`);
}

/**
 * Writes a new tenant, under its own scope: row-level security accepts it nowhere else.
 *
 * @throws the database's unique violation `tenant_slug_key`
 */
export async function insertTenant(tx: TenantTx, tenant: Tenant, now: number): Promise<void> {
  await tx.exec(sql`
    insert into tenant (tenant_id, slug, name, locale, status, created_at)
    values (${tenant.tenantId}, ${tenant.slug}, ${tenant.name}, ${tenant.locale}, ${tenant.status}, ${new Date(now)})`);
}
