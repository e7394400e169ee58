import type { Finding } from '../../sync/run.ts';
import { csvRecord } from '../csv.ts';

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
  yield csvRecord(header);
  for (let findings = first; findings.length > 0; findings = await page(findings.at(-1)?.findingNo)) {
    yield findings.map(line).join('');
  }
}

function line(finding: Finding): string {
  const { severity, code, entity, part, line, column, sourcedId, count, happened, advice } = finding;
  return csvRecord([severity, code, entity, part, line, column, sourcedId, count, happened, advice]);
}
