import type { Database, TenantTx } from '../db.ts';
import { DomainError } from '../errors.ts';
import { unwrapDataKey, wrapDataKey } from './data-key-wrapping.ts';
import type { KeyEncryptionKeys } from './key-encryption-keys.ts';
import { type DataKeyId, findDataKey, listDataKeysWrappedOtherwise, updateWrapping } from './store.ts';

export interface RewrapResult {
  rewrapped: number;
  /** Data keys whose key-encryption key is missing or wrong: they keep the wrapping they have. */
  unreadable: (DataKeyId & { code: string })[];
}

/** A data key whose wrapping is replaced. */
export interface Rewrapping {
  version: number;
  /** Names of key-encryption keys. */
  from: string;
  to: string;
}

export interface RewrapOptions {
  /** Called in the transaction that replaces the wrapping: for the audit trail. */
  onRewrapped?(tx: TenantTx, rewrapping: Rewrapping): Promise<void>;
  pageSize?: number;
}

/**
 * Wraps the data keys of all tenants with the current key-encryption key, after which an older one can be taken out
 * of the configuration if nothing is reported unreadable. Sealed records stay as they are. It can be stopped and
 * repeated at any time, and other copies may work meanwhile.
 */
export async function rewrapDataKeys(
  db: Pick<Database, 'directory' | 'withTenant'>,
  kek: KeyEncryptionKeys,
  options: RewrapOptions = {},
): Promise<RewrapResult> {
  const { pageSize = 500 } = options;
  const result: RewrapResult = { rewrapped: 0, unreadable: [] };
  let after: DataKeyId | undefined;
  for (;;) {
    const page = await listDataKeysWrappedOtherwise(db.directory, {
      wrappingKey: kek.current,
      after,
      limit: pageSize,
    });
    for (const id of page) {
      try {
        if (await rewrap(db, kek, id, options)) result.rewrapped++;
      } catch (error) {
        if (!(error instanceof DomainError && error.code.startsWith('key_encryption_key_'))) throw error;
        result.unreadable.push({ ...id, code: error.code });
      }
    }
    after = page.at(-1);
    if (after === undefined) return result;
  }
}

async function rewrap(
  db: Pick<Database, 'withTenant'>,
  kek: KeyEncryptionKeys,
  { tenantId, version }: DataKeyId,
  { onRewrapped }: RewrapOptions,
): Promise<boolean> {
  return db.withTenant(tenantId, async (tx) => {
    const stored = await findDataKey(tx, version);
    if (stored === undefined || stored.wrappingKey === kek.current) return false;
    const plain = await unwrapDataKey(kek, tenantId, stored);
    const wrapped = await wrapDataKey(kek, tenantId, version, plain);
    plain.fill(0);
    if (!(await updateWrapping(tx, { ...wrapped, previousWrappingKey: stored.wrappingKey }))) return false;
    await onRewrapped?.(tx, { version, from: stored.wrappingKey, to: kek.current });
    return true;
  });
}
