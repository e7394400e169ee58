import { DomainError } from '../errors.ts';
import { timeoutError } from './failure.ts';

/** The time limit of a whole call, joined with the caller's own wish to stop it. */
export interface Deadline {
  /** Aborts with the DomainError that the call then fails with. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** Must be called when the call has ended, or the timer keeps running. */
  release(): void;
}

/** Starts the clock of one call to `host`. */
export function startDeadline(timeoutMs: number, host: string, stop: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const endsAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => controller.abort(timeoutError(host)), timeoutMs);
  const abort = () => controller.abort(abortedError(host));
  if (stop?.aborted === true) abort();
  else stop?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    remainingMs: () => endsAt - performance.now(),
    release: () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', abort);
    },
  };
}

function abortedError(host: string): DomainError {
  return new DomainError('upstream', 'outbound_aborted', 'The call was stopped before it ended.', {
    details: { host },
  });
}
