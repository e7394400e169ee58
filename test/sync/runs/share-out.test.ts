import { expect, test } from 'vitest';
import type { Entity } from '../../../contracts/roster.ts';
import { shareOut } from '../../../src/sync/runs/share-out.ts';

interface Item {
  entity?: Entity;
  number: number;
}

/** Two of users and one of roles, again and again. */
async function* itemsOf(count: number, pulled: number[] = []): AsyncGenerator<Item> {
  for (let number = 0; number < count; number += 1) {
    pulled.push(number);
    yield number % 3 === 2 ? { entity: 'roles', number } : { number };
  }
}

test('each entity gets its own items in their order, and its end', async () => {
  const got: Record<string, number[]> = {};
  await shareOut(itemsOf(7), ['users', 'roles'], async (entity, items) => {
    const own: number[] = [];
    for await (const { number } of items) own.push(number);
    got[entity] = own;
  });
  expect(got).toEqual({ users: [0, 1, 3, 4, 6], roles: [2, 5] });
});

test('only one is worked on at any moment, to the very end, and nothing is read ahead of that', async () => {
  const pulled: number[] = [];
  let working = 0;
  const log: number[] = [];
  const work = async (done: number) => {
    working += 1;
    log.push(working, pulled.length - done);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
  };
  let done = 0;
  await shareOut(itemsOf(9, pulled), ['users', 'roles'], async (_entity, items) => {
    await work(0);
    for await (const _ of items) {
      done += 1;
      await work(done);
    }
    await work(pulled.length);
  });
  expect(done).toBe(9);
  expect(new Set(log)).toEqual(new Set([1, 0]));
});

test('what the source throws is told to all of them, and thrown when all have stopped', async () => {
  const told: string[] = [];
  async function* breaking(): AsyncGenerator<Item> {
    yield* itemsOf(4);
    throw new Error('down');
  }
  const reading = shareOut(breaking(), ['users', 'roles'], async (entity, items) => {
    try {
      for await (const _ of items);
    } catch (error) {
      told.push(`${entity}: ${(error as Error).message}`);
      throw error;
    }
  });
  await expect(reading).rejects.toThrow('down');
  expect(told).toEqual(['users: down', 'roles: down']);
});

test('where one cannot go on the source is left, and the others stop with the same error', async () => {
  const pulled: number[] = [];
  const told: string[] = [];
  const reading = shareOut(itemsOf(1_000, pulled), ['users', 'roles'], async (entity, items) => {
    try {
      for await (const _ of items) if (entity === 'roles') throw new Error('lost');
    } catch (error) {
      told.push(`${entity}: ${(error as Error).message}`);
      throw error;
    }
  });
  await expect(reading).rejects.toThrow('lost');
  expect(pulled).toEqual([0, 1, 2]);
  expect(told).toEqual(['roles: lost', 'users: lost']);
});

test('one that fails before it asks for anything does not keep the others waiting', async () => {
  const reading = shareOut(itemsOf(5), ['users', 'roles'], async (entity, items) => {
    if (entity === 'users') throw new Error('full');
    for await (const _ of items);
  });
  await expect(reading).rejects.toThrow('full');
});

test('an entity that nobody asked for is a fault of the connector', async () => {
  const reading = shareOut(itemsOf(5), ['users'], async (_entity, items) => {
    for await (const _ of items);
  });
  await expect(reading).rejects.toThrow('roles');
});
