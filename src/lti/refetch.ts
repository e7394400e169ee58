import type { Clock } from '../platform/clock.ts';
import type { OutboundFetch, OutboundResponse } from '../platform/outbound/fetch.ts';
import { decideKeyUse, type JwksLimits, type KeyDecision } from './jwks-policy.ts';

/** What is known of a key set that another party publishes. */
export interface Fetched<Failure> {
  /** Time of the last successful fetch. */
  fetchedAt: number | undefined;
  nextFetchAt: number;
  /** Of the last fetch, until one succeeds. */
  failure: Failure | undefined;
  inFlight: Promise<void> | undefined;
}

/** A key set that nobody has asked for yet. */
export function neverFetched(): Fetched<never> {
  return {
    fetchedAt: undefined,
    nextFetchAt: Number.NEGATIVE_INFINITY,
    failure: undefined,
    inFlight: undefined,
  };
}

export interface Refetch<Entry> {
  /** Whether a fetch may begin now, or one is under way that can be joined. */
  mayFetch(entry: Entry): boolean;
  /** One fetch at a time per entry; never rejects: a failure is kept in the entry. */
  refresh(entry: Entry): Promise<void>;
  decide(
    entry: Entry,
    asked: { hasKey: boolean; recentlyMissing: boolean; fetchAllowed: boolean },
  ): KeyDecision;
}

/**
 * When key sets are fetched again, for whoever keeps them.
 *
 * @param load fetches the entry's set and puts it into the entry
 * @param failureOf what is kept of an error of `load`
 */
export function createRefetch<Failure, Entry extends Fetched<Failure>>(options: {
  clock: Clock;
  limits: JwksLimits;
  load(entry: Entry): Promise<void>;
  failureOf(error: unknown, entry: Entry): Failure;
}): Refetch<Entry> {
  const { clock, limits, load, failureOf } = options;

  async function fetchOnce(entry: Entry): Promise<void> {
    try {
      await load(entry);
      entry.failure = undefined;
      entry.fetchedAt = clock.now();
      entry.nextFetchAt = entry.fetchedAt + limits.cooldownMs;
    } catch (error) {
      entry.failure = failureOf(error, entry);
      entry.nextFetchAt = clock.now() + limits.failureCooldownMs;
    }
  }

  return {
    mayFetch: (entry) => entry.inFlight !== undefined || clock.now() >= entry.nextFetchAt,
    refresh: (entry) => {
      entry.inFlight ??= fetchOnce(entry).finally(() => {
        entry.inFlight = undefined;
      });
      return entry.inFlight;
    },
    decide: (entry, { hasKey, recentlyMissing, fetchAllowed }) =>
      decideKeyUse(
        {
          now: clock.now(),
          hasKey,
          fetchedAt: entry.fetchedAt,
          failing: entry.failure !== undefined,
          mayFetch: fetchAllowed,
          recentlyMissing,
        },
        limits,
      ),
  };
}

/** Asks for a key set once. Whoever moved to another host name still answers from where the old one says. */
export function fetchKeySet(
  fetch: OutboundFetch,
  url: string,
  limits: JwksLimits,
): Promise<OutboundResponse> {
  return fetch({
    url,
    headers: { accept: 'application/jwk-set+json, application/json' },
    timeoutMs: limits.timeoutMs,
    maxBytes: limits.maxBytes,
    redirects: 2,
    retries: 1,
  });
}
