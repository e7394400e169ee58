import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { mostWorkItems, type NewWorkItem, newWorkItem } from '../../../contracts/work-items.ts';
import { DomainError } from '../../platform/errors.ts';

const columns = ['id', 'integration', 'partner', 'minutes', 'done'] as const;
const table = z.array(z.record(z.string(), z.string()));

/** Largest list in bytes. */
export const largestWorkCsv = 2 * 1024 * 1024;

/**
 * Reads a list of work: a heading of `id,integration,partner,minutes,done`, and a line for each (RFC 4180); `done` is a day or an
 * instant. All of it is taken or nothing.
 *
 * @throws DomainError input `work_list_invalid` with the line
 */
export function readWorkCsv(text: string): NewWorkItem[] {
  if (Buffer.byteLength(text) > largestWorkCsv) throw invalid('The list is larger than 2 MB.', 0);
  const rows = parseRows(text);
  if (rows.length > mostWorkItems) throw invalid(`The list has more than ${mostWorkItems} lines.`, 0);
  const heading = Object.keys(rows[0] ?? {});
  const missing = columns.filter((column) => rows.length > 0 && !heading.includes(column));
  if (missing.length > 0) throw invalid(`The heading lacks ${missing.join(', ')}.`, 1);
  return rows.map((row, index) => {
    const minutes = /^\d{1,7}$/.test(row.minutes ?? '') ? Number(row.minutes) : undefined;
    const done = /^\d{4}-\d{2}-\d{2}$/.test(row.done ?? '') ? `${row.done}T12:00:00Z` : row.done;
    const read = newWorkItem.safeParse({
      ...{ externalId: row.id, integration: row.integration, partner: row.partner || null },
      ...{ minutes, doneAt: done },
    });
    if (read.success) return read.data;
    const fields = [...new Set(read.error.issues.map(({ path }) => String(path[0])))].join(', ');
    throw invalid(`Line ${index + 2} is wrong in ${fields}.`, index + 2);
  });
}

function parseRows(text: string): Record<string, string>[] {
  try {
    return table.parse(
      parse(text, {
        columns: true,
        bom: true,
        trim: true,
        skip_empty_lines: true,
        record_delimiter: ['\r\n', '\n', '\r'],
      }),
    );
  } catch (cause) {
    // The parser's words may quote the list.
    throw new DomainError('input', 'work_list_invalid', 'The list is not valid CSV (RFC 4180).', {
      details: { code: codeOf(cause) },
    });
  }
}

function codeOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unreadable';
}

function invalid(message: string, line: number): DomainError {
  const head = `Write ${columns.join(',')} above it, and a line for each piece of work.`;
  return new DomainError('input', 'work_list_invalid', `${message} ${head}`, { details: { line } });
}
