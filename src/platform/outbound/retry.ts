/** How one attempt ended, as far as repeating it is concerned. */
export interface AttemptOutcome {
  /** HTTP status, where the server answered. */
  readonly status?: number;
  /** Stable code of the failure, where it did not. */
  readonly errorCode?: string;
  /** The server's wish, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

export interface RetryBudget {
  /** Attempts already made, the first one included. */
  readonly attempts: number;
  /** Repetitions allowed after the first attempt. */
  readonly retries: number;
  /** What is left of the whole call's time. */
  readonly remainingMs: number;
  /** Spreads callers apart; 0 ≤ random < 1. */
  readonly random: number;
}

const firstDelayMs = 200;
const longestDelayMs = 5_000;
/** A longer wish is the caller's to schedule, not to be waited out inside a request. */
const longestRetryAfterMs = 30_000;

const retryableStatuses = new Set([429, 502, 503, 504]);
const retryableErrors = new Set(['outbound_connection_failed', 'outbound_dns_failed']);

/**
 * Decides whether an idempotent request is sent again: the wait in milliseconds, or undefined to keep
 * this outcome. The wait is half fixed, half random, and never shorter than `Retry-After`.
 */
export function planRetry(outcome: AttemptOutcome, budget: RetryBudget): number | undefined {
  if (budget.attempts > budget.retries) return undefined;
  const retryable =
    outcome.status === undefined
      ? retryableErrors.has(outcome.errorCode ?? '')
      : retryableStatuses.has(outcome.status);
  if (!retryable) return undefined;
  const wished = outcome.retryAfterMs ?? 0;
  if (wished > longestRetryAfterMs) return undefined;
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (budget.attempts - 1));
  const wait = wished + (ceiling / 2) * (1 + budget.random);
  return wait < budget.remainingMs ? wait : undefined;
}

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3: seconds or an HTTP date) as milliseconds from `now`;
 * undefined when absent or not understood.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Only the date forms begin with the name of a day (RFC 9110 §5.6.7).
  const at = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
