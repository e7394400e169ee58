export type Cell = string | number | boolean | null | undefined;

/** A record of CSV with its line ending (RFC 4180 §2). Nothing is an empty cell. */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (cell === null || cell === undefined ? '' : quote(cell))).join(',')}\r\n`;
}

/**
 * A text that a spreadsheet would take for a formula begins with an apostrophe: ids and file names are the source's own
 * (OWASP, CSV injection, which names the full-width signs too). Some programs pass over white space before the sign. A number
 * below zero is none.
 */
function quote(cell: string | number | boolean): string {
  if (typeof cell !== 'string') return String(cell);
  const safe = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
