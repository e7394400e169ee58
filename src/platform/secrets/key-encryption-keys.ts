import { createSecretKey, type KeyObject } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { decrypt, encrypt, keyLength } from './aes-gcm.ts';

/**
 * The keys that wrap every tenant's data keys. Several may be known, so that one can follow another while all
 * copies run; new data keys are wrapped by `current`.
 *
 * Wrapping happens inside a database transaction, so an implementation does not call out there: one for a KMS
 * has its keys decrypted at start and holds them in memory.
 */
export interface KeyEncryptionKeys {
  readonly current: string;
  wrap(plain: Buffer, associatedData: Buffer): Promise<{ wrapped: Buffer; keyName: string }>;
  /** @throws DomainError `key_encryption_key_unknown`, `key_encryption_key_wrong` */
  unwrap(wrapped: Buffer, keyName: string, associatedData: Buffer): Promise<Buffer>;
}

const entryForm = /^(?<name>[a-z0-9][a-z0-9._-]{0,63}):(?<key>[A-Za-z0-9+/_-]{43}=?)$/;

/**
 * Reads key-encryption keys as an environment value or a file holds them: entries `name:key`, apart by commas or
 * white space, each key 32 bytes in base64 or base64url, the current one first. In a file, lines beginning with
 * `#` are left out.
 *
 * To change keys without a stop: add the new entry last everywhere, then move it first everywhere, re-wrap the data
 * keys, then take the old entry out.
 *
 * @throws DomainError `key_encryption_keys_invalid`, which names the entry by position and never shows it
 */
export function parseKeyEncryptionKeys(text: string): KeyEncryptionKeys {
  const entries = text
    .replaceAll(/^\s*#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  const keys = new Map<string, KeyObject>();
  for (const [index, entry] of entries.entries()) {
    const { name, key } = entryForm.exec(entry)?.groups ?? {};
    const bytes = Buffer.from(key ?? '', 'base64');
    if (name === undefined || bytes.length !== keyLength) {
      throw invalid(`Entry ${index + 1} is not "name:key" with a key of 32 bytes in base64.`);
    }
    if (keys.has(name)) throw invalid(`Entry ${index + 1} has the name of an earlier one.`);
    keys.set(name, createSecretKey(bytes));
  }
  return localKeyEncryptionKeys(keys);
}

function localKeyEncryptionKeys(keys: ReadonlyMap<string, KeyObject>): KeyEncryptionKeys {
  const [first] = keys;
  if (first === undefined) throw invalid('There is no entry.');
  const [current, currentKey] = first;
  return {
    current,
    wrap: async (plain, associatedData) => ({
      wrapped: encrypt(currentKey, plain, associatedData),
      keyName: current,
    }),
    unwrap: async (wrapped, keyName, associatedData) => {
      const key = keys.get(keyName);
      if (key === undefined) {
        throw new DomainError(
          'internal',
          'key_encryption_key_unknown',
          `Stored secrets need the key-encryption key "${keyName}", which this start does not have. It reads GATEHOUSE_KEK, or the file in GATEHOUSE_KEK_FILE, or key-encryption-key in the data folder (--demo has one of its own): put the key back there, or use another database.`,
          { details: { keyName } },
        );
      }
      try {
        return decrypt(key, wrapped, associatedData);
      } catch (cause) {
        throw new DomainError(
          'internal',
          'key_encryption_key_wrong',
          `The key-encryption key "${keyName}" is not the one that stored secrets were wrapped with. Restore the original key of that name.`,
          { cause, details: { keyName } },
        );
      }
    },
  };
}

function invalid(problem: string): DomainError {
  return new DomainError(
    'input',
    'key_encryption_keys_invalid',
    `The key-encryption keys cannot be used. ${problem}`,
  );
}
