import type { Log } from '../platform/log.ts';

/** What has to be closed at the end, in the order it was opened. */
export interface Closers {
  add(close: (timeoutMs: number) => Promise<unknown>): void;
  /** Closes everything, last opened first, since that leans on what came before. One failure stops no other. */
  close(timeoutMs: number): Promise<void>;
}

export function createClosers(log: Log): Closers {
  const closers: ((timeoutMs: number) => Promise<unknown>)[] = [];
  return {
    add: (close) => void closers.push(close),
    close: async (timeoutMs) => {
      for (const close of closers.splice(0).reverse()) {
        await close(timeoutMs).catch((error: unknown) => log.error('close_failed', { error }));
      }
    },
  };
}
