import type { Translate } from './translate.ts';

/** How numbers and times are written in one language. */
export interface Formats {
  count(value: number): string;
  /** A share from 0 to 1 as a percentage. */
  percent(share: number): string;
  /** Milliseconds as a length of time in its largest fitting unit. */
  duration(ms: number): string;
  /** Minutes of work in hours: nobody works days of 24. */
  hours(minutes: number): string;
  /** A day: `2026-11-21`. */
  day(isoDate: string): string;
  /** The day of an instant by the clocks of a zone. */
  dayAt(iso: string, zone?: string): string;
  /** The day of an instant in few letters, as axes have room for. */
  shortDay(iso: string, zone?: string): string;
  /** A month: `2026-11`, or any day of it. */
  month(isoDate: string): string;
  /** An instant by the clocks of a zone; the viewer's if none is named. */
  instant(iso: string, zone?: string): string;
  /** An instant's time of the day alone. */
  time(iso: string, zone?: string): string;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** The first of a browser's wishes in that language; what is no language tag (BCP 47) is passed over, as some browsers give such. */
export function chooseRegion(wishes: readonly string[], language: string): string {
  return wishes.find((wish) => wish.split('-')[0] === language && isTag(wish)) ?? language;
}

function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** Makes the formats of one language. */
export function createFormats(language: string): Formats {
  const number = new Intl.NumberFormat(language);
  const hour = new Intl.NumberFormat(language, {
    ...({ style: 'unit', unit: 'hour', unitDisplay: 'short' } as const),
    maximumFractionDigits: 1,
  });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const at = (iso: string, options: Intl.DateTimeFormatOptions, zone?: string) =>
    new Intl.DateTimeFormat(language, { ...options, ...(zone ? { timeZone: zone } : {}) }).format(
      new Date(iso),
    );
  return {
    count: (value) => number.format(value),
    percent: (share) =>
      new Intl.NumberFormat(language, {
        style: 'percent',
        maximumFractionDigits: share > 0 && share < 0.995 ? 1 : 2,
      }).format(share),
    duration: (ms) => {
      const [unit, size] = units.find(([, each]) => ms >= each) ?? ['millisecond', 1];
      const value = ms / size;
      const digits = value < 10 && unit !== 'millisecond' ? 1 : 0;
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'day' ? 'long' : 'short',
        maximumFractionDigits: digits,
      }).format(value);
    },
    hours: (minutes) => hour.format(minutes / 60),
    day: (isoDate) => day.format(new Date(`${isoDate.slice(0, 10)}T00:00:00Z`)),
    dayAt: (iso, zone) => at(iso, { dateStyle: 'medium' }, zone),
    shortDay: (iso, zone) => at(iso, { day: 'numeric', month: 'short' }, zone),
    month: (isoDate) => month.format(new Date(`${isoDate.slice(0, 7)}-01T00:00:00Z`)),
    instant: (iso, zone) => at(iso, { dateStyle: 'medium', timeStyle: 'short' }, zone),
    time: (iso, zone) => at(iso, { timeStyle: 'short' }, zone),
  };
}

/** A zone as people say it: the last part of its name, such as `New York`. */
export function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** How long ago an instant is. */
export function ago(text: Translate, formats: Formats, iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  return ms < 60_000 ? text('time.now') : text('time.ago', { duration: formats.duration(ms) });
}
