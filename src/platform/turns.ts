export interface TurnLimits {
  /** Works of one key at once. */
  most: number;
  /** Works of one key that may wait. */
  mostWaiting: number;
  /** Longest wait, in milliseconds. */
  longestWaitMs: number;
  /** What is told where too many wait, or one has waited too long. */
  refusal(): Error;
}

/** Lets works run in the order they came, so many of a key at once. */
export interface Turns {
  /** @throws the refusal */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

interface Line {
  running: number;
  waiting: Set<() => void>;
}

export function createTurns({ most, mostWaiting, longestWaitMs, refusal }: TurnLimits): Turns {
  const lines = new Map<string, Line>();

  function wait(line: Line): Promise<void> {
    if (line.waiting.size >= mostWaiting) return Promise.reject(refusal());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      line.waiting.delete(begin);
      reject(refusal());
    }, longestWaitMs);
    const begin = () => {
      clearTimeout(timer);
      resolve();
    };
    line.waiting.add(begin);
    return promise;
  }

  /** Hands the turn to whoever has waited longest. */
  function end(key: string, line: Line): void {
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) lines.delete(key);
  }

  return {
    take: async (key, work) => {
      const line = lines.get(key) ?? { running: 0, waiting: new Set() };
      lines.set(key, line);
      if (line.running >= most) await wait(line);
      else line.running += 1;
      try {
        return await work();
      } finally {
        end(key, line);
      }
    },
  };
}
