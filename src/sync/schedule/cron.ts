import { asUtc, momentOf, type WallTime, wallTimeIn } from '../../platform/zoned-time.ts';

/** Five cron fields, each as the set of what it allows. */
export interface CronFields {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** 0 is Sunday. */
  weekdays: ReadonlySet<number>;
  /** Where both a day of the month and one of the week are named, either will do (POSIX, crontab). */
  eitherDay: boolean;
}

const dayMs = 86_400_000;

/**
 * Reads minute, hour, day of month, month and day of week: `*`, numbers, ranges, steps and lists of them; Sunday is 0 or 7
 * (POSIX.1-2024, crontab, with the usual steps).
 *
 * @returns undefined where it is none
 */
export function parseCron(text: string): CronFields | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const bounds = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const sets = bounds.map(([low, high], index) => parseField(fields[index] ?? '', low, high));
  const [minutes, hours, days, months, named] = sets;
  if (!minutes || !hours || !days || !months || !named) return undefined;
  const weekdays = new Set([...named].map((day) => day % 7));
  const eitherDay = !fields[2]?.startsWith('*') && !fields[4]?.startsWith('*');
  return { minutes, hours, days, months, weekdays, eitherDay };
}

function parseField(text: string, low: number, high: number): Set<number> | undefined {
  const allowed = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(?:(?<star>\*)|(?<from>\d{1,2})(?:-(?<to>\d{1,2}))?)(?:\/(?<step>\d{1,2}))?$/.exec(item);
    if (match?.groups === undefined) return undefined;
    const { star, from, to, step = '1' } = match.groups;
    const first = star === undefined ? Number(from) : low;
    // As in cron, "5/10" goes on to the end of the field.
    const open = star !== undefined || (to === undefined && match.groups.step !== undefined);
    const last = open ? high : Number(to ?? from);
    if (first < low || last > high || first > last || Number(step) === 0) return undefined;
    for (let value = first; value <= last; value += Number(step)) allowed.add(value);
  }
  return allowed;
}

/**
 * The first moment after `after` at which clocks in the zone show a time that the fields allow. A time that is left out when
 * summer time begins comes right after the gap; one that comes twice when it ends is taken once.
 *
 * @param after unix milliseconds
 * @returns unix milliseconds; undefined where the fields name a day that no year has
 */
export function nextCronTime(fields: CronFields, zone: string, after: number): number | undefined {
  const show = wallTimeIn(zone);
  const hours = [...fields.hours].sort((a, b) => a - b);
  const minutes = [...fields.minutes].sort((a, b) => a - b);
  // A leap day comes at least once in eight years.
  const now = show(after);
  const today = Date.UTC(now.year, now.month - 1, now.day);
  // No clock is ever put forward by more.
  const passed = asUtc(now) - dayMs / 8;
  for (let ahead = 0; ahead <= 8 * 366; ahead++) {
    const date = dateOf(today + ahead * dayMs);
    if (!fitsDay(fields, date)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const wall = { ...date, hour, minute };
        if (asUtc(wall) < passed) continue;
        const moment = momentOf(show, wall);
        if (moment > after) return moment;
      }
    }
  }
  return undefined;
}

function dateOf(utc: number): WallTime {
  const date = new Date(utc);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: 0,
    minute: 0,
  };
}

function fitsDay({ days, months, weekdays, eitherDay }: CronFields, date: WallTime): boolean {
  if (!months.has(date.month)) return false;
  const [day, weekday] = [days.has(date.day), weekdays.has(new Date(asUtc(date)).getUTCDay())];
  return eitherDay ? day || weekday : day && weekday;
}
