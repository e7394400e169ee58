import type { Finding } from '../../sync/run.ts';

const header = [
  'severity',
  'code',
  'entity',
  'file',
  'line',
  'column',
  'sourcedId',
  'rows',
  'what',
  'whatToDo',
] as const;

/**
 * Findings as CSV (RFC 4180) with a header, a page at a time, for a spreadsheet.
 *
 * @param page the findings after a number, undefined for the first; an empty page ends it
 */
export async function* writeFindingsCsv(
  page: (after: number | undefined) => Promise<readonly Finding[]>,
): AsyncIterable<string> {
  const first = await page(undefined);
  yield record(header);
  for (let findings = first; findings.length > 0; findings = await page(findings.at(-1)?.findingNo)) {
    yield findings.map(line).join('');
  }
}

function line(finding: Finding): string {
  const { severity, code, entity, part, line, column, sourcedId, count, happened, advice } = finding;
  return record([severity, code, entity, part, line, column, sourcedId, count, happened, advice]);
}

function record(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : quote(String(cell)))).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula begins with an apostrophe: ids and file names are the source's own
 * (OWASP, CSV injection).
 */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
