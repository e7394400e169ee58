import type { Span } from '../../../contracts/calendars.ts';
import type { ServiceTier } from '../../../contracts/health.ts';
import type { OnboardingKind } from '../../../contracts/onboarding.ts';
import { type WallTime, wallTimeIn } from '../../platform/zoned-time.ts';
import { dateOf, dayNumber } from '../calendars/days.ts';
import { idOf, randomOf } from './random.ts';

/** A made-up connection of a made-up school. */
export interface HistoryConnection {
  connectionId: string;
  kind: OnboardingKind;
  partner: string;
  tier: ServiceTier;
}

export interface HistorySchool {
  tenantId: string;
  slug: string;
  name: string;
  zone: string;
  /** What its clocks show at a moment. */
  show: (at: number) => WallTime;
  /** Traffic of a school of middling size is 1. */
  size: number;
  spans: readonly Span[];
  connections: readonly HistoryConnection[];
}

export interface HistoryWorld {
  seed: string;
  schools: readonly HistorySchool[];
  /** Numbers of the first and the last day, by UTC. */
  firstDay: number;
  lastDay: number;
}

/** Twelve partners, by what is connected to them. */
export const historyPartners = {
  lms: ['canvas', 'moodle', 'brightspace', 'schoology'],
  identity: ['entra', 'google', 'adfs', 'shibboleth'],
  roster: ['oneroster-rest', 'powerschool', 'infinite-campus', 'generic-csv'],
} as const;

const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'Europe/London',
  'Europe/Berlin',
];
const places = [
  ...['Ashford', 'Birchwood', 'Cedar Falls', 'Dunmore', 'Eastlake', 'Fairview', 'Glenwood', 'Hartley'],
  ...['Inverness', 'Juniper', 'Kingsley', 'Lakeside', 'Maplewood', 'Northgate', 'Oakridge', 'Pinecrest'],
  ...['Quarry Hill', 'Riverton', 'Stonebridge', 'Thornbury'],
];

export interface HistoryOptions {
  seed: string;
  /** The first day after it, as a date. */
  end: string;
  months?: number;
  schools?: number;
}

/** Schools, their calendars and connections, the same for the same seed. */
export function makeWorld({ seed, end, months = 18, schools = 40 }: HistoryOptions): HistoryWorld {
  const lastDay = dayNumber(end) - 1;
  const firstDay = dayNumber(monthsBefore(end, months));
  const made = Array.from({ length: schools }, (_, index) => makeSchool(seed, index, firstDay, lastDay));
  return { seed, schools: made, firstDay, lastDay };
}

function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, day)).toISOString().slice(0, 10);
}

function makeSchool(seed: string, index: number, firstDay: number, lastDay: number): HistorySchool {
  const random = randomOf(seed, 'school', index);
  const begun = firstDay * 86_400_000;
  const zone = zones[index % zones.length] ?? 'UTC';
  const place = places[index % places.length] ?? 'Town';
  const sort = index < places.length ? 'High School' : 'College';
  const tier: ServiceTier = index % 8 === 0 ? 'critical' : index % 8 === 7 ? 'trial' : 'standard';
  // Each in turn, so that every partner has schools enough.
  const kinds = Object.entries(historyPartners) as [keyof typeof historyPartners, readonly string[]][];
  const connections = kinds.map(([kind, partners], at) => ({
    connectionId: idOf(random, begun + at + 1),
    kind,
    partner: partners[(index + at * Math.floor(index / 4)) % partners.length] ?? 'canvas',
    tier,
  }));
  return {
    tenantId: idOf(random, begun),
    slug: `${place} ${sort}`.toLowerCase().replaceAll(' ', '-'),
    name: `${place} ${sort}`,
    ...{ zone, show: wallTimeIn(zone) },
    size: 0.4 + random.next() * 1.6,
    spans: makeSpans(firstDay - 366, lastDay + 366, random.between(0, 6)),
    connections,
  };
}

/** Two terms a school year, each with a break and, in its last week, exams. */
function makeSpans(first: number, last: number, shift: number): Span[] {
  const spans: Span[] = [];
  const firstYear = Number(dateOf(first).slice(0, 4));
  for (let year = firstYear; dayNumber(`${year}-08-20`) <= last; year++) {
    const add = (kind: Span['kind'], name: string, from: string, to: string) =>
      spans.push({ kind, name, from: dateOf(dayNumber(from) + shift), to: dateOf(dayNumber(to) + shift) });
    add('term', `Autumn term ${year}`, `${year}-08-24`, `${year}-12-15`);
    add('break', 'Autumn break', `${year}-10-19`, `${year}-10-23`);
    add('exams', 'Autumn exams', `${year}-12-09`, `${year}-12-15`);
    add('term', `Spring term ${year + 1}`, `${year + 1}-01-08`, `${year + 1}-06-05`);
    add('break', 'Spring break', `${year + 1}-03-29`, `${year + 1}-04-06`);
    add('exams', 'Spring exams', `${year + 1}-05-28`, `${year + 1}-06-05`);
  }
  return spans;
}
