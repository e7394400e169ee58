import { COMMA, LF, QUOTE } from './byte-kinds.ts';

/** Reads records that the scanner has cleaned. @param text of whole records */
export function readRecords(text: string, take: (fields: string[]) => void): void {
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end = at;
    if (text.charCodeAt(at) === QUOTE) {
      end = text.indexOf('"', at + 1);
      while (text.charCodeAt(end + 1) === QUOTE) end = text.indexOf('"', end + 2);
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      end += 1;
    } else {
      let code = text.charCodeAt(end);
      while (code !== COMMA && code !== LF) code = text.charCodeAt(++end);
      fields.push(text.slice(at, end));
    }
    if (text.charCodeAt(end) === LF) {
      take(fields);
      fields = [];
    }
    at = end + 1;
  }
}

/** A record as CSV; an empty field has no quotes, so that the database reads it as null. */
export function writeRecord(fields: readonly string[]): string {
  let text = '';
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as string;
    if (index > 0) text += ',';
    text += /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  }
  return `${text}\n`;
}

/** Writes records anew, block by block. @param rewrite the fields of a record, its line's number first; gives any number of records */
export async function* rewriteRecords(
  blocks: AsyncIterable<Buffer>,
  rewrite: (fields: string[]) => readonly (readonly string[])[],
): AsyncIterable<Buffer> {
  for await (const block of blocks) {
    let text = '';
    readRecords(block.toString('utf8'), (fields) => {
      for (const record of rewrite(fields)) text += writeRecord(record);
    });
    if (text !== '') yield Buffer.from(text);
  }
}
