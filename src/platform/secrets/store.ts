import { z } from 'zod';
import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import type { DirectoryTx, HubTx, TenantTx } from '../db.ts';
import { sql } from '../sql/sql.ts';

/** A tenant's data key as stored: wrapped by the key-encryption key named beside it. */
export interface WrappedDataKey {
  version: number;
  wrapped: Buffer;
  wrappingKey: string;
}

const wrappedDataKeyRow = z
  .object({ version: z.number(), wrapped: z.instanceof(Buffer), wrapping_key: z.string() })
  .transform(
    (row): WrappedDataKey => ({ version: row.version, wrapped: row.wrapped, wrappingKey: row.wrapping_key }),
  );

/** The newest data key: the one that seals. */
export function findCurrentDataKey(tx: TenantTx | HubTx): Promise<WrappedDataKey | undefined> {
  return tx.maybeOne(
    sql`select version, wrapped, wrapping_key from data_key
        where tenant_id = ${tx.tenantId} order by version desc limit 1`,
    wrappedDataKeyRow,
  );
}

export function findDataKey(tx: TenantTx | HubTx, version: number): Promise<WrappedDataKey | undefined> {
  return tx.maybeOne(
    sql`select version, wrapped, wrapping_key from data_key
        where tenant_id = ${tx.tenantId} and version = ${version}`,
    wrappedDataKeyRow,
  );
}

/**
 * Adds a version unless somebody else did, waiting for a transaction that is about to.
 *
 * @param input.now Unix milliseconds
 * @returns whether this call added it
 */
export async function insertDataKey(
  tx: TenantTx | HubTx,
  input: WrappedDataKey & { now: number },
): Promise<boolean> {
  const inserted = await tx.exec(
    sql`insert into data_key (tenant_id, version, wrapped, wrapping_key, created_at)
        values (${tx.tenantId}, ${input.version}, ${input.wrapped}, ${input.wrappingKey}, ${new Date(input.now)})
        on conflict do nothing`,
  );
  return inserted === 1;
}

/** Replaces the wrapping of a data key, unless somebody else has replaced it meanwhile. */
export async function updateWrapping(
  tx: TenantTx | HubTx,
  input: WrappedDataKey & { previousWrappingKey: string },
): Promise<boolean> {
  const updated = await tx.exec(
    sql`update data_key set wrapped = ${input.wrapped}, wrapping_key = ${input.wrappingKey}
        where tenant_id = ${tx.tenantId} and version = ${input.version}
          and wrapping_key = ${input.previousWrappingKey}`,
  );
  return updated === 1;
}

export interface DataKeyId {
  tenantId: TenantId;
  version: number;
}

const dataKeyIdRow = z
  .object({ tenant_id: z.string(), version: z.number() })
  .transform((row): DataKeyId => ({ tenantId: row.tenant_id as TenantId, version: row.version }));

/** Data keys of all tenants that another key than `wrappingKey` wraps, in order, from after `after`. */
export function listDataKeysWrappedOtherwise(
  directory: DirectoryTx,
  input: { wrappingKey: string; after: DataKeyId | undefined; limit: number },
): Promise<DataKeyId[]> {
  // The nil UUID sorts before every other, and versions begin at 1.
  const after = input.after ?? { tenantId: HUB_TENANT, version: 0 };
  return directory.many(
    sql`select tenant_id, version from data_key
        where wrapping_key <> ${input.wrappingKey} and (tenant_id, version) > (${after.tenantId}, ${after.version})
        order by tenant_id, version limit ${input.limit}`,
    dataKeyIdRow,
  );
}
