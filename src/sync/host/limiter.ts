import { setTimeout as delay } from 'node:timers/promises';
import type { Limits } from '../../../contracts/connector.ts';

/** Waits so many milliseconds; rejects with the signal's reason when it is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits on the machine's own clock. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** Slows the calls of one connection to what its source allows. */
export interface Limiter {
  /** Runs `call` once there is room for it. @throws the signal's reason */
  run<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result>;
  /** The source has asked for a rest: no call begins before it is over. */
  rest(ms: number): void;
}

/** Limits of one connection: a token bucket for how often, and places for how many at once. */
export function createLimiter(
  { requestsPerSecond, concurrency }: Pick<Limits, 'requestsPerSecond' | 'concurrency'>,
  { now, wait }: { now: () => number; wait: Wait },
): Limiter {
  const burst = Math.max(1, requestsPerSecond);
  let tokens = burst;
  let filledAt = now();
  let restsUntil = 0;
  let places = concurrency;
  const waiting: (() => void)[] = [];

  /** Takes a token, in debt if need be. @returns milliseconds until it is there */
  function takeToken(): number {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * requestsPerSecond);
    filledAt = at;
    tokens -= 1;
    return tokens >= 0 ? 0 : (-tokens / requestsPerSecond) * 1000;
  }

  async function takePlace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (places > 0) {
      places -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      const index = waiting.indexOf(resolve);
      // It may have got its place a moment ago.
      if (index === -1) return;
      waiting.splice(index, 1);
      reject(signal.reason);
    };
    waiting.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /** Hands the place on to who waits longest. */
  function leavePlace(): void {
    const next = waiting.shift();
    if (next === undefined) places += 1;
    else next();
  }

  return {
    async run(signal, call) {
      await takePlace(signal);
      try {
        const due = takeToken();
        if (due > 0) await wait(due, signal);
        // Asked again after each wait: another call may have been told to rest meanwhile.
        for (let left = restsUntil - now(); left > 0; left = restsUntil - now()) await wait(left, signal);
        return await call();
      } finally {
        leavePlace();
      }
    },
    rest(ms) {
      restsUntil = Math.max(restsUntil, now() + ms);
    },
  };
}
