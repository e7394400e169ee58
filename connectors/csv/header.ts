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
}

const delimiters = [',', ';', '\t', '|'] as const;
const longestHeader = 64 * 1024;

/**
 * Finds the header in the first bytes of a file.
 *
 * @param bytes of the file's start, in UTF-8
 * @param isAll whether there are no more
 * @param given byte between fields, where it need not be found out
 * @returns undefined while it may still go on; its names are empty where the file holds nothing
 */
export function findHeader(bytes: Buffer, isAll: boolean, given?: number): Header | undefined {
  let line = 1;
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (isQuoted || (byte !== LF && byte !== CR)) continue;
    // Whether a carriage return ends lines by itself is told by what follows.
    if (byte === CR && at + 1 === bytes.length) break;
    const endsInCr = byte === CR && bytes[at + 1] !== LF;
    if (byte === CR && !endsInCr) continue;
    const text = bytes.toString('utf8', start, at);
    line += 1;
    start = at + 1;
    if (text.trim() !== '')
      return { ...parse(text, given), endsInCr, isEnded: true, firstLine: line, end: start };
  }
  if (!isAll && bytes.length < longestHeader) return undefined;
  const rest = bytes.toString('utf8', start);
  const header = rest.trim() === '' ? { names: [], delimiter: given ?? 0x2c } : parse(rest, given);
  return { ...header, endsInCr: false, isEnded: false, firstLine: line, end: bytes.length };
}

function parse(text: string, given: number | undefined): Pick<Header, 'names' | 'delimiter'> {
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
  return { names, delimiter: delimiter.charCodeAt(0) };
}

/** Names of columns hold none of these, so that the most frequent one parts them; a comma where there is none. */
function likelyDelimiter(text: string): string {
  const counted = delimiters.map((delimiter) => ({ delimiter, count: text.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
