import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectors } from '../connectors/index.ts';
import { createOutbound } from '../src/platform/outbound/fetch.ts';
import { recordConnector } from './connector-recording.ts';
import { scrub } from './connector-scrub.ts';
import { knowValues } from './connector-scrub-values.ts';

/** `npm run connector:record -- <id> --settings <file>`: fixtures of a real source, without its people and secrets. */
const usage =
  'npm run connector:record -- <id> --settings <file.json> [--name recorded] [--pages 2] [--page-size 5] [--local]';

function stop(words: string): never {
  console.error(words);
  process.exit(2);
}

function readSettings(file: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
  } catch {
    // Its words would quote the file, and there are secrets in it.
  }
  return stop(`${file} cannot be read, or is no JSON object of the connector's settings.`);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    settings: { type: 'string' },
    name: { type: 'string', default: 'recorded' },
    pages: { type: 'string', default: '2' },
    'page-size': { type: 'string', default: '5' },
    local: { type: 'boolean', default: false },
  },
});
const [id] = positionals;
const connector = connectors.find((known) => known.id === id);
if (connector === undefined) {
  stop(`Name a connector: ${connectors.map((known) => known.id).join(', ')}.\n${usage}`);
}
if (values.settings === undefined) stop(`Give the file with the settings.\n${usage}`);
if (!/^[a-z0-9-]+$/.test(values.name)) stop('The name of a fixture is of small letters, digits and hyphens.');

const howMany = (text: string, option: string) =>
  /^[1-9]\d{0,3}$/.test(text) ? Number(text) : stop(`${option} is a whole number from 1 to 9999.`);
const [pages, pageSize] = [howMany(values.pages, '--pages'), howMany(values['page-size'], '--page-size')];

const settings = readSettings(values.settings);
const outbound = createOutbound({ allowLoopback: values.local, userAgent: 'Gatehouse (recording)' });
try {
  const options = { outbound, pages, pageSize };
  const recording = await recordConnector(connector, settings, options);
  if (recording.exchanges.length === 0)
    stop('The connector made no calls: it reads files, of which nothing is recorded.');
  const fixtures = scrub(recording, knowValues(connector, settings, recording), `${connector.id}.example`);
  const file = path.join('test', 'connectors', connector.id, 'fixtures', `${values.name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(fixtures, undefined, 2)}\n`);
  console.log(
    `${fixtures.length} exchanges, ${recording.rows.length} rows: ${file}\nLook through it before you commit it.`,
  );
} finally {
  await outbound.close();
}
