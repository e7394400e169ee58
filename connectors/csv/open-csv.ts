import { COMMA } from './byte-kinds.ts';
import { decode, type Encoding } from './decode.ts';
import { FindingLog } from './finding-log.ts';
import { findHeader, type Header, type HeaderOptions } from './header.ts';
import { KEPT } from './record-layout.ts';
import { RecordScanner } from './record-scanner.ts';
import { enoughRecords } from './surplus.ts';

/** A file of a source. */
export interface CsvFile {
  readonly name: string;
  /** As the source lists it. */
  readonly bytes: number;
  readonly read: () => AsyncIterable<Buffer>;
}

export interface CsvOptions extends HeaderOptions {
  readonly encoding?: Encoding | undefined;
  /** The last line may lack its end; otherwise such a file counts as cut. */
  readonly lastLineMayLackEnd?: boolean | undefined;
  /** `surplus` of another file of the same exporter: asked where this one has too few records to tell. */
  readonly surplusElsewhere?: (() => Promise<number>) | undefined;
}

/** A file whose header is read, and nothing more. */
export interface OpenCsv {
  readonly header: Header;
  /**
   * The records, cleaned: line's number first, then the fields that are kept, RFC 4180 with LF; each block holds whole
   * records. To be read once.
   *
   * @param keep by field of the header: LEFT_OUT, KEPT or WATCHED
   */
  records(keep: Uint8Array): AsyncIterable<Buffer>;
  /** How many empty fields all of the first records have behind the last column. In place of the records. */
  surplus(): Promise<number>;
  /** Once the records have ended. */
  readonly outcome: Readonly<CsvOutcome>;
  close(): Promise<void>;
}

export interface CsvOutcome {
  /** Whether the file was read to its end, and is whole as far as can be told: what is not in it is not there. */
  isWhole: boolean;
  rows: number;
  /** By field of the header: how often one that is not kept, or is watched, held something. */
  filled: Uint32Array;
}

/** Rows in a thousand that may be unreadable before nothing counts as missing from a file. */
const badRowsAllowed = 1;

/**
 * Opens a file and reads its header. @returns undefined where there is nothing to read
 */
export async function openCsv(
  file: CsvFile,
  findings: FindingLog,
  options: CsvOptions = {},
): Promise<OpenCsv | undefined> {
  const counter = { bytes: 0 };
  const blocks = decode(counted(file.read(), counter), options.encoding ?? 'auto', findings);
  const iterator = blocks[Symbol.asyncIterator]();
  const close = async () => {
    await iterator.return?.();
  };
  let head = Buffer.alloc(0);
  let header: Header | undefined;
  while (header === undefined) {
    const { done = false, value } = await iterator.next();
    if (!done) head = Buffer.concat([head, value]);
    header = findHeader(head, done, options);
  }
  if (header.names.length === 0 || header.isTooLong) {
    findings.add(header.isTooLong ? 'header_too_long' : 'empty_file');
    await close();
    return undefined;
  }
  if (header.delimiter !== COMMA && options.delimiter === undefined)
    findings.add('wrong_delimiter', { line: 1 });
  const { names, end } = header;
  const outcome: CsvOutcome = { isWhole: false, rows: 0, filled: new Uint32Array(names.length) };
  const layout = { ...header, fields: names.length };
  return {
    header,
    outcome,
    close,
    async surplus() {
      const keep = new Uint8Array(names.length).fill(KEPT);
      const scanner = new RecordScanner({ ...layout, keep, blankFields: 0 }, new FindingLog(file.name));
      for await (const block of withRest(head.subarray(end), iterator)) {
        scanner.push(block);
        if (scanner.stopped || scanner.rows > 0 || scanner.rejected >= enoughRecords) break;
      }
      return scanner.surplus.ofAll(scanner.rows, scanner.rejected);
    },
    async *records(keep) {
      let log = new FindingLog(file.name);
      let scanner = new RecordScanner({ ...layout, keep, blankFields: 0 }, log);
      yield* scan(scanner, withRest(head.subarray(end), iterator));
      const blankFields = await habitOf(scanner, options);
      if (blankFields > 0) {
        // Not one record was given, and what all of them have in excess is known now.
        log = new FindingLog(file.name);
        scanner = new RecordScanner({ ...layout, keep, blankFields }, log);
        counter.bytes = 0;
        const again = decode(
          counted(file.read(), counter),
          options.encoding ?? 'auto',
          new FindingLog(file.name),
        );
        yield* scan(scanner, from(again, end));
        findings.add('extra_empty_fields', { count: scanner.rows });
      }
      findings.join(log);
      const unendedLine = header.isEnded ? scanner.unendedLine : 1;
      const isUnended = unendedLine !== undefined && options.lastLineMayLackEnd !== true;
      if (isUnended) findings.add('last_line_unended', { line: unendedLine });
      if (counter.bytes !== file.bytes && !scanner.stopped) findings.add('file_cut_short');
      const hasTooManyBadRows = scanner.rejected * 1000 > (scanner.rows + scanner.rejected) * badRowsAllowed;
      if (hasTooManyBadRows) findings.add('too_many_bad_rows', { count: scanner.rejected });
      outcome.rows = scanner.rows;
      outcome.filled = scanner.filled;
      outcome.isWhole = scanner.isWhole && !isUnended && counter.bytes === file.bytes && !hasTooManyBadRows;
    },
  };
}

/** Empty fields behind the last column that are the exporter's habit. */
async function habitOf(
  { surplus, rows, rejected }: RecordScanner,
  { surplusElsewhere }: CsvOptions,
): Promise<number> {
  const few = surplus.ofFew(rows, rejected);
  if (few > 0) return (await surplusElsewhere?.()) === few ? few : 0;
  return surplus.ofAll(rows, rejected);
}

async function* scan(scanner: RecordScanner, blocks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const block of blocks) {
    const cleaned = scanner.push(block);
    if (cleaned.length > 0) yield cleaned;
    if (scanner.stopped) break;
  }
  const last = scanner.end();
  if (last.length > 0) yield last;
}

async function* from(blocks: AsyncIterable<Buffer>, start: number): AsyncIterable<Buffer> {
  let before = start;
  for await (const block of blocks) {
    if (before < block.length) yield block.subarray(before);
    before = Math.max(0, before - block.length);
  }
}

/** What was read ahead, and then the rest, which is ended too where nobody has come to it. */
async function* withRest(ahead: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  try {
    yield ahead;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    await rest.return?.();
  }
}

async function* counted(blocks: AsyncIterable<Buffer>, counter: { bytes: number }): AsyncIterable<Buffer> {
  for await (const block of blocks) {
    counter.bytes += block.length;
    yield block;
  }
}
