import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import type { HubTx, TenantTx } from '../db.ts';
import { DomainError } from '../errors.ts';
import { keyLength } from './aes-gcm.ts';
import { unwrapDataKey, wrapDataKey } from './data-key-wrapping.ts';
import type { KeyEncryptionKeys } from './key-encryption-keys.ts';
import { dataKeyVersionOf, openRecord, type Place, sealRecord } from './sealed-record.ts';
import { findCurrentDataKey, findDataKey, insertDataKey, type WrappedDataKey } from './store.ts';

type OwnerTx = TenantTx | HubTx;

/** An unwrapped data key. A KeyObject keeps its bytes outside the JavaScript heap. */
interface DataKey {
  version: number;
  key: KeyObject;
}

/** Envelope encryption of stored secrets: key-encryption key → data key per tenant → record. */
export interface Secrets {
  /**
   * Seals a value so that it opens only for this tenant, table, row and column. The tenant's first seal makes its
   * data key.
   *
   * @throws DomainError `key_encryption_key_unknown`, `key_encryption_key_wrong`
   */
  seal(tx: OwnerTx, place: Place, plaintext: Buffer | string): Promise<Buffer>;
  /**
   * @throws DomainError `secret_unreadable` when it was sealed elsewhere, was changed, or its data key is gone;
   *   `key_encryption_key_unknown`, `key_encryption_key_wrong`
   */
  open(tx: OwnerTx, place: Place, sealed: Buffer): Promise<Buffer>;
  /**
   * Makes a new data key for what the tenant seals from now on; older versions go on opening what they sealed.
   * Other copies follow when their cached key ends.
   *
   * @returns the version that seals now
   */
  rotateDataKey(tx: OwnerTx): Promise<number>;
}

export interface SecretsOptions {
  kek: KeyEncryptionKeys;
  clock: Clock;
  /** Most unwrapped data keys held in memory. */
  cacheSize?: number;
  /** How long an unwrapped data key is held, in milliseconds. */
  cacheTtlMs?: number;
}

export function createSecrets({
  kek,
  clock,
  cacheSize = 2_000,
  cacheTtlMs = 300_000,
}: SecretsOptions): Secrets {
  // By "<tenant> <version>", and by "<tenant> current" for the one that seals. A stale "current" only means that a
  // record is sealed with the version before, which stays readable.
  const cache = createCache<DataKey>({ capacity: cacheSize, timeToLiveMs: cacheTtlMs, clock });
  // A key made in a transaction that is rolled back never existed: nothing such a transaction reads is cached.
  const makers = new WeakSet<OwnerTx>();

  async function unwrap(tx: OwnerTx, stored: WrappedDataKey, which: 'current' | number): Promise<DataKey> {
    const key = createSecretKey(await unwrapDataKey(kek, tx.tenantId, stored));
    const dataKey = { version: stored.version, key };
    if (!makers.has(tx)) cache.set(`${tx.tenantId} ${which}`, dataKey);
    return dataKey;
  }

  async function addVersion(tx: OwnerTx, version: number): Promise<void> {
    const wrapped = await wrapDataKey(kek, tx.tenantId, version, randomBytes(keyLength));
    makers.add(tx);
    await insertDataKey(tx, { ...wrapped, now: clock.now() });
  }

  async function currentKey(tx: OwnerTx): Promise<DataKey> {
    const cached = makers.has(tx) ? undefined : cache.peek(`${tx.tenantId} current`);
    if (cached !== undefined) return cached;
    const stored = await findCurrentDataKey(tx);
    if (stored !== undefined) return unwrap(tx, stored, 'current');
    await addVersion(tx, 1);
    return unwrap(tx, await getCurrentDataKey(tx), 'current');
  }

  return {
    seal: async (tx, place, plaintext) =>
      sealRecord(await currentKey(tx), tx.tenantId, place, Buffer.from(plaintext)),

    open: async (tx, place, sealed) => {
      const version = dataKeyVersionOf(sealed);
      if (version === undefined) throw unreadable(place);
      let dataKey = cache.peek(`${tx.tenantId} ${version}`);
      if (dataKey === undefined) {
        const stored = await findDataKey(tx, version);
        if (stored === undefined) throw unreadable(place);
        dataKey = await unwrap(tx, stored, version);
      }
      try {
        return openRecord(dataKey.key, tx.tenantId, place, sealed);
      } catch (cause) {
        throw unreadable(place, cause);
      }
    },

    rotateDataKey: async (tx) => {
      const stored = await findCurrentDataKey(tx);
      await addVersion(tx, (stored?.version ?? 0) + 1);
      cache.invalidate(`${tx.tenantId} current`);
      return (await getCurrentDataKey(tx)).version;
    },
  };
}

async function getCurrentDataKey(tx: OwnerTx): Promise<WrappedDataKey> {
  const stored = await findCurrentDataKey(tx);
  if (stored === undefined) throw new Error('A data key that was just stored is not there');
  return stored;
}

function unreadable({ table, column }: Place, cause?: unknown): DomainError {
  return new DomainError(
    'internal',
    'secret_unreadable',
    `A stored secret (${table}, ${column}) cannot be read: it was changed, moved from another record, or restored without its key. Enter it again.`,
    { cause, details: { table, column } },
  );
}
