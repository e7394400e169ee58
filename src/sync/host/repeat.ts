/** How a try ended, as far as another one is concerned. */
export interface TryOutcome {
  /** HTTP status, where the source answered. */
  status?: number;
  /** Stable code of the failure, where it did not. */
  errorCode?: string;
  /** Code of the operating system below it. */
  cause?: string;
  /** The source's wish, in milliseconds from now. */
  retryAfterMs?: number | undefined;
}

/** Tries of one call, the first one included. */
export const mostTries = 6;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
/** A longer wish ends the call: the run is tried again later, as a whole. */
const longestRetryAfterMs = 5 * 60_000;

const busyStatuses = new Set([429, 502, 503, 504]);
const passingErrors = new Set(['outbound_connection_failed', 'outbound_timeout', 'outbound_answer_invalid']);

/** Whether the source is only busy, and says so. */
export function isBusy(status: number): boolean {
  return busyStatuses.has(status);
}

/** Whether a name could not be asked for, as against one that does not exist (getaddrinfo, EAI_AGAIN). */
export function isPassingDnsFailure({ errorCode, cause }: Pick<TryOutcome, 'errorCode' | 'cause'>): boolean {
  return errorCode === 'outbound_dns_failed' && cause === 'EAI_AGAIN';
}

/**
 * Decides whether a call is made again: the wait in milliseconds, or undefined to keep this outcome. Half of the wait
 * is fixed and half is chance (0 ≤ random < 1), on top of what `Retry-After` asks for.
 */
export function planRepeat(outcome: TryOutcome, tries: number, random: number): number | undefined {
  if (tries >= mostTries) return undefined;
  const passes =
    outcome.status === undefined
      ? passingErrors.has(outcome.errorCode ?? '') || isPassingDnsFailure(outcome)
      : isBusy(outcome.status);
  if (!passes) return undefined;
  const wished = outcome.retryAfterMs ?? 0;
  if (wished > longestRetryAfterMs) return undefined;
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (tries - 1));
  return wished + (ceiling / 2) * (1 + random);
}
