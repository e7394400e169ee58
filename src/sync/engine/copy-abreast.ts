/** How much one process of the server has taken in before another is asked to help: it is not worth asking for less. */
const enoughBytes = 4_000_000;

/**
 * Hands the chunks of one text to two who copy it abreast, each chunk to whom asks first: reading a record costs the
 * database more than it costs us to find where it ends.
 *
 * @param chunks each of whole records
 * @param copy copies the chunks it is given. @returns how many rows they were
 * @returns how many rows all of them were
 * @throws what the first that failed has thrown, once neither is at work any more
 */
export async function copyAbreast(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal,
  copy: (chunks: AsyncIterable<Buffer>, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const source = chunks[Symbol.asyncIterator]();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const copying: Promise<number>[] = [];
  let taken = 0;

  const shared: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const result = await source.next();
        if (result.done !== true) taken += result.value.length;
        if (taken >= enoughBytes && copying.length === 1 && result.done !== true) begin();
        return result;
      },
    }),
  };
  function begin(): void {
    const one = copy(shared, either);
    one.catch((error: unknown) => failed.abort(error));
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
