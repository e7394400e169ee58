import path from 'node:path';
import { type Config, readConfig } from '../config.ts';

/**
 * How to call the hub's commands beside the demo: as `--demo`, in whose place its data lie, and with the settings that the
 * demo was given.
 */
export function demoCommand({ dataDir, dropFolder, port, baseUrl }: Config): string {
  const usual = readConfig({ environment: {}, demo: true });
  const settings = [
    ...(baseUrl === `http://hub.localhost:${port}` && port !== usual.port ? [`PORT=${port}`] : []),
    ...(dataDir === usual.dataDir ? [] : [`GATEHOUSE_DATA=${fromHere(path.dirname(dataDir))}`]),
    ...(dropFolder === undefined || dropFolder === path.join(dataDir, 'packages')
      ? []
      : [`GATEHOUSE_DROP_FOLDER=${fromHere(dropFolder)}`]),
  ];
  return [...settings, 'npm run hub -- --demo'].join(' ');
}

/** The shorter of the two ways to write a folder below the one of this program. */
function fromHere(folder: string): string {
  const below = path.relative(process.cwd(), folder);
  return below.startsWith('..') ? folder : below;
}
