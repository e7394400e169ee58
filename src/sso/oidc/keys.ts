import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { defaultJwksLimits as limits } from '../../lti/jwks-policy.ts';
import { createRefetch, type Fetched, fetchKeySet, neverFetched } from '../../lti/refetch.ts';
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

interface Entry extends Fetched<Refusal> {
  readonly url: string;
  matching: Matching;
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
    const entry: Entry = { url, matching: async () => [], ...neverFetched() };
    entries.set(owner, entry);
    return entry;
  }

  const { mayFetch, refresh, ...refetch } = createRefetch<Refusal, Entry>({
    clock,
    limits,
    load,
    failureOf: (error, { url }) =>
      refusedCall(error, setAt(url), { unreachable: 'keys_unreachable', invalid: 'keys_invalid' }),
  });

  function decide(entry: Entry, keys: readonly CryptoKey[], fetchAllowed: boolean) {
    return refetch.decide(entry, { hasKey: keys.length > 0, recentlyMissing: false, fetchAllowed });
  }

  async function findWithoutFetch(entry: Entry, choice: KeyChoice): Promise<CryptoKey[]> {
    const keys = await entry.matching(choice);
    if (decide(entry, keys, false) !== 'unavailable') return keys;
    throw entry.failure ?? new Refusal('keys_unreachable', setAt(entry.url));
  }

  async function load(entry: Entry): Promise<void> {
    const response = await fetchKeySet(fetch, entry.url, limits);
    const expected = setAt(entry.url);
    if (response.status !== 200) throw new Refusal('keys_unreachable', expected, `status ${response.status}`);
    entry.matching = readKeySet(response.json(), limits.maxKeys, expected);
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

const setAt = (url: string) => `a key set at ${url}`;

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
