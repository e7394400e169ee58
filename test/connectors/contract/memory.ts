import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Harness } from './harness.ts';
import { openConnector } from './reading.ts';

/** Reads a large source and throws its rows away. @returns how much more was held at the worst moment than before */
export async function measureReading(
  harness: Harness,
  rows: number,
): Promise<{ rows: number; grownBytes: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const source = await harness.startLarge(rows);
  const { connector, context } = openConnector(harness, source);
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = held();
  let worst = before;
  let seen = 0;
  let looked = 0;
  /** At each quarter: collecting takes longer than reading. */
  const look = (progress: number) => {
    if (progress - looked < rows / 4) return;
    looked = progress;
    worst = Math.max(worst, held());
  };
  const request = { entity: harness.entity, mode: 'full', state: undefined, resumes: false } as const;
  for await (const part of connector.read(context, request)) {
    if (part.kind === 'page') {
      seen += part.rows.length;
      look(seen);
    } else if (part.kind === 'raw') {
      for await (const chunk of part.chunks) {
        for (const byte of chunk) if (byte === 0x0a) seen += 1;
        look(seen);
      }
    }
  }
  return { rows: seen, grownBytes: worst - before };
}
