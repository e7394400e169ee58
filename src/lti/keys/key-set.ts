import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { PublicJwk } from './generate.ts';
import { defaultKeyTiming, isPublic, type KeyTiming } from './life-cycle.ts';
import { listSigningKeys, type SigningKey } from './store.ts';

/** The hub's JSON Web Key Set at a time (RFC 7517 §5). */
export function publicKeySet(
  keys: readonly SigningKey[],
  now: number,
  timing: KeyTiming = defaultKeyTiming,
): { keys: PublicJwk[] } {
  return { keys: keys.filter((key) => isPublic(key, now, timing)).map((key) => key.jwk) };
}

/** The key set, ready to send. */
export interface KeySetCopy {
  body: string;
  /** Entity tag (RFC 9110 §8.8.3), quoted. */
  etag: string;
}

export interface KeySet {
  /** The key set now, or the last one known while the database is away. */
  current(): Promise<KeySetCopy>;
  /** Reads the keys again at the next call: called when a change of the keys is announced. */
  invalidate(): void;
}

export interface KeySetOptions {
  db: Pick<Database, 'withHub'>;
  clock: Clock;
  /** Hears why the last copy known had to serve. */
  onError(error: unknown): void;
  timing?: KeyTiming;
  /** How long a copy is served without looking, in milliseconds. */
  ttlMs?: number;
  /** How long a slow database may hold up a reply for which an older copy is there, in milliseconds. */
  patienceMs?: number;
}

/** Reads the key set for serving. Others check signatures with it, so it stays up when the database does not. */
export function createKeySet(options: KeySetOptions): KeySet {
  const { db, clock, onError, timing = defaultKeyTiming, ttlMs = 10_000, patienceMs = 1_000 } = options;
  const cache = createCache<KeySetCopy>({ capacity: 1, timeToLiveMs: ttlMs, clock });
  let started = 0;
  let last: { copy: KeySetCopy; load: number } | undefined;

  async function load(): Promise<KeySetCopy> {
    const number = ++started;
    const copy = toCopy(publicKeySet(await db.withHub(listSigningKeys), clock.now(), timing));
    // A slow load from before a revocation must not become the copy that outlives the database.
    if (last === undefined || last.load < number) last = { copy, load: number };
    return copy;
  }

  return {
    current: async () => {
      const fresh = cache.get('key set', load);
      if (last === undefined || !(fresh instanceof Promise)) return fresh;
      const { copy } = last;
      const fallback = fresh.catch((error: unknown) => {
        onError(error);
        return copy;
      });
      return Promise.race([fallback, setTimeout(patienceMs, copy, { ref: false })]);
    },
    invalidate: () => cache.clear(),
  };
}

function toCopy(keySet: { keys: PublicJwk[] }): KeySetCopy {
  const body = JSON.stringify(keySet);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}
