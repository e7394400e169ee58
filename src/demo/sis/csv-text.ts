import { Buffer } from 'node:buffer';
import type { Entity } from '../../../contracts/roster.ts';
import { columnsOf, headerOf, type Version } from './columns.ts';
import type { District } from './district.ts';
import type { Slot } from './fates.ts';

/** Changes a row's cells on their way into a package; undefined leaves the row out. */
export type Rewrite = (entity: Entity, cells: readonly string[]) => readonly string[] | undefined;

export interface CsvOptions {
  version: Version;
  mode: 'bulk' | 'delta';
  rewrite?: Rewrite | undefined;
}

/** Characters gathered before they become bytes. */
const chunkLength = 128 * 1024;
/** Nothing in these ever needs quotes, which is not worth looking for ten million times. */
const plain = new Set<Entity>(['enrollments', 'roles', 'demographics', 'academicSessions']);

/**
 * An entity's file, header first, CRLF between records (RFC 4180 §2). In bulk status and dateLastModified are blank; a
 * delta holds what differs from the district as it was made, and says of each when and how (OneRoster 1.2 CSV §2).
 */
export function* csvFile(district: District, entity: Entity, options: CsvOptions): Iterable<Buffer> {
  const { version, mode, rewrite } = options;
  const columns = columnsOf(entity, version);
  if (columns === undefined) throw new Error(`OneRoster ${version} has no file of ${entity}.`);
  const isPlain = plain.has(entity) && rewrite === undefined;
  let text = `${headerOf(columns).join(',')}\r\n`;
  for (const slot of district.slots(entity, version)) {
    if (slot.fate === (mode === 'bulk' ? 'removed' : 'same')) continue;
    const cells = rewrite === undefined ? slot.cells : rewrite(entity, slot.cells);
    if (cells === undefined) continue;
    const [status, time] = mode === 'bulk' ? ['', ''] : [statusOf(slot), district.modifiedAt(slot)];
    text += isPlain ? cells[0] : quoted(cells[0]);
    text += `,${status},${time}`;
    for (let index = 1; index < cells.length; index++) {
      text += ',';
      text += isPlain ? cells[index] : quoted(cells[index]);
    }
    text += '\r\n';
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function statusOf({ fate }: Slot): string {
  return fate === 'removed' ? 'tobedeleted' : 'active';
}

function quoted(cell = ''): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
