import ICAL from 'ical.js';
import { DomainError } from '../../platform/errors.ts';
import { asUtc, isZone, momentOf, type WallTime, wallTimeIn } from '../../platform/zoned-time.ts';
import { dateOf, dayIn, dayNumber } from './days.ts';
import { readRecurrence } from './ical-rule.ts';
import { expandRecurrence } from './recurrence.ts';

/** Bounds of a calendar file: a school's own has some hundreds of events. */
export const icalLimits = {
  characters: 2_000_000,
  events: 5_000,
  repeating: 200,
  occurrences: 10_000,
  perEvent: 500,
} as const;
/** Days before the window from which a rule is followed at most. */
const ruleDays = 3_700;

/** An event on the days it takes, by the school's own clocks. */
export interface Occurrence {
  summary: string;
  categories: string[];
  from: string;
  to: string;
}

/** An event that could not be read whole; the others stand. No text of the file, which may hold names. */
export interface IcalFinding {
  code: 'date_missing' | 'zone_unknown' | 'rule_unsupported' | 'occurrences_cut' | 'event_unreadable';
  /** Counts the file's events from 1. */
  event: number;
}

export interface ReadCalendar {
  occurrences: Occurrence[];
  findings: IcalFinding[];
}

/** What is read: events that touch these days. */
export interface IcalWindow {
  zone: string;
  first: number;
  last: number;
}

/**
 * Reads an iCalendar file (RFC 5545): dates as they are, times by the zone they name, floating ones by the school's own.
 *
 * @throws DomainError input `calendar_too_large`, `calendar_unreadable`
 */
export function readIcalendar(text: string, window: IcalWindow): ReadCalendar {
  const component = parse(text);
  const events = component.getAllSubcomponents('vevent');
  const repeating = events.filter((event) => event.hasProperty('rrule'));
  if (events.length > icalLimits.events || repeating.length > icalLimits.repeating) throw tooLarge();
  const moved = movedOccurrences(events);
  const found: ReadCalendar = { occurrences: [], findings: [] };
  for (const [index, event] of events.entries()) {
    const note = (code: IcalFinding['code']) => found.findings.push({ code, event: index + 1 });
    try {
      if (textOf(event, 'status')?.toUpperCase() === 'CANCELLED') continue;
      found.occurrences.push(...readEvent(event, moved, component, window, note));
    } catch {
      note('event_unreadable');
    }
    if (found.occurrences.length > icalLimits.occurrences) throw tooLarge();
  }
  return found;
}

function parse(text: string): ICAL.Component {
  if (text.length > icalLimits.characters) throw tooLarge();
  let parsed: unknown;
  try {
    parsed = ICAL.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  const isOne = Array.isArray(parsed) && parsed[0] === 'vcalendar';
  if (!isOne) throw unreadable();
  return new ICAL.Component(parsed as unknown[]);
}

/** Days of a repeated event that another event of the same UID replaces (RFC 5545 §3.8.4.4). */
function movedOccurrences(events: readonly ICAL.Component[]): Map<string, Set<number>> {
  const moved = new Map<string, Set<number>>();
  for (const event of events) {
    const id = event.getFirstPropertyValue('recurrence-id');
    if (!(id instanceof ICAL.Time)) continue;
    const uid = textOf(event, 'uid') ?? '';
    moved.set(uid, (moved.get(uid) ?? new Set()).add(dayOfFigures(id)));
  }
  return moved;
}

type Note = (code: IcalFinding['code']) => void;

function readEvent(
  event: ICAL.Component,
  moved: ReadonlyMap<string, ReadonlySet<number>>,
  calendar: ICAL.Component,
  window: IcalWindow,
  note: Note,
): Occurrence[] {
  const start = event.getFirstProperty('dtstart');
  const begin = start?.getFirstValue();
  if (start === null || !(begin instanceof ICAL.Time)) {
    note('date_missing');
    return [];
  }
  const zone = begin.isDate ? window.zone : zoneOf(start, begin, calendar, window.zone);
  if (zone === undefined) {
    note('zone_unknown');
    return [];
  }
  const length = lengthOf(event, begin);
  const starts = startDays(event, begin, { ...window, zone }, note);
  const gone = goneDays(event, moved);
  const own = starts.filter((day) => event.hasProperty('recurrence-id') || !gone.has(day));
  if (own.length > icalLimits.perEvent) note('occurrences_cut');
  const summary = textOf(event, 'summary') ?? '';
  const categories = event
    .getAllProperties('categories')
    .flatMap((property) => property.getValues().map(String));
  return own.slice(0, icalLimits.perEvent).flatMap((day) => {
    const { first, last } = daysTaken(day, begin, length, zone, window.zone);
    if (last < window.first || first > window.last) return [];
    return [{ summary, categories, from: dateOf(first), to: dateOf(last) }];
  });
}

function startDays(event: ICAL.Component, begin: ICAL.Time, window: IcalWindow, note: Note): number[] {
  const start = dayOfFigures(begin);
  const extra = event
    .getAllProperties('rdate')
    .flatMap((property) => property.getValues())
    .filter((value) => value instanceof ICAL.Time)
    .map(dayOfFigures);
  // UNTIL of a time is in UTC (RFC 5545 §3.3.10), where it may be another day already.
  const lastDay = (until: ICAL.Time) =>
    until.zone === ICAL.Timezone.utcTimezone && !begin.isDate
      ? dayIn(window.zone)(asUtc(wall(until)))
      : dayOfFigures(until);
  const rules = event.getAllProperties('rrule').map((property) => property.getFirstValue());
  const repeated = rules.flatMap((rule) => {
    const isOld = start < window.first - ruleDays;
    const read = rule instanceof ICAL.Recur && !isOld ? readRecurrence(rule, lastDay) : undefined;
    if (read === undefined) note('rule_unsupported');
    return read === undefined ? [] : expandRecurrence(read, start, window.last);
  });
  return [...new Set([start, ...repeated, ...extra])].sort((a, b) => a - b);
}

function goneDays(event: ICAL.Component, moved: ReadonlyMap<string, ReadonlySet<number>>): Set<number> {
  const excluded = event
    .getAllProperties('exdate')
    .flatMap((property) => property.getValues())
    .filter((value) => value instanceof ICAL.Time)
    .map(dayOfFigures);
  return new Set([...excluded, ...(moved.get(textOf(event, 'uid') ?? '') ?? [])]);
}

/** How long it lasts by the figures of its own clock: days for dates, minutes for times. */
function lengthOf(event: ICAL.Component, begin: ICAL.Time): number {
  const unit = begin.isDate ? 24 * 60 : 1;
  const end = event.getFirstPropertyValue('dtend');
  if (end instanceof ICAL.Time) return Math.max(0, (asUtc(wall(end)) - asUtc(wall(begin))) / 60_000);
  const duration = event.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) return Math.max(0, Math.floor(duration.toSeconds() / 60));
  // RFC 5545 §3.6.1: a date alone is one day, a time alone is a moment.
  return begin.isDate ? unit : 0;
}

/** DTEND is exclusive (RFC 5545 §3.6.1): what ends at midnight takes nothing of that day. */
function daysTaken(day: number, begin: ICAL.Time, minutes: number, zone: string, school: string) {
  if (begin.isDate) return { first: day, last: day + Math.max(1, Math.ceil(minutes / 1_440)) - 1 };
  const startsAt = momentIn(zone, { ...wall(begin), ...dateParts(day) });
  const figures = new Date(asUtc({ ...wall(begin), ...dateParts(day) }) + minutes * 60_000);
  const endsAt = momentIn(zone, {
    ...dateParts(dayNumber(figures.toISOString().slice(0, 10))),
    hour: figures.getUTCHours(),
    minute: figures.getUTCMinutes(),
  });
  const toDay = dayIn(school);
  return { first: toDay(startsAt), last: toDay(Math.max(startsAt, endsAt - 1)) };
}

/** Offsets of zones that a file defines itself are written `+02:00`, as `momentIn` takes them. */
function zoneOf(
  property: ICAL.Property,
  time: ICAL.Time,
  calendar: ICAL.Component,
  school: string,
): string | undefined {
  if (time.zone === ICAL.Timezone.utcTimezone) return 'UTC';
  const name = property.getFirstParameter('tzid') as string | undefined;
  if (name === undefined) return school;
  if (isZone(name)) return name;
  const defined = calendar.getAllSubcomponents('vtimezone').find((each) => textOf(each, 'tzid') === name);
  // The definition may say by which public name the zone goes; Outlook's own names mean nothing elsewhere.
  const location = defined && textOf(defined, 'x-lic-location');
  if (location !== undefined && isZone(location)) return location;
  if (defined === undefined) return undefined;
  const minutes = Math.round(new ICAL.Timezone(defined).utcOffset(time) / 60);
  const sign = minutes < 0 ? '-' : '+';
  const figures = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return sign + figures.map((part) => String(part).padStart(2, '0')).join(':');
}

function momentIn(zone: string, time: WallTime): number {
  return momentOf(wallTimeIn(zone), time);
}

function wall({ year, month, day, hour, minute }: ICAL.Time): WallTime {
  return { year, month, day, hour, minute };
}

function dateParts(day: number): Pick<WallTime, 'year' | 'month' | 'day'> {
  const [year = 0, month = 1, date = 1] = dateOf(day).split('-').map(Number);
  return { year, month, day: date };
}

function dayOfFigures(time: ICAL.Time): number {
  return Math.floor(Date.UTC(time.year, time.month - 1, time.day) / 86_400_000);
}

function textOf(component: ICAL.Component, name: string): string | undefined {
  const value = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.slice(0, 200) : undefined;
}

function tooLarge(): DomainError {
  const { events, repeating, occurrences } = icalLimits;
  return new DomainError(
    'input',
    'calendar_too_large',
    `The calendar is too large: at most 2 MB, ${events} events, ${repeating} of them repeating, and ${occurrences} days of them. Export fewer years.`,
  );
}

function unreadable(cause?: unknown): DomainError {
  const message = 'This is no iCalendar file (RFC 5545). Export the calendar as .ics and give that file.';
  return new DomainError('input', 'calendar_unreadable', message, { cause });
}
