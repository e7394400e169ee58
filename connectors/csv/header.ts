import { CR, LF, QUOTE } from './byte-kinds.ts';

/** The first line of a file that is not blank. */
export interface Header {
  readonly names: readonly string[];
  /** The byte between fields. */
  readonly delimiter: number;
  readonly endsInCr: boolean;
  /** Whether its line has an end. */
  readonly isEnded: boolean;
  /** The line on which records begin. */
  readonly firstLine: number;
  /** Where in the bytes records begin. */
  readonly end: number;
  /** No table has a first line like this one; the rest of the file is not worth a look. */
  readonly isTooLong: boolean;
}

const delimiters = [',', ';', '\t', '|'] as const;
const longestHeader = 64 * 1024;
/** Far more than the standard's and any vendor's metadata together. */
const mostColumns = 2_000;
/** What Excel writes above a table to name what parts fields: `sep=;`. */
const separatorLine = /^"?sep=(.)"?$/i;

export interface HeaderOptions {
  /** The byte between fields, where it need not be found out. */
  readonly delimiter?: number | undefined;
  /** Names may go over lines where they are quoted; else a quote that is lost would make rows a part of the header. */
  readonly headerMayBreak?: boolean | undefined;
}

/**
 * Finds the header in the first bytes of a file.
 *
 * @param bytes of the file's start, in UTF-8
 * @param isAll whether there are no more
 * @returns undefined while it may still go on; its names are empty where the file holds nothing
 */
export function findHeader(
  bytes: Buffer,
  isAll: boolean,
  { delimiter: given, headerMayBreak = false }: HeaderOptions = {},
): Header | undefined {
  let line = 1;
  let start = 0;
  let isQuoted = false;
  let delimiter = given;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE && headerMayBreak) isQuoted = !isQuoted;
    if (isQuoted || (byte !== LF && byte !== CR)) continue;
    // Whether a carriage return ends lines by itself is told by what follows.
    if (byte === CR && at + 1 === bytes.length) break;
    const endsInCr = byte === CR && bytes[at + 1] !== LF;
    if (byte === CR && !endsInCr) continue;
    const text = bytes.toString('utf8', start, at);
    line += 1;
    start = at + 1;
    const separator = separatorLine.exec(text.trimEnd())?.[1];
    if (separator !== undefined) delimiter ??= separator.charCodeAt(0);
    else if (text.trim() !== '')
      return { ...parse(text, delimiter), endsInCr, isEnded: true, firstLine: line, end: start };
  }
  if (!isAll && bytes.length < longestHeader) return undefined;
  const rest = bytes.toString('utf8', start);
  const isEmpty = rest.trim() === '';
  const header = isEmpty
    ? { names: [], delimiter: delimiter ?? 0x2c, isTooLong: false }
    : parse(rest, delimiter);
  const isTooLong = header.isTooLong || (!isEmpty && bytes.length >= longestHeader);
  return { ...header, isTooLong, endsInCr: false, isEnded: false, firstLine: line, end: bytes.length };
}

function parse(text: string, given: number | undefined): Pick<Header, 'names' | 'delimiter' | 'isTooLong'> {
  const delimiter = given === undefined ? likelyDelimiter(text) : String.fromCharCode(given);
  const names = text
    .replaceAll('\0', '')
    .split(delimiter)
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .trim(),
    );
  return { names, delimiter: delimiter.charCodeAt(0), isTooLong: names.length > mostColumns };
}

/** Names of columns hold none of these, so that the most frequent one parts them; a comma where there is none. */
function likelyDelimiter(text: string): string {
  const counted = delimiters.map((delimiter) => ({ delimiter, count: text.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
