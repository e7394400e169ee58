import type { Request, RequestHandler, Response } from 'express';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import { callerOf } from './client-address.ts';

export interface RateLimitOptions {
  /** Name of the policy in the `RateLimit` header. */
  name: string;
  /** Requests a second one caller may go on making. */
  perSecond: number;
  /** Requests one caller may make at once, after a pause. */
  burst: number;
  clock: Clock;
  /** Most callers remembered; one not seen for long is forgotten first. Default 50,000, about 10 MB. */
  callers?: number;
}

export interface RateDecision {
  allowed: boolean;
  /** Whole requests left now. */
  remaining: number;
  /** Seconds until the next request is allowed; 0 when it is allowed now. */
  retryAfterSeconds: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * A token bucket for each caller, in the memory of this copy: no row that every launch of a school would
 * have to lock when the bell rings.
 */
export function createRateLimiter(options: RateLimitOptions): { take(caller: string): RateDecision } {
  const { perSecond, burst, clock, callers = 50_000 } = options;
  const buckets = createCache<Bucket>({ capacity: callers, timeToLiveMs: Number.POSITIVE_INFINITY, clock });
  function newBucket(caller: string, now: number): Bucket {
    const bucket = { tokens: burst, filledAt: now };
    buckets.set(caller, bucket);
    return bucket;
  }
  return {
    take(caller) {
      const now = clock.now();
      const bucket = buckets.peek(caller) ?? newBucket(caller, now);
      // A clock that was set back must not drain a bucket.
      const passed = Math.max(0, now - bucket.filledAt);
      bucket.tokens = Math.min(burst, bucket.tokens + (passed / 1000) * perSecond);
      bucket.filledAt = now;
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      return {
        allowed,
        remaining: Math.floor(bucket.tokens),
        retryAfterSeconds: allowed ? 0 : Math.ceil((1 - bucket.tokens) / perSecond),
      };
    },
  };
}

/** Limits the requests of one address on the routes behind it. */
export function limitByAddress(options: RateLimitOptions): RequestHandler {
  return limitBy(
    options,
    ({ ip }) => callerOf(ip),
    'Too many requests from this address. Try again shortly.',
  );
}

/**
 * Limits the requests of one caller on the routes behind it and says so in `RateLimit` headers, beside those of a limit
 * before it (draft-ietf-httpapi-ratelimit-headers); past the limit it answers 429 with `Retry-After`.
 *
 * @param nameCaller whose request it is
 * @param refusal what a caller past the limit is told
 */
export function limitBy(
  options: RateLimitOptions,
  nameCaller: (request: Request, response: Response) => string,
  refusal: string,
): RequestHandler {
  const limiter = createRateLimiter(options);
  const refillSeconds = Math.ceil(options.burst / options.perSecond);
  const policy = `"${options.name}";q=${options.burst};w=${refillSeconds}`;
  return (request, response, next) => {
    const { allowed, remaining, retryAfterSeconds } = limiter.take(nameCaller(request, response));
    response.append('RateLimit-Policy', policy);
    response.append('RateLimit', `"${options.name}";r=${remaining};t=${retryAfterSeconds}`);
    if (allowed) {
      next();
      return;
    }
    response.setHeader('Retry-After', String(retryAfterSeconds));
    throw new DomainError('rate_limited', 'too_many_requests', refusal);
  };
}
