import { newId, type TenantId } from '../../../contracts/ids.ts';
import { type NewSpan, newSpan } from '../../../contracts/spans.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { isZone } from '../../platform/zoned-time.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import {
  deleteImportedSpans,
  deleteSpan,
  findZone,
  insertSpans,
  listSpans,
  type StoredSpan,
  saveZone,
} from './calendar-store.ts';
import { type Classified, type MeaningRule, planSpans } from './classify.ts';
import { dayIn } from './days.ts';
import { type IcalFinding, readIcalendar } from './ical.ts';

export interface SchoolCalendar {
  /** IANA name of the zone whose clocks the school lives by. */
  zone: string;
  /** In the order of their first days. */
  spans: StoredSpan[];
}

/** Most spans of a tenant: thirty years of six terms with their breaks and exams. */
const mostSpans = 2_000;

/** A tenant's calendar; undefined where none was ever given. */
export async function findCalendar(tx: TenantTx): Promise<SchoolCalendar | undefined> {
  const zone = await findZone(tx);
  return zone === undefined ? undefined : { zone, spans: await listSpans(tx) };
}

/** @throws DomainError not_found `calendar_missing` */
export async function getCalendar(tx: TenantTx): Promise<SchoolCalendar> {
  return (await findCalendar(tx)) ?? missing();
}

/**
 * Says by which clocks the school lives; with it a tenant's calendar begins.
 *
 * @throws DomainError input `zone_unknown`
 */
export async function setCalendarZone(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  zone: string,
  by: ChangeBy,
): Promise<SchoolCalendar> {
  if (!isZone(zone)) throw unknownZone(zone);
  return db.withTenant(tenantId, async (tx) => {
    const before = await findZone(tx, true);
    await saveZone(tx, zone, new Date(by.now));
    await record(tx, 'calendar.zone_set', { before: before && { zone: before }, after: { zone } }, by);
    return getCalendar(tx);
  });
}

/**
 * Adds a span by hand.
 *
 * @throws DomainError input `span_invalid`, not_found `calendar_missing`, conflict `calendar_full`
 */
export async function addSpan(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  input: NewSpan,
  by: ChangeBy,
): Promise<StoredSpan> {
  const fields = parseInput(newSpan, input, 'span_invalid');
  return db.withTenant(tenantId, async (tx) => {
    await lockCalendar(tx);
    if ((await listSpans(tx)).length >= mostSpans) throw full();
    const span: StoredSpan = { spanId: newId(by.now), ...fields, source: 'manual' };
    await insertSpans(tx, [span], new Date(by.now));
    await record(tx, 'calendar.span_added', { after: span }, by);
    return span;
  });
}

/** @throws DomainError not_found `span_unknown` */
export async function removeSpan(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  spanId: string,
  by: ChangeBy,
): Promise<StoredSpan> {
  return db.withTenant(tenantId, async (tx) => {
    const span = await deleteSpan(tx, spanId);
    if (span === undefined) {
      const message = 'The calendar has no such span. Show the calendar to see the ids of its spans.';
      throw new DomainError('not_found', 'span_unknown', message);
    }
    await record(tx, 'calendar.span_removed', { before: span }, by);
    return span;
  });
}

export interface CalendarFile {
  text: string;
  /** Sets the zone too; without it the calendar must have one. */
  zone?: string | undefined;
  rules: readonly MeaningRule[];
  /** Shows what would come of it. */
  dry: boolean;
}

export interface CalendarImport extends Omit<Classified, 'spans'> {
  spans: StoredSpan[];
  findings: IcalFinding[];
  zone: string;
  /** Spans of the import before, which these replace. */
  replaced: number;
}

/** What is read of a file: years long gone and years far off say nothing. */
const daysBack = 3 * 366;
const daysAhead = 4 * 366;

/**
 * Reads a calendar file and puts its spans in the place of the last import's. Those added by hand stay.
 *
 * @throws DomainError input `zone_unknown`, `calendar_unreadable`, `calendar_too_large`, `calendar_empty`,
 *   `span_invalid`, not_found `calendar_missing`, conflict `calendar_full`
 */
export async function importCalendar(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  file: CalendarFile,
  by: ChangeBy,
): Promise<CalendarImport> {
  if (file.zone !== undefined && !isZone(file.zone)) throw unknownZone(file.zone);
  const zone = file.zone ?? (await db.withTenant(tenantId, getCalendar)).zone;
  const today = dayIn(zone)(by.now);
  const window = { zone, first: today - daysBack, last: today + daysAhead };
  const { occurrences, findings } = readIcalendar(file.text, window);
  const { spans: planned, ...counts } = planSpans(occurrences, file.rules);
  const spans = planned.map((each): StoredSpan => {
    const span = parseInput(newSpan, each, 'span_invalid');
    return { spanId: newId(by.now), ...span, source: 'import' };
  });
  if (spans.length === 0) throw empty();
  return db.withTenant(tenantId, async (tx) => {
    const before = (await findCalendar(tx))?.spans ?? [];
    const replaced = before.filter(({ source }) => source === 'import').length;
    const result = { spans, findings, zone, replaced, ...counts };
    if (file.dry) return result;
    if (before.length - replaced + spans.length > mostSpans) throw full();
    await saveZone(tx, zone, new Date(by.now));
    await deleteImportedSpans(tx);
    await insertSpans(tx, spans, new Date(by.now));
    await record(tx, 'calendar.imported', { after: { zone, spans: spans.length, replaced } }, by);
    return result;
  });
}

async function lockCalendar(tx: TenantTx): Promise<void> {
  if ((await findZone(tx, true)) === undefined) missing();
}

function record(
  tx: TenantTx,
  action: string,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  const subject = `tenant:${tx.tenantId}` as const;
  return recordChange(tx, { announce: subject, action, subject, ...values }, by);
}

function missing(): never {
  throw new DomainError(
    'not_found',
    'calendar_missing',
    'This tenant has no calendar yet. Say its time zone first, such as Europe/Berlin.',
  );
}

/** What is said where a zone is none. */
export function unknownZone(zone: string): DomainError {
  const message = `There is no time zone "${zone}". Give an IANA name such as America/Chicago.`;
  return new DomainError('input', 'zone_unknown', message);
}

function full(): DomainError {
  const message = `A calendar has at most ${mostSpans} spans. Remove those of past years first.`;
  return new DomainError('conflict', 'calendar_full', message);
}

function empty(): DomainError {
  return new DomainError(
    'input',
    'calendar_empty',
    'No event of this file means a term, exams or a break. Say which words do, such as term=Semester.',
  );
}
