/** Results of a generator, the next one under way while the last one is worked on. */
export interface Ahead<Item, End> {
  next(): Promise<IteratorResult<Item, End>>;
  /** Ends the generator once what is under way has come. */
  stop(): void;
}

/** Runs a generator one step ahead: a page is fetched while the one before is taken in. */
export function ahead<Item, End>(source: AsyncGenerator<Item, End>): Ahead<Item, End> {
  const step = () => {
    const result = source.next();
    // Told to whoever asks for it; nobody may.
    result.catch(() => undefined);
    return result;
  };
  let pending = step();
  return {
    next() {
      const current = pending;
      pending = step();
      return current;
    },
    stop() {
      source.return(undefined as never).catch(() => undefined);
    },
  };
}
