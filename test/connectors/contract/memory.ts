import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Harness } from './harness.ts';
import { openConnector } from './reading.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Reads a large source and throws its rows away.
 *
 * @returns how much more was held at the worst moment than when the first rows had come: what a read takes at all is in both
 */
export async function measureReading(
  harness: Harness,
  rows: number,
): Promise<{ rows: number; grownBytes: number }> {
  const source = await harness.startLarge(rows);
  const { connector, context } = openConnector(harness, source);
  const looks: number[] = [];
  let seen = 0;
  /** At the first rows and at each quarter: collecting takes longer than reading. */
  const look = async () => {
    if (looks.length === 0 || seen >= (looks.length * rows) / 4) looks.push(await held());
  };
  const request = { entity: harness.entity, mode: 'full', state: undefined, resumes: false } as const;
  for await (const part of connector.read(context, request)) {
    if (part.kind === 'page') {
      seen += part.rows.length;
      await look();
    } else if (part.kind === 'raw') {
      for await (const chunk of part.chunks) {
        for (const byte of chunk) if (byte === 0x0a) seen += 1;
        await look();
      }
    }
  }
  const [first = Number.NaN] = looks;
  return { rows: seen, grownBytes: Math.max(...looks) - first };
}

/** Bytes in use. Memory outside of the heap is given back a turn after what held it is gone. */
async function held(): Promise<number> {
  for (let turn = 0; turn < 2; turn++) {
    collect();
    await nextTurn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
