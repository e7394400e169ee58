import { parentPort, workerData } from 'node:worker_threads';
import { createInflateRaw } from 'node:zlib';
import { type FromThread, pieceBytes, type Shared, slotCount, type ToThread } from './inflate-apart.ts';

const port = parentPort;
if (port === null) throw new Error('This file is a thread of inflate-apart.ts.');
const { memory } = workerData as Shared;
const shared = new Uint8Array(memory);
const tell = (message: FromThread) => port.postMessage(message);

const free = Array.from({ length: slotCount }, (_none, slot) => slot);
let freed = Promise.withResolvers<void>();
const inflater = createInflateRaw({ chunkSize: pieceBytes });

port.on('message', (message: ToThread) => {
  if (message.kind === 'free') {
    free.push(message.slot);
    freed.resolve();
  } else if (message.kind === 'compressed') {
    inflater.write(message.bytes, () => tell({ kind: 'taken' }));
  } else inflater.end();
});

async function giveOut(piece: Buffer): Promise<void> {
  while (free.length === 0) {
    freed = Promise.withResolvers();
    await freed.promise;
  }
  const slot = free.pop() as number;
  shared.set(piece, slot * pieceBytes);
  tell({ kind: 'piece', slot, length: piece.length });
}

try {
  for await (const inflated of inflater as AsyncIterable<Buffer>) {
    for (let at = 0; at < inflated.length; at += pieceBytes)
      await giveOut(inflated.subarray(at, at + pieceBytes));
  }
  tell({ kind: 'end' });
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
