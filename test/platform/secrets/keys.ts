import {
  type KeyEncryptionKeys,
  parseKeyEncryptionKeys,
} from '../../../src/platform/secrets/key-encryption-keys.ts';

/** A key-encryption key of 32 equal bytes, as a configuration entry. */
export function keyEntry(name: string, byte: number): string {
  return `${name}:${Buffer.alloc(32, byte).toString('base64')}`;
}

/** The same as keys to use. */
export function keyNamed(name: string, byte: number): KeyEncryptionKeys {
  return parseKeyEncryptionKeys(keyEntry(name, byte));
}
