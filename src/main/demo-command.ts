import path from 'node:path';
import type { Config } from '../config.ts';

/**
 * How to call the hub's commands beside the demo. They read settings as a hub does, and the demo has others: its data and
 * its packages lie apart, and its partners are on this machine.
 */
export function demoCommand({ dataDir, dropFolder, port, baseUrl }: Config): string {
  const settings = [
    ...(baseUrl === `http://hub.localhost:${port}` && port !== 3000 ? [`PORT=${port}`] : []),
    `GATEHOUSE_DATA=${fromHere(dataDir)}`,
    ...(dropFolder === undefined ? [] : [`GATEHOUSE_DROP_FOLDER=${fromHere(dropFolder)}`]),
    'ALLOW_LOOPBACK=true',
  ];
  return `${settings.join(' ')} npm run hub --`;
}

/** The shorter of the two ways to write a folder below the one of this program. */
function fromHere(folder: string): string {
  const below = path.relative(process.cwd(), folder);
  return below.startsWith('..') ? folder : below;
}
