import type { SourceRow } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import { demographicsRows, enrollmentRows, roleRows } from './belonging-rows.ts';
import { createCalendar } from './calendar.ts';
import { columnsOf, type Version } from './columns.ts';
import { createFates, type Slot } from './fates.ts';
import { layOut } from './layout.ts';
import { userRows } from './people-rows.ts';
import type { DistrictSize } from './sizes.ts';
import { classRows, courseRows, type DistrictParts, orgRows } from './structure-rows.ts';

/**
 * A made-up school district of any size. Every row is made from its number when it is asked for, so that ten million
 * need no more memory than ten; the same options give the same rows. What rows refer to is always there.
 */
export interface District {
  readonly name: string;
  readonly size: DistrictSize;
  /** All rows, as a source gives them: of the newest version, with their status and time. */
  rows(entity: Entity): Iterable<SourceRow>;
  /** What differs from the district as it was made; what is gone stands there as `tobedeleted`. */
  delta(entity: Entity): Iterable<SourceRow>;
  /** Rows as cells in the columns of a version, with those that are gone: what packages are made of. */
  slots(entity: Entity, version: Version): Iterable<Slot>;
  /** When a row was last changed, as a dateTime. */
  modifiedAt(slot: Slot): string;
  count(entity: Entity): number;
  /**
   * The same district after a night. Each round changes others, always of the district as it was made: of the rows that
   * differ sixty in a hundred are changed, twenty gone and twenty new.
   *
   * @param share of the people, classes and enrollments, from 0 to 1
   */
  changed(share: number, round: number): District;
}

export interface DistrictOptions {
  seed: number;
  size: DistrictSize;
  name?: string;
  /** The year in which the school year ends. */
  schoolYear?: number;
}

export function createDistrict({
  seed,
  size,
  name = 'Cedarvale Unified',
  schoolYear = 2027,
}: DistrictOptions): District {
  const parts = { seed, name, layout: layOut(seed, size), calendar: createCalendar(schoolYear) };
  return districtOf(parts, { share: 0, round: 0 });
}

function districtOf(fixed: Omit<DistrictParts, 'fates'>, drift: { share: number; round: number }): District {
  const parts = { ...fixed, fates: createFates(fixed.seed, drift) };
  const { name, layout, calendar } = parts;
  const slots = (entity: Entity, version: Version) => slotsOf(parts, entity, version);
  const [madeAt, changedAt] = [calendar.modifiedAt(0), calendar.modifiedAt(drift.round)];
  const modifiedAt = ({ fate }: Slot) => (fate === 'same' ? madeAt : changedAt);
  function* rows(entity: Entity, isWanted: (slot: Slot) => boolean): Iterable<SourceRow> {
    const columns = columnsOf(entity, '1.2') ?? [];
    for (const slot of slots(entity, '1.2')) {
      if (isWanted(slot)) yield toRow(slot, columns, modifiedAt(slot));
    }
  }
  return {
    name,
    size: layout.size,
    rows: (entity) => rows(entity, ({ fate }) => fate !== 'removed'),
    delta: (entity) => rows(entity, ({ fate }) => fate !== 'same'),
    slots,
    modifiedAt,
    count: (entity) => {
      let count = 0;
      for (const { fate } of slots(entity, '1.2')) if (fate !== 'removed') count += 1;
      return count;
    },
    changed: (share, round) => districtOf(fixed, { share, round }),
  };
}

function slotsOf(parts: DistrictParts, entity: Entity, version: Version): Iterable<Slot> {
  switch (entity) {
    case 'orgs':
      return orgRows(parts);
    case 'academicSessions':
      return parts.calendar.sessions();
    case 'courses':
      return courseRows(parts);
    case 'classes':
      return classRows(parts);
    case 'users':
      return userRows(parts, version);
    case 'roles':
      return version === '1.1' ? [] : roleRows(parts);
    case 'enrollments':
      return enrollmentRows(parts);
    case 'demographics':
      return demographicsRows(parts);
    default:
      // No marks: this district's gradebooks are kept in its LMS.
      return [];
  }
}

function toRow({ fate, cells }: Slot, columns: readonly string[], dateLastModified: string): SourceRow {
  const values: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index + 1];
    if (cell !== undefined && cell !== '') values[column] = cell;
  }
  const status = fate === 'removed' ? 'tobedeleted' : 'active';
  return { sourcedId: cells[0] ?? '', status, dateLastModified, values };
}
