/** How long fetched keys live and how often a key set is asked for; all in milliseconds but the counts. */
export interface JwksLimits {
  /** Up to this age keys are used without a call. */
  readonly freshMs: number;
  /** Up to this age keys are used at once while a call renews them behind the launch. */
  readonly maxAgeMs: number;
  /** Up to this age keys are still used when the key set cannot be fetched. */
  readonly staleIfErrorMs: number;
  /** Least time between a successful fetch and the next one of the same source. */
  readonly cooldownMs: number;
  /** The same after a failed fetch. */
  readonly failureCooldownMs: number;
  /** How long a kid that a fetch did not find causes no further fetch. */
  readonly missingKidMs: number;
  /** Missing kids remembered per source. */
  readonly maxMissingKids: number;
  /** Sources kept; the least recently used one goes first. */
  readonly maxSources: number;
  readonly maxKeys: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export const defaultJwksLimits: JwksLimits = {
  freshMs: 10 * 60_000,
  maxAgeMs: 60 * 60_000,
  staleIfErrorMs: 24 * 60 * 60_000,
  cooldownMs: 30_000,
  failureCooldownMs: 5_000,
  missingKidMs: 120_000,
  maxMissingKids: 32,
  maxSources: 5_000,
  maxKeys: 50,
  maxBytes: 256 * 1024,
  timeoutMs: 5_000,
};

/** What the cache knows about one kid of one source. */
export interface KeyKnowledge {
  readonly now: number;
  readonly hasKey: boolean;
  /** Time of the last successful fetch. */
  readonly fetchedAt: number | undefined;
  /** Whether the last fetch failed. */
  readonly failing: boolean;
  /** Whether a fetch may begin now, or one is under way that can be joined. */
  readonly mayFetch: boolean;
  /** Whether a recent fetch did not find this kid. */
  readonly recentlyMissing: boolean;
}

export type KeyDecision = 'use' | 'use_and_refresh' | 'fetch' | 'not_found' | 'unavailable';

/** Decides what a request for a key does. */
export function decideKeyUse(knowledge: KeyKnowledge, limits: JwksLimits): KeyDecision {
  const { hasKey, fetchedAt, mayFetch } = knowledge;
  const age = fetchedAt === undefined ? Number.POSITIVE_INFINITY : knowledge.now - fetchedAt;
  if (hasKey) {
    if (age < limits.freshMs) return 'use';
    if (age < limits.maxAgeMs) return mayFetch ? 'use_and_refresh' : 'use';
    if (mayFetch) return 'fetch';
    return age < limits.staleIfErrorMs ? 'use' : 'unavailable';
  }
  if (mayFetch && !knowledge.recentlyMissing) return 'fetch';
  // While the set cannot be read, a new kid may well be a new key: the platform is to blame, not the token.
  return knowledge.failing || fetchedAt === undefined ? 'unavailable' : 'not_found';
}
