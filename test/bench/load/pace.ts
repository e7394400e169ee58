import { setTimeout as delay } from 'node:timers/promises';

/**
 * Begins something with each item when it is due, whatever has come of those before.
 *
 * @param start when the first is due, by `performance.now()`
 * @param apart milliseconds between two
 * @throws what the first that failed threw
 */
export async function atRate<Item, Result>(
  items: readonly Item[],
  start: number,
  apart: number,
  begin: (item: Item, due: number) => Promise<Result>,
): Promise<Result[]> {
  const begun: Promise<Result>[] = [];
  let failure: { error: unknown } | undefined;
  while (begun.length < items.length) {
    const due = start + begun.length * apart;
    const early = due - performance.now();
    if (early > 0) {
      // As long as it takes and not in small steps: a load that looks at the clock again and again takes cores from whom it loads.
      await delay(Math.ceil(early));
      if (failure !== undefined) throw failure.error;
      continue;
    }
    const result = begin(items[begun.length]!, due);
    result.catch((error: unknown) => {
      failure ??= { error };
    });
    begun.push(result);
  }
  return Promise.all(begun);
}
