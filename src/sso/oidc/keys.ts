import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { decideKeyUse, defaultJwksLimits as limits } from '../../lti/jwks-policy.ts';
import { createCache } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { Refusal, refusedCall } from './refusal.ts';

/** Where the keys of one connection are published. Never shared between connections. */
export interface KeySource {
  readonly owner: string;
  readonly url: string;
}

/** What of a token's header chooses the key. */
export interface KeyChoice {
  readonly alg: string;
  readonly kid?: string | undefined;
}

export interface ProviderKeys {
  /**
   * The keys that may have made a signature: from memory while they are fresh, else after one call that all callers share.
   * A kid that is not known causes a call as well, but not more often than the limits say. Empty: there is no such key.
   *
   * @throws Refusal `keys_unreachable`, `keys_invalid`, `address_refused`, `tls_failed`
   */
  find(source: KeySource, choice: KeyChoice): Promise<CryptoKey[]>;
  /** After a signature that fitted no key: some providers change a key under its old kid. Within the same limits. */
  findAfresh(source: KeySource, choice: KeyChoice): Promise<CryptoKey[]>;
}

type Matching = (choice: KeyChoice) => Promise<CryptoKey[]>;

interface Entry {
  readonly url: string;
  matching: Matching;
  fetchedAt: number | undefined;
  nextFetchAt: number;
  failure: Refusal | undefined;
  inFlight: Promise<void> | undefined;
}

/** Builds the cache of providers' signature keys, by the policy that the keys of LMSs follow too. */
export function createProviderKeys({ fetch, clock }: { fetch: OutboundFetch; clock: Clock }): ProviderKeys {
  const entries = createCache<Entry>({
    capacity: limits.maxSources,
    timeToLiveMs: Number.POSITIVE_INFINITY,
    clock,
  });

  function entryOf({ owner, url }: KeySource): Entry {
    const known = entries.peek(owner);
    if (known?.url === url) return known;
    const entry: Entry = {
      url,
      matching: async () => [],
      fetchedAt: undefined,
      nextFetchAt: Number.NEGATIVE_INFINITY,
      failure: undefined,
      inFlight: undefined,
    };
    entries.set(owner, entry);
    return entry;
  }

  function mayFetch(entry: Entry): boolean {
    return entry.inFlight !== undefined || clock.now() >= entry.nextFetchAt;
  }

  function decide(entry: Entry, keys: readonly CryptoKey[], fetchAllowed: boolean) {
    const knowledge = {
      now: clock.now(),
      hasKey: keys.length > 0,
      fetchedAt: entry.fetchedAt,
      failing: entry.failure !== undefined,
      mayFetch: fetchAllowed,
      recentlyMissing: false,
    };
    return decideKeyUse(knowledge, limits);
  }

  async function findWithoutFetch(entry: Entry, choice: KeyChoice): Promise<CryptoKey[]> {
    const keys = await entry.matching(choice);
    if (decide(entry, keys, false) !== 'unavailable') return keys;
    throw entry.failure ?? new Refusal('keys_unreachable', `a key set at ${entry.url}`);
  }

  /** One call at a time; never rejects for what the provider does. */
  function refresh(entry: Entry): Promise<void> {
    entry.inFlight ??= load(entry).finally(() => {
      entry.inFlight = undefined;
    });
    return entry.inFlight;
  }

  async function load(entry: Entry): Promise<void> {
    const expected = `a key set at ${entry.url}`;
    try {
      const response = await fetch({
        url: entry.url,
        headers: { accept: 'application/jwk-set+json, application/json' },
        timeoutMs: limits.timeoutMs,
        maxBytes: limits.maxBytes,
        redirects: 2,
        retries: 1,
      });
      if (response.status !== 200)
        throw new Refusal('keys_unreachable', expected, `status ${response.status}`);
      entry.matching = readKeySet(response.json(), limits.maxKeys, expected);
      entry.failure = undefined;
      entry.fetchedAt = clock.now();
      entry.nextFetchAt = entry.fetchedAt + limits.cooldownMs;
    } catch (error) {
      entry.nextFetchAt = clock.now() + limits.failureCooldownMs;
      entry.failure = refusedCall(error, expected, {
        unreachable: 'keys_unreachable',
        invalid: 'keys_invalid',
      });
    }
  }

  return {
    async find(source, choice) {
      const entry = entryOf(source);
      const known = await entry.matching(choice);
      const decision = decide(entry, known, mayFetch(entry));
      if (decision === 'use') return known;
      if (decision === 'fetch') await refresh(entry);
      // Nobody waits for this one; its outcome is kept in the entry.
      if (decision === 'use_and_refresh') void refresh(entry);
      return findWithoutFetch(entry, choice);
    },
    async findAfresh(source, choice) {
      const entry = entryOf(source);
      if (mayFetch(entry)) await refresh(entry);
      return entry.matching(choice);
    },
  };
}

/** RFC 7517 §4, §5; a modulus or an exponent out of all proportion would only make a check slow. */
const keySet = z.object({ keys: z.array(z.unknown()) });
const publicKey = z.looseObject({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  n: z.string().max(1400).optional(),
  e: z.string().max(8).optional(),
  // A private key that everybody can read proves nothing.
  d: z.undefined().optional(),
});

function readKeySet(document: unknown, maxKeys: number, expected: string): Matching {
  const set = keySet.safeParse(document);
  if (!set.success || set.data.keys.length > maxKeys) throw new Refusal('keys_invalid', expected);
  const keys = set.data.keys.filter((key) => publicKey.safeParse(key).success);
  const choose = createLocalJWKSet({ keys } as JSONWebKeySet);
  return async (choice) => {
    const { alg, kid } = choice;
    try {
      return [await choose({ alg, ...(kid !== undefined && { kid }) })];
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return [];
      // A token without a kid may be signed by any key of its kind (OpenID Connect Core 1.0 §10.1).
      const several: CryptoKey[] = [];
      for await (const key of error) several.push(key);
      return several;
    }
  };
}
