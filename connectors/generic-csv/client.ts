import {
  type CheckReport,
  type ConnectorContext,
  ConnectorError,
  type Discovery,
  type OpenedFiles,
  type Page,
  type Raw,
  type ReadRequest,
  type Seal,
} from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { FindingLog } from '../csv/finding-log.ts';
import { type CsvFile, type OpenCsv, openCsv } from '../csv/open-csv.ts';
import { placeOf } from '../csv/place.ts';
import { readRecords, rewriteRecords } from '../csv/records.ts';
import { checkMapping, type FileMap, findMissing, mapFile } from './map.ts';
import type { FileMapping, Settings } from './settings.ts';

type Context = ConnectorContext<Settings>;

/** One opening for all that a run reads, though newer files may lie there meanwhile. It is closed with the context. */
const openings = new WeakMap<Context, Promise<OpenedFiles>>();

function filesOf(context: Context): Promise<OpenedFiles> {
  const known = openings.get(context);
  if (known !== undefined) return known;
  const opening = context.files.open(placeOf(context.settings));
  openings.set(context, opening);
  opening.catch(() => openings.delete(context));
  return opening;
}

/** Opens every file of the mapping and compares its header with what the mapping needs. */
export async function checkFiles(context: Context): Promise<CheckReport> {
  const opened = await filesOf(context);
  const { files } = context.settings;
  for (const mapping of files) {
    checkMapping(mapping);
    const file = findFile(opened, mapping);
    if (file === undefined) {
      throw new ConnectorError(
        'source_missing',
        'mapped_file_missing',
        `There is no file "${mapping.file}", which the mapping of ${mapping.entity} names. Export it, or correct the name.`,
      );
    }
    await checkHeader(context, mapping, file);
  }
  return {
    source: `CSV files with a mapping (${opened.entries.length} files)`,
    entities: entities.filter((entity) => files.some((mapping) => mapping.entity === entity)),
    warnings: [],
  };
}

async function checkHeader(context: Context, mapping: FileMapping, file: CsvFile): Promise<void> {
  const csv = await openMapped(context, mapping, file, new FindingLog(file.name));
  await csv?.close();
  const missing = csv === undefined ? [] : findMissing(mapping, csv.header.names);
  if (csv !== undefined && missing.length === 0) return;
  throw new ConnectorError(
    'settings',
    csv === undefined ? 'mapped_file_empty' : 'mapping_unfit',
    csv === undefined
      ? `The file "${mapping.file}" is empty. Export it again, with a header.`
      : `The file "${mapping.file}" has no column ${missing.map((name) => `"${name}"`).join(', ')}. ` +
          `Correct the mapping of ${mapping.entity}, the file's delimiter, or what is exported.`,
  );
}

/** The schools among the orgs. */
export async function discoverSchools(context: Context): Promise<Discovery> {
  const opened = await filesOf(context);
  const schools: { sourcedId: string; name: string }[] = [];
  for (const mapping of context.settings.files.filter(({ entity }) => entity === 'orgs')) {
    const log = new FindingLog(mapping.file);
    const bound = await bind(context, mapping, findFile(opened, mapping), log);
    if (bound === undefined) continue;
    const { csv, map } = bound;
    const [id, name, type] = ['sourcedId', 'name', 'type'].map((column) => map.columns.indexOf(column));
    for await (const block of csv.records(map.keep)) {
      readRecords(block.toString(), (fields) => {
        for (const row of map.rewrite(fields)) {
          if (row[type ?? -1] === 'school')
            schools.push({ sourcedId: row[id ?? -1] ?? '', name: row[name ?? -1] ?? '' });
        }
      });
    }
  }
  return { schools };
}

/** Reads all files that hold an entity's rows; they are sealed together, where all of them are whole. */
export async function* readEntity(
  context: Context,
  { entity }: ReadRequest,
): AsyncIterable<Page | Raw | Seal> {
  const mappings = context.settings.files.filter((mapping) => mapping.entity === entity);
  if (mappings.length === 0) return;
  const opened = await filesOf(context);
  let isWhole = true;
  let given = 0;
  for (const mapping of mappings) {
    checkMapping(mapping);
    const file = findFile(opened, mapping);
    const part = file?.name ?? mapping.file;
    const log = new FindingLog(part);
    const bound = await bind(context, mapping, file, log);
    if (bound === undefined) {
      isWhole = false;
      yield { kind: 'page', part, first: 1, rows: [], findings: log.list() };
      continue;
    }
    const { csv, map } = bound;
    const rewrite = (fields: string[]) => {
      const rows = map.rewrite(fields);
      given += rows.length;
      return rows;
    };
    const chunks = untilAborted(rewriteRecords(csv.records(map.keep), rewrite), context.signal);
    yield { kind: 'raw', part, columns: map.columns, chunks, findings: () => log.list() };
    isWhole &&= csv.outcome.isWhole && log.count('sourced_id_empty') * 1000 <= csv.outcome.rows;
  }
  if (isWhole) yield { kind: 'seal', expected: given, state: undefined };
}

async function bind(
  context: Context,
  mapping: FileMapping,
  file: CsvFile | undefined,
  log: FindingLog,
): Promise<{ csv: OpenCsv; map: FileMap } | undefined> {
  if (file === undefined) {
    log.add('file_missing');
    return undefined;
  }
  const csv = await openMapped(context, mapping, file, log);
  if (csv === undefined) return undefined;
  const { names } = csv.header;
  const missing = findMissing(mapping, names);
  for (const column of missing) log.add('mapped_column_missing', { line: 1, column });
  if (missing.length > 0) {
    await csv.close();
    return undefined;
  }
  return { csv, map: mapFile(mapping, names, (code, at) => log.add(code, at)) };
}

const delimiters = { auto: undefined, comma: 0x2c, semicolon: 0x3b, tab: 0x09, pipe: 0x7c };

function openMapped(
  { settings }: Context,
  mapping: FileMapping,
  file: CsvFile,
  log: FindingLog,
): Promise<OpenCsv | undefined> {
  return openCsv(file, log, {
    encoding: mapping.encoding,
    delimiter: delimiters[mapping.delimiter],
    headerMayBreak: true,
    lastLineMayLackEnd: settings.lastLineMayLackEnd,
  });
}

/** The file that a mapping names, in any case and folder; of several the last by name. */
function findFile(opened: OpenedFiles, { file }: FileMapping): CsvFile | undefined {
  const pattern = file.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  const matches = new RegExp(`(^|/)${pattern}$`, 'i');
  const found = opened.entries
    .filter(({ name }) => matches.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .at(-1);
  return found && { name: found.name, bytes: found.bytes, read: () => opened.read(found.name) };
}

async function* untilAborted(blocks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncIterable<Buffer> {
  for await (const block of blocks) {
    signal.throwIfAborted();
    yield block;
  }
}
