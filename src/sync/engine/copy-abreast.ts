import { ConnectorError } from '../../../contracts/connector.ts';

/** How much one process of the server has taken in before another is asked to help: it is not worth asking for less. */
const enoughBytes = 4_000_000;

const endOfRecord = 0x0a;

/** Copies the chunks it is given, whose memory is its own until it asks for the next. @returns how many rows they were */
type Copy = (chunks: AsyncIterable<Buffer>, signal: AbortSignal) => Promise<number>;

/**
 * Hands the chunks of one text to two who copy it abreast, each chunk to whom asks first: reading a record costs the
 * database more than it costs us to find where it ends. Where the second cannot begin, the first does it alone.
 *
 * @param chunks each of whole records
 * @returns how many rows all of them were
 * @throws what the first that failed has thrown, once neither is at work any more; ConnectorError `answer_invalid` where a
 * chunk ends within a record
 */
export async function copyAbreast(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
  copy: Copy,
): Promise<number> {
  const source = chunks[Symbol.asyncIterator]();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const copying: Promise<number>[] = [];
  let taken = 0;
  let given: Promise<unknown> = Promise.resolve();

  async function next(own: Memory): Promise<IteratorResult<Buffer>> {
    const result = await source.next();
    if (result.done === true) return result;
    if (result.value.length > 0 && result.value.at(-1) !== endOfRecord) throw cutRecord();
    taken += result.value.length;
    if (taken >= enoughBytes && copying.length === 1 && !either.aborted) begin();
    return { done: false, value: own.keep(result.value) };
  }

  /** One after the other: what is asked for next may be written over what was given last. */
  function ask(own: Memory): Promise<IteratorResult<Buffer>> {
    const asked = given.then(() => next(own));
    given = asked.catch(() => undefined);
    return asked;
  }

  function begin(): void {
    const isHelper = copying.length > 0;
    let hasBegun = false;
    const memory = createMemory();
    const own = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          hasBegun = true;
          return ask(memory);
        },
      }),
    };
    const one = copy(own, either).catch((error: unknown) => {
      // No connection was to be had, perhaps. It has taken nothing yet.
      if (isHelper && !hasBegun && !either.aborted) return 0;
      failed.abort(error);
      throw error;
    });
    one.catch(() => undefined);
    copying.push(one);
  }

  begin();
  try {
    let rows = 0;
    // The second may begin while the first is waited for.
    for (const one of copying) rows += await one;
    return rows;
  } catch (error) {
    // The other was only told to stop.
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    await Promise.allSettled(copying);
    await source.return?.();
  }
}

/** Memory for one chunk at a time. */
interface Memory {
  keep(chunk: Buffer): Buffer;
}

function createMemory(): Memory {
  let memory = Buffer.alloc(0);
  return {
    keep: (chunk) => {
      if (memory.length < chunk.length) memory = Buffer.allocUnsafe(2 * chunk.length);
      chunk.copy(memory);
      return memory.subarray(0, chunk.length);
    },
  };
}

function cutRecord(): ConnectorError {
  return new ConnectorError(
    'answer_invalid',
    'chunk_within_record',
    'The connector gives text whose chunks end within a record. Each must hold whole records.',
  );
}
