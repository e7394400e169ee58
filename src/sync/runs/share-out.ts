import type { Entity } from '../../../contracts/roster.ts';

/** Gives one item after the other to somebody who works on each before asking for the next. */
interface Handover<Item> {
  readonly items: AsyncIterable<Item>;
  /** @returns once the item has been worked on, or nobody wants any more */
  give(result: IteratorResult<Item, undefined> | { error: unknown }): Promise<void>;
  /** Once an item is wanted, or none ever will be. */
  ready(): Promise<void>;
  /** Nobody wants any more. */
  close(): void;
}

/**
 * Shares out what one read brings of several entities. Each is taken in as if it were read by itself, but only one of them is
 * worked on at any moment, and no more than one item is held.
 *
 * @param take works through the items of one entity
 * @throws what reading or taking throws; all have stopped by then, those that could go on having been told the error
 */
export async function shareOut<Item extends { readonly entity?: Entity | undefined }>(
  source: AsyncIterable<Item>,
  entities: readonly [Entity, ...Entity[]],
  take: (entity: Entity, items: AsyncIterable<Item>) => Promise<void>,
): Promise<void> {
  const takers = new Map<Entity, { handover: Handover<Item>; done: Promise<void> }>();
  const state: { failure?: { error: unknown } } = {};
  for (const entity of entities) {
    const handover = createHandover<Item>();
    const done = take(entity, handover.items).then(handover.close, (error: unknown) => {
      state.failure ??= { error };
      handover.close();
    });
    takers.set(entity, { handover, done });
    await handover.ready();
  }
  try {
    for await (const item of source) {
      const taker = takers.get(item.entity ?? entities[0]);
      if (taker === undefined) throw new Error(`The connector brings ${item.entity}, which nobody asked for`);
      await taker.handover.give({ done: false, value: item });
      if (state.failure !== undefined) break;
    }
  } catch (error) {
    state.failure ??= { error };
  }
  for (const { handover, done } of takers.values()) {
    await handover.give(state.failure ?? { done: true, value: undefined });
    await done;
  }
  if (state.failure !== undefined) throw state.failure.error;
}

function createHandover<Item>(): Handover<Item> {
  let asked = Promise.withResolvers<void>();
  let answer: PromiseWithResolvers<IteratorResult<Item, undefined>> | undefined;
  let isClosed = false;
  const close = () => {
    isClosed = true;
    asked.resolve();
  };
  return {
    items: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          answer = Promise.withResolvers();
          asked.resolve();
          return answer.promise;
        },
      }),
    },
    ready: () => asked.promise,
    close,
    async give(result) {
      if (isClosed) return;
      asked = Promise.withResolvers();
      if ('error' in result) answer?.reject(result.error);
      else answer?.resolve(result);
      await asked.promise;
    },
  };
}
