import { on } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The largest piece that is given. */
export const pieceBytes = 256 * 1024;
export const slotCount = 4;
/** Pieces of the compressed file that the thread has not taken in yet. */
const mostAhead = 2;

/** The slots that pieces lie in, one behind the other. */
export interface Shared {
  memory: SharedArrayBuffer;
}

export type ToThread =
  | { kind: 'compressed'; bytes: Uint8Array }
  | { kind: 'end' }
  | { kind: 'free'; slot: number };

export type FromThread =
  | { kind: 'taken' }
  | { kind: 'piece'; slot: number; length: number }
  | { kind: 'end' }
  | { kind: 'failed'; message: string };

/**
 * Inflates (RFC 1951) in a thread of its own, into memory that is used again. Zlib takes new memory for every piece: here,
 * where much else lives, V8 would search all of it for garbage ten times a second while a large file is read, and keep a
 * core from launches.
 *
 * @param signal ends the thread, also where nobody reads on or says so
 * @returns pieces of 256 kB at most, each to be read before the next is asked for
 * @throws Error where the bytes are no deflated ones, or end too early; what `compressed` throws
 */
export async function* inflateApart(
  compressed: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const shared: Shared = { memory: new SharedArrayBuffer(slotCount * pieceBytes) };
  const thread = new Worker(new URL('./inflate-thread.ts', import.meta.url), { workerData: shared });
  // Met among its messages; after the last of them nobody would hear it, and it would end the process.
  thread.on('error', () => undefined);
  const end = () => void thread.terminate();
  signal.addEventListener('abort', end);
  const messages = on(thread, 'message', { close: ['exit'] }) as AsyncIterableIterator<[FromThread]>;
  const feeding = feed(thread, compressed);
  try {
    for await (const [message] of messages) {
      if (message.kind === 'piece') {
        yield Buffer.from(shared.memory, message.slot * pieceBytes, message.length);
        send(thread, { kind: 'free', slot: message.slot });
      } else if (message.kind === 'failed') throw new Error(message.message);
      else if (message.kind === 'end') return;
    }
    throw feeding.failure() ?? new Error('The thread that inflates has ended too early.');
  } finally {
    signal.removeEventListener('abort', end);
    feeding.stop();
    await thread.terminate();
    await feeding.ended;
  }
}

/** Hands the compressed pieces over as the thread takes them; where they fail, it ends. */
function feed(thread: Worker, compressed: AsyncIterable<Buffer>) {
  let ahead = 0;
  let isStopped = false;
  let failure: unknown;
  let hasRoom = Promise.withResolvers<void>();
  thread.on('message', ({ kind }: FromThread) => {
    if (kind !== 'taken') return;
    ahead -= 1;
    hasRoom.resolve();
  });
  const run = async () => {
    for await (const bytes of compressed) {
      while (ahead >= mostAhead && !isStopped) {
        hasRoom = Promise.withResolvers();
        await hasRoom.promise;
      }
      if (isStopped) return;
      ahead += 1;
      send(thread, { kind: 'compressed', bytes });
    }
    send(thread, { kind: 'end' });
  };
  const ended = run().catch(async (error: unknown) => {
    failure = error;
    await thread.terminate();
  });
  return {
    ended,
    failure: () => failure,
    stop: () => {
      isStopped = true;
      hasRoom.resolve();
    },
  };
}

function send(thread: Worker, message: ToThread): void {
  thread.postMessage(message);
}
