import type { CryptoKey } from 'jose';
import type { Clock } from '../platform/clock.ts';
import { DomainError } from '../platform/errors.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import { readJwkSet } from './jwk-set.ts';
import { createKeySetEntries, type KeySource, type RemoteEntry, setNewest } from './jwks-entries.ts';
import { defaultJwksLimits, type JwksLimits } from './jwks-policy.ts';
import { createRefetch, fetchKeySet } from './refetch.ts';

export type { KeySource } from './jwks-entries.ts';

type Found = CryptoKey | undefined;

export interface JwksCache {
  /**
   * The key that `kid` names, bound to RS256: at once while the source is warm, else after one fetch that
   * all callers share. Undefined when the source's key set, fetched recently enough, has no such key.
   *
   * @throws DomainError upstream: jwks_unavailable; input: jwks_missing, jwks_invalid (pasted keys).
   *   Thrown or rejected alike, so await the call.
   */
  findKey(source: KeySource, kid: string): Found | Promise<Found>;
  /**
   * Some platforms put a new key under an old kid. After a signature did not verify: fetches again, unless
   * that happened within the cooldown, and gives the key now known, which may be the same as before. A
   * failed fetch changes nothing.
   *
   * @throws DomainError input, as findKey.
   */
  refetchAfterBadSignature(source: KeySource, kid: string): Promise<Found>;
  /** Drops what is cached, as when another copy of the program says that the registration changed. */
  forget(cacheKey: string): void;
}

/** Longer names are not looked for, so that forged headers cannot fill the memory. */
const longestKid = 512;

/** Builds the cache of other parties' signature keys: bounded, per source, one fetch at a time. */
export function createJwksCache(options: {
  fetch: OutboundFetch;
  clock: Clock;
  limits?: Partial<JwksLimits>;
}): JwksCache {
  const { fetch, clock } = options;
  const limits: JwksLimits = { ...defaultJwksLimits, ...options.limits };
  const entries = createKeySetEntries(limits);
  const refetch = createRefetch<DomainError, RemoteEntry>({
    clock,
    limits,
    load: async (entry) => {
      entry.keys = await fetchKeys(entry);
    },
    failureOf: (error) => unavailable(error),
  });
  const { mayFetch, refresh } = refetch;

  return {
    findKey(source, kid) {
      const entry = entries.get(source);
      if (entry.kind === 'pasted') return entry.keys.get(kid)?.key;
      if (kid.length > longestKid) return undefined;
      const decision = decide(entry, kid, mayFetch(entry));
      if (decision === 'fetch') return fetchKey(entry, kid);
      // The launch does not wait for this one; its outcome is kept in the entry.
      if (decision === 'use_and_refresh') void refresh(entry);
      return findWithoutFetch(entry, kid);
    },

    async refetchAfterBadSignature(source, kid) {
      const entry = entries.get(source);
      if (entry.kind === 'remote' && mayFetch(entry)) await refresh(entry);
      return entry.keys.get(kid)?.key;
    },

    forget: entries.forget,
  };

  function decide(entry: RemoteEntry, kid: string, fetchAllowed: boolean) {
    const recentlyMissing = clock.now() < (entry.missing.get(kid) ?? 0);
    return refetch.decide(entry, { hasKey: entry.keys.has(kid), recentlyMissing, fetchAllowed });
  }

  async function fetchKey(entry: RemoteEntry, kid: string): Promise<Found> {
    await refresh(entry);
    if (entry.failure === undefined && !entry.keys.has(kid)) {
      setNewest(entry.missing, kid, clock.now() + limits.missingKidMs, limits.maxMissingKids);
    }
    return findWithoutFetch(entry, kid);
  }

  function findWithoutFetch(entry: RemoteEntry, kid: string): Found {
    if (decide(entry, kid, false) === 'unavailable') throw unavailable(entry.failure);
    return entry.keys.get(kid)?.key;
  }

  async function fetchKeys(entry: RemoteEntry): Promise<RemoteEntry['keys']> {
    const response = await fetchKeySet(fetch, entry.url, limits);
    if (response.status !== 200) throw unavailable(undefined, { status: response.status });
    const reading = readJwkSet(response.json(), limits.maxKeys, entry.keys);
    // A valid set without a usable key is the platform's word and counts; anything else is a failure.
    if (reading.kind !== 'read') throw unavailable(undefined, { reason: reading.kind });
    return reading.keys;
  }
}

function unavailable(cause: unknown, details?: Record<string, unknown>): DomainError {
  if (cause instanceof DomainError && cause.code === 'jwks_unavailable') return cause;
  return new DomainError(
    'upstream',
    'jwks_unavailable',
    'The public keys of the other system could not be read. Check the key set URL, or try again later.',
    details === undefined ? { cause } : { cause, details },
  );
}
