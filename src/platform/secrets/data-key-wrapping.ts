import type { TenantId } from '../../../contracts/ids.ts';
import type { KeyEncryptionKeys } from './key-encryption-keys.ts';
import { lengthPrefixed } from './length-prefixed.ts';
import type { WrappedDataKey } from './store.ts';

/** Wraps the bytes of a data key, for one tenant and version only. */
export async function wrapDataKey(
  kek: KeyEncryptionKeys,
  tenantId: TenantId,
  version: number,
  plain: Buffer,
): Promise<WrappedDataKey> {
  const { wrapped, keyName } = await kek.wrap(plain, associatedData(tenantId, version));
  return { version, wrapped, wrappingKey: keyName };
}

/**
 * The bytes of a data key.
 *
 * @throws DomainError `key_encryption_key_unknown`, `key_encryption_key_wrong`
 */
export function unwrapDataKey(
  kek: KeyEncryptionKeys,
  tenantId: TenantId,
  stored: WrappedDataKey,
): Promise<Buffer> {
  return kek.unwrap(stored.wrapped, stored.wrappingKey, associatedData(tenantId, stored.version));
}

function associatedData(tenantId: TenantId, version: number): Buffer {
  return lengthPrefixed(['data_key', tenantId, String(version)]);
}
