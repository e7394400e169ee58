import { DirectoryError } from './failure.ts';

export interface Gate {
  /**
   * Does the work when it is its turn. The wait is bounded in number and time, so that a slow directory holds up nobody else.
   *
   * @throws DirectoryError hub_busy
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Lets nobody else in and waits until those inside have left. */
  close(): Promise<void>;
  readonly isIdle: boolean;
}

/** Lets `atOnce` in at a time, and `waiting` others wait for at most `waitMs`. */
export function createGate(options: { atOnce: number; waiting: number; waitMs: number }): Gate {
  const { atOnce, waiting, waitMs } = options;
  const line = new Set<() => void>();
  let inside = 0;
  let closed: PromiseWithResolvers<void> | undefined;

  function enter(): Promise<void> {
    if (closed !== undefined) throw new DirectoryError('hub_busy');
    if (inside < atOnce) {
      inside += 1;
      return Promise.resolve();
    }
    if (line.size >= waiting) throw new DirectoryError('hub_busy');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      line.delete(go);
      reject(new DirectoryError('hub_busy'));
    }, waitMs);
    function go(): void {
      clearTimeout(timer);
      resolve();
    }
    line.add(go);
    return promise;
  }

  function leave(): void {
    const [next] = line;
    if (next !== undefined) {
      // The place is handed on.
      line.delete(next);
      next();
      return;
    }
    inside -= 1;
    if (inside === 0) closed?.resolve();
  }

  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
    close: () => {
      closed ??= Promise.withResolvers<void>();
      if (inside === 0) closed.resolve();
      return closed.promise;
    },
    get isIdle() {
      return inside === 0;
    },
  };
}
