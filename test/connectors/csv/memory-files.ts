import { FindingLog } from '../../../connectors/csv/finding-log.ts';
import { type CsvFile, type CsvOptions, openCsv } from '../../../connectors/csv/open-csv.ts';
import { readRecords } from '../../../connectors/csv/records.ts';
import type {
  ConnectorContext,
  FileSource,
  Page,
  Raw,
  ReadRequest,
  Seal,
} from '../../../contracts/connector.ts';

export interface MemoryFile {
  bytes: Buffer;
  /** Bytes a piece; default all at once. */
  piece?: number;
  /** Bytes that come, as when a line breaks; default all. */
  cutAt?: number;
}

export type MemoryFiles = Record<string, string | Buffer | MemoryFile>;

export async function* pieces(bytes: Buffer, piece = bytes.length): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

/** When packages were made: unix milliseconds. */
export interface Dates {
  modifiedAt?: number;
  passedOver?: readonly number[];
}

/** Files that are only in memory. */
export function memoryFiles(
  files: MemoryFiles,
  { modifiedAt, passedOver }: Dates = {},
): FileSource & { opened: number } {
  const held = new Map(
    Object.entries(files).map(([name, file]): [string, MemoryFile] => [
      name,
      typeof file === 'string'
        ? { bytes: Buffer.from(file) }
        : Buffer.isBuffer(file)
          ? { bytes: file }
          : file,
    ]),
  );
  const source = {
    opened: 0,
    async open() {
      source.opened += 1;
      return {
        entries: [...held].map(([name, { bytes }]) => ({ name, bytes: bytes.length })),
        findings: [],
        modifiedAt,
        passedOver,
        read: (name: string) => {
          const { bytes, piece, cutAt } = held.get(name) as MemoryFile;
          return pieces(bytes.subarray(0, cutAt), piece);
        },
        close: async () => undefined,
      };
    },
  };
  return source;
}

/** A connector's world that has files and nothing else. */
export function memoryContext<Settings>(
  settings: Settings,
  files: MemoryFiles,
  dates?: Dates,
): ConnectorContext<Settings> & { files: { opened: number } } {
  return {
    settings,
    files: memoryFiles(files, dates),
    fetch: () => Promise.reject(new Error('No call is expected.')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 10, 21),
    log: () => undefined,
  };
}

/** Everything that a connector gave for an entity. */
export interface Reading {
  parts: string[];
  columns: readonly string[];
  /** Rows of raw text by column, with their line. */
  rows: Record<string, string>[];
  /** As code, and code@line#column where it has them. */
  findings: string[];
  codes: string[];
  seal: Seal | undefined;
  text: string;
}

/** Drains what a connector gives, as the host does. */
export async function drain(source: AsyncIterable<Page | Raw | Seal>): Promise<Reading> {
  const reading: Reading = {
    ...{ parts: [], columns: [], rows: [], findings: [], codes: [] },
    ...{ seal: undefined, text: '' },
  };
  for await (const item of source) {
    if (item.kind === 'seal') {
      reading.seal = item;
      continue;
    }
    reading.parts.push(item.part);
    if (item.kind === 'raw') {
      reading.columns = item.columns;
      let text = '';
      for await (const chunk of item.chunks) text += chunk.toString();
      reading.text += text;
      readRecords(text, (fields) =>
        reading.rows.push(Object.fromEntries(item.columns.map((name, index) => [name, fields[index] ?? '']))),
      );
    }
    const findings = (item.kind === 'raw' ? item.findings() : item.findings) ?? [];
    for (const { code, line, column } of findings) {
      const place = `${line === undefined ? '' : `@${line}`}${column === undefined ? '' : `#${column}`}`;
      reading.findings.push(`${code}${place}`);
      reading.codes.push(code);
    }
  }
  return reading;
}

export function request(entity: ReadRequest['entity'], changes: Partial<ReadRequest> = {}): ReadRequest {
  return { entity, mode: 'full', state: undefined, resumes: false, ...changes };
}

/** What becomes of one file. */
export async function scan(
  bytes: Buffer | string,
  options: CsvOptions & { piece?: number; keep?: number[]; listed?: number } = {},
): Promise<{
  names: readonly string[];
  rows: string[][];
  findings: string[];
  isWhole: boolean;
  text: string;
}> {
  const content = Buffer.from(bytes);
  const file: CsvFile = {
    name: 'file.csv',
    bytes: options.listed ?? content.length,
    read: () => pieces(content, options.piece),
  };
  const log = new FindingLog(file.name);
  const csv = await openCsv(file, log, options);
  const rows: string[][] = [];
  let text = '';
  if (csv !== undefined) {
    const keep = options.keep ?? csv.header.names.map(() => 1);
    for await (const block of csv.records(Uint8Array.from(keep))) text += block.toString();
    readRecords(text, (fields) => rows.push(fields));
  }
  const findings = log.list().map(({ code, line }) => (line === undefined ? code : `${code}@${line}`));
  return { names: csv?.header.names ?? [], rows, findings, isWhole: csv?.outcome.isWhole ?? false, text };
}
