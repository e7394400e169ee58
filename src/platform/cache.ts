import type { Clock } from './clock.ts';

export interface CacheOptions<Value> {
  /** Most entries; one that was not used for long goes first. */
  capacity: number;
  /** How long an entry is served, in milliseconds: the backstop where a notification was missed. */
  timeToLiveMs: number | ((value: Value) => number);
  clock: Clock;
}

/**
 * A bounded cache in front of an asynchronous source. Several callers who miss the same key wait for one
 * load. It decides nothing by itself: what it holds may be stale for its time to live.
 */
export interface Cache<Value> {
  /** The value if it is at hand and fresh. */
  peek(key: string): Value | undefined;
  /** The value, loaded when it is not at hand. A failed load is not kept: the next caller tries again. */
  get(key: string, load: () => Promise<Value>): Value | Promise<Value>;
  /** Puts a value that is known from elsewhere. */
  set(key: string, value: Value): void;
  /** Forgets one key; a load under way serves those who wait for it and is not kept. */
  invalidate(key: string): void;
  clear(): void;
  readonly size: number;
}

interface Entry<Value> {
  value: Value;
  freshUntil: number;
  /** The count of moves when it was last put at the end. */
  movedAt: number;
}

/** Makes an empty cache. Values must not be undefined: wrap a "not found" in an object or use null. */
export function createCache<Value extends NonNullable<unknown> | null>(
  options: CacheOptions<Value>,
): Cache<Value> {
  const { capacity, clock, timeToLiveMs } = options;
  // A Map iterates in order of insertion, so its first key is the one used longest ago.
  const entries = new Map<string, Entry<Value>>();
  // Every move leaves a hole in V8's table, and all holes of a key lie on the way to it until the table is made anew: a key
  // that is asked for all the time would be found ever more slowly. So what was moved lately stays where it is.
  const lately = Math.floor(capacity / 4);
  let moves = 0;
  const loads = new Map<string, Promise<Value>>();

  function peek(key: string): Value | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.freshUntil <= clock.now()) {
      entries.delete(key);
      return undefined;
    }
    if (moves - entry.movedAt > lately) {
      entries.delete(key);
      moves += 1;
      entry.movedAt = moves;
      entries.set(key, entry);
    }
    return entry.value;
  }

  function set(key: string, value: Value): void {
    loads.delete(key);
    entries.delete(key);
    if (entries.size >= capacity) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    const life = typeof timeToLiveMs === 'function' ? timeToLiveMs(value) : timeToLiveMs;
    moves += 1;
    entries.set(key, { value, freshUntil: clock.now() + life, movedAt: moves });
  }

  function start(key: string, load: () => Promise<Value>): Promise<Value> {
    const loading = load().then(
      (value) => {
        // An invalidation meanwhile removed the load: its value may be older than the change.
        if (loads.get(key) === loading) set(key, value);
        return value;
      },
      (error: unknown) => {
        if (loads.get(key) === loading) loads.delete(key);
        throw error;
      },
    );
    loads.set(key, loading);
    return loading;
  }

  return {
    peek,
    get: (key, load) => {
      const value = peek(key);
      return value === undefined ? (loads.get(key) ?? start(key, load)) : value;
    },
    set,
    invalidate: (key) => {
      entries.delete(key);
      loads.delete(key);
    },
    clear: () => {
      entries.clear();
      loads.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
