import { expect, test } from 'vitest';
import { copyAbreast } from '../../../src/sync/engine/copy-abreast.ts';

const large = 1_500_000;
const never = new AbortController().signal;

/** Chunks of a size each, told apart by their first byte. */
async function* chunksOf(count: number, bytes: number): AsyncGenerator<Buffer> {
  for (let number = 0; number < count; number++) yield chunk(number, bytes);
}

function chunk(number: number, bytes: number): Buffer {
  const made = Buffer.alloc(bytes, number);
  made[bytes - 1] = 0x0a;
  return made;
}

/** Copies that keep what they were given; a row is a chunk. */
function keeping() {
  const kept: number[][] = [];
  const copy = async (chunks: AsyncIterable<Buffer>) => {
    const own: number[] = [];
    kept.push(own);
    for await (const chunk of chunks) own.push(chunk[0]!);
    return own.length;
  };
  return { kept, copy };
}

test('what is short is copied by one, in its order', async () => {
  const { kept, copy } = keeping();
  expect(await copyAbreast(chunksOf(20, 1_000), never, copy)).toBe(20);
  expect(kept).toEqual([Array.from({ length: 20 }, (_none, number) => number)]);
});

test('of what is long two take every chunk once', async () => {
  const { kept, copy } = keeping();
  expect(await copyAbreast(chunksOf(30, large), never, copy)).toBe(30);
  expect(kept).toHaveLength(2);
  expect(kept.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_none, number) => number));
  for (const own of kept) expect(own.length).toBeGreaterThan(0);
});

test('what one of the two is given stays as it is while the other asks for more, in the same memory', async () => {
  const memory = Buffer.alloc(large);
  async function* chunks() {
    for (let number = 0; number < 30; number++) {
      chunk(number, large).copy(memory);
      yield memory;
    }
  }
  const changed: number[] = [];
  const copy = async (given: AsyncIterable<Buffer>) => {
    let count = 0;
    for await (const own of given) {
      const [first] = own;
      await new Promise((resolve) => setImmediate(resolve));
      if (own[0] !== first || own.at(-2) !== first) changed.push(first!);
      count += 1;
    }
    return count;
  };
  expect(await copyAbreast(chunks(), never, copy)).toBe(30);
  expect(changed).toEqual([]);
});

test('a text without rows is copied all the same', async () => {
  const { kept, copy } = keeping();
  expect(await copyAbreast(chunksOf(0, 2), never, copy)).toBe(0);
  expect(kept).toEqual([[]]);
});

test('where one fails the other is stopped, and its error is the one that is told', async () => {
  let begun = 0;
  let stopped = 0;
  const copy = async (chunks: AsyncIterable<Buffer>, signal: AbortSignal) => {
    begun += 1;
    const isSecond = begun === 2;
    for await (const _chunk of chunks) {
      if (isSecond) throw new Error('the second connection broke');
      if (signal.aborted) break;
    }
    stopped += 1;
    throw signal.reason ?? new Error('was not told');
  };
  await expect(copyAbreast(chunksOf(1_000, large), never, copy)).rejects.toThrow(
    'the second connection broke',
  );
  expect({ begun, stopped }).toEqual({ begun: 2, stopped: 1 });
});

test('what the source throws is told, and the source is closed', async () => {
  let closed = false;
  async function* broken(): AsyncGenerator<Buffer> {
    try {
      yield* chunksOf(5, large);
      throw new Error('cut off');
    } finally {
      closed = true;
    }
  }
  await expect(copyAbreast(broken(), never, keeping().copy)).rejects.toThrow('cut off');
  expect(closed).toBe(true);
});

test('copies that give up before the end close the source', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield chunk(1, 1_000);
    } finally {
      closed = true;
    }
  }
  const copy = async (chunks: AsyncIterable<Buffer>) => {
    for await (const _chunk of chunks) break;
    throw new Error('row 3 is not a number');
  };
  await expect(copyAbreast(endless(), never, copy)).rejects.toThrow('row 3');
  expect(closed).toBe(true);
});

test('where nobody can help one copies all of it', async () => {
  const { kept, copy } = keeping();
  let asked = 0;
  const alone = async (chunks: AsyncIterable<Buffer>) => {
    asked += 1;
    if (asked > 1) throw new Error('no connection to be had');
    return copy(chunks);
  };
  expect(await copyAbreast(chunksOf(30, large), never, alone)).toBe(30);
  expect(asked).toBe(2);
  expect(kept).toHaveLength(1);
});

test('nobody is asked to help with what has failed, and all is over when that is told', async () => {
  const told: string[] = [];
  const waiting = Promise.withResolvers<void>();
  async function* late(): AsyncGenerator<Buffer> {
    yield chunk(1, 1_000);
    await waiting.promise;
    yield chunk(2, 5_000_000);
  }
  const copy = async (chunks: AsyncIterable<Buffer>) => {
    told.push('begun');
    const iterator = chunks[Symbol.asyncIterator]();
    await iterator.next();
    void iterator.next();
    setImmediate(() => waiting.resolve());
    throw new Error('row 3 is not a number');
  };
  await expect(copyAbreast(late(), never, copy)).rejects.toThrow('row 3');
  expect(told).toEqual(['begun']);
});

test("a chunk that ends within a record is the connector's fault, and told as such", async () => {
  async function* cut(): AsyncGenerator<Buffer> {
    yield Buffer.from('2,s1,North');
    yield Buffer.from(' School\n');
  }
  await expect(copyAbreast(cut(), never, keeping().copy)).rejects.toMatchObject({
    failure: 'answer_invalid',
    code: 'chunk_within_record',
  });
});
