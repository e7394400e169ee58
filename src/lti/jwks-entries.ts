import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../platform/errors.ts';
import { readJwkSet, type SigningKey } from './jwk-set.ts';
import type { JwksLimits } from './jwks-policy.ts';
import { type Fetched, neverFetched } from './refetch.ts';

/** Where the keys of one registration (or tool) come from. */
export interface KeySource {
  /** The registration's id: keys are never shared between registrations, even of one LMS. */
  readonly cacheKey: string;
  /** Wins over pasted keys, because it follows the platform's key rotation. */
  readonly jwksUrl: string | null;
  readonly pastedJwks: object | null;
}

export interface PastedEntry {
  readonly kind: 'pasted';
  readonly document: object;
  readonly keys: ReadonlyMap<string, SigningKey>;
}

export interface RemoteEntry extends Fetched<DomainError> {
  readonly kind: 'remote';
  readonly url: string;
  keys: ReadonlyMap<string, SigningKey>;
  /** kid → until when it causes no fetch. */
  readonly missing: Map<string, number>;
}

export type KeySetEntry = PastedEntry | RemoteEntry;

export interface KeySetEntries {
  /** @throws DomainError input: jwks_missing, jwks_invalid (pasted keys). */
  get(source: KeySource): KeySetEntry;
  forget(cacheKey: string): void;
}

/** Keeps one entry per source, the most recently used ones, and starts afresh where the source changed. */
export function createKeySetEntries(limits: JwksLimits): KeySetEntries {
  const entries = new Map<string, KeySetEntry>();
  return {
    get(source) {
      const existing = entries.get(source.cacheKey);
      const entry = existing && isEntryOf(existing, source) ? existing : createEntry(source, limits.maxKeys);
      // Which was used last matters once there are many; every move makes the key slower to find (see platform/cache).
      if (entry === existing && entries.size <= limits.maxSources / 2) return entry;
      setNewest(entries, source.cacheKey, entry, limits.maxSources);
      return entry;
    },
    forget(cacheKey) {
      entries.delete(cacheKey);
    },
  };
}

/** Puts an entry last in a Map, which keeps insertion order, and drops the first one past the limit. */
export function setNewest<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function isEntryOf(entry: KeySetEntry, source: KeySource): boolean {
  if (entry.kind === 'remote') return entry.url === source.jwksUrl;
  if (source.jwksUrl !== null) return false;
  return entry.document === source.pastedJwks || isDeepStrictEqual(entry.document, source.pastedJwks);
}

function createEntry(source: KeySource, maxKeys: number): KeySetEntry {
  if (source.jwksUrl !== null) {
    return {
      kind: 'remote',
      url: source.jwksUrl,
      keys: new Map(),
      ...neverFetched(),
      missing: new Map(),
    };
  }
  if (source.pastedJwks === null) {
    throw new DomainError(
      'input',
      'jwks_missing',
      'Enter the key set URL of the other system, or paste its keys.',
    );
  }
  const reading = readJwkSet(source.pastedJwks, maxKeys);
  if (reading.kind !== 'read') {
    throw new DomainError('input', 'jwks_invalid', 'The pasted keys are not a JSON Web Key Set.', {
      details: { reason: reading.kind },
    });
  }
  return { kind: 'pasted', document: source.pastedJwks, keys: reading.keys };
}
