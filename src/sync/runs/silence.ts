import type { Connector, Page, Raw, Seal } from '../../../contracts/connector.ts';
import { ConnectorError } from '../../../contracts/connector.ts';

type Item = Page | Raw | Seal;

/**
 * The connector, whose reads fail where the source gives nothing for so long: one that hangs would keep the run, and its room,
 * for ever. Time in which nobody asks for more does not count.
 */
export function untilSilent(connector: Connector, ms: number): Connector {
  return {
    ...connector,
    read: (context, request) => withChunks(limited(connector.read(context, request), ms), ms),
  };
}

async function* withChunks(items: AsyncIterable<Item>, ms: number): AsyncIterable<Item> {
  for await (const item of items) {
    yield item.kind === 'raw' ? { ...item, chunks: limited(item.chunks, ms) } : item;
  }
}

async function* limited<T>(items: AsyncIterable<T>, ms: number): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  let isSilent = false;
  try {
    for (;;) {
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        isSilent = true;
        silence.reject(silent(ms));
      }, ms);
      // A copy that stops does not wait for it.
      timer.unref();
      const next = await Promise.race([iterator.next(), silence.promise]).finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // One that hangs would not hear it.
    if (!isSilent) await iterator.return?.();
  }
}

function silent(ms: number): ConnectorError {
  const minutes = Math.ceil(ms / 60_000);
  return new ConnectorError(
    'unavailable',
    'source_silent',
    `The source has sent nothing for ${minutes} minutes. The run goes on later.`,
  );
}

/**
 * What the work comes to; where it does not end in time after the signal, it is left alone. What it still does is refused, by
 * its lease and by its place in staging.
 *
 * @throws the signal's reason
 */
export function orGiveUp<T>(work: Promise<T>, signal: AbortSignal, graceMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => late.reject(signal.reason), graceMs);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, late.promise]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}
