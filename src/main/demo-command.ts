import path from 'node:path';
import { type Config, readConfig } from '../config.ts';

/**
 * How to call the hub's commands beside the demo: as `--demo`, in whose place its data lie, and with the settings that the
 * demo was given.
 */
export function demoCommand({ dataDir, dropFolder, port, baseUrl }: Config): string {
  const usual = readConfig({ environment: {}, demo: true });
  const settings = [
    ...(port === usual.port ? [] : [`PORT=${port}`]),
    ...(baseUrl === `http://hub.localhost:${port}` ? [] : [`GATEHOUSE_URL=${baseUrl}`]),
    ...(dataDir === usual.dataDir ? [] : [`GATEHOUSE_DATA=${quoted(fromHere(path.dirname(dataDir)))}`]),
    ...(dropFolder === undefined || dropFolder === path.join(dataDir, 'packages')
      ? []
      : [`GATEHOUSE_DROP_FOLDER=${quoted(fromHere(dropFolder))}`]),
  ];
  return [...settings, 'npm run hub -- --demo'].join(' ');
}

/** The shorter of the two ways to write a folder below the one of this program. */
function fromHere(folder: string): string {
  const below = path.relative(process.cwd(), folder);
  return below.startsWith('..') ? folder : below;
}

/** A text as shells take it for one word. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
