import type { Log } from '../platform/log.ts';

export interface LifeCycle {
  /** Settles when the program should stop; the exit code says why. */
  readonly stopped: Promise<number>;
  /** Asks for a stop from inside, as when the database of the program's own is lost. */
  fail(event: string, error: unknown): void;
}

/**
 * Listens for what ends the program. The first SIGINT or SIGTERM asks for a graceful stop, a second one ends it at
 * once. An error nobody caught is logged and stops it gracefully too: after one, its state cannot be trusted, and
 * whoever runs it starts a fresh copy.
 */
export function watchLifeCycle(log: Log): LifeCycle {
  const { promise, resolve } = Promise.withResolvers<number>();
  let stopping = false;
  const stop = (code: number) => {
    stopping = true;
    resolve(code);
  };
  const fail = (event: string, error: unknown) => {
    log.error(event, { error });
    if (!stopping) stop(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stop(0);
    });
  }
  process.on('uncaughtException', (error) => fail('uncaught_exception', error));
  process.on('unhandledRejection', (error) => fail('unhandled_rejection', error));
  return { stopped: promise, fail };
}
