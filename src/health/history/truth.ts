import type { OnboardingStage } from '../../../contracts/onboarding.ts';
import { momentOf } from '../../platform/zoned-time.ts';
import { dateOf, dayNumber, weekdayOf } from '../calendars/days.ts';
import type { HistoryConnection, HistorySchool, HistoryWorld } from './world.ts';

/** A stretch of time. Unix milliseconds; `to` is past its end. */
export interface Stretch {
  from: number;
  to: number;
}

/** What was planted, and when: what alerts must find, and what must wake nobody. */
export interface HistoryTruth {
  /** A partner’s service is down for hours in an exam week. */
  outage: Stretch & { partner: string };
  /** A school’s certificate ends and is replaced hours later. */
  certificate: Stretch & { tenantId: string; connectionId: string };
  /** A connector’s new version fails at many schools, until it is rolled back. */
  release: Stretch & { partner: string; version: string; previous: string };
  /** An integration that waits long for its partner, far past its promised date. */
  slowOnboarding: { tenantId: string; stage: OnboardingStage; promisedOn: string };
  noise: {
    /** A class mistypes its new passwords. */
    passwords: Stretch & { tenantId: string; connectionId: string; count: number };
    /** The last calls of a night fail one after the other. */
    night: Stretch & { tenantId: string; connectionId: string; count: number };
  };
}

const hourMs = 3_600_000;
export const releaseVersions = { previous: '2.0.4', failing: '2.1.0' } as const;

/** The planted faults and noise of a world of at least a year. */
export function plantTruth(world: HistoryWorld): HistoryTruth {
  const { schools, firstDay, lastDay } = world;
  const [first, second, third, fourth] = [schools[0], schools[1], schools[2], schools[3]];
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
    throw new Error('A history needs at least four schools');
  }
  const exams = first.spans.filter(({ kind, from }) => kind === 'exams' && dayNumber(from) > firstDay + 60);
  const examDay = schoolDayFrom(dayNumber(exams[0]?.from ?? dateOf(firstDay + 120)) + 2);
  const inTerm = (share: number) =>
    schoolDayInTerm(first, firstDay + Math.floor((lastDay - firstDay) * share));
  const outageAt = moment(first, examDay, 9, 20);
  const certificateAt = moment(second, inTerm(0.55), 10, 5);
  const releaseAt = moment(first, inTerm(0.8), 7, 30);
  const nightAt = moment(fourth, inTerm(0.3), 2, 40);
  const passwordsAt = moment(third, inTerm(0.4), 8, 50);
  return {
    outage: { partner: partnerOf(first, 'lms'), from: outageAt, to: outageAt + 3 * hourMs },
    certificate: {
      ...idsOf(second, 'identity'),
      ...{ from: certificateAt, to: certificateAt + 4 * hourMs },
    },
    release: {
      ...{ partner: partnerOf(first, 'roster'), version: releaseVersions.failing },
      ...{ previous: releaseVersions.previous, from: releaseAt, to: releaseAt + 26 * hourMs },
    },
    slowOnboarding: {
      ...{ tenantId: third.tenantId, stage: 'credentials' },
      promisedOn: dateOf(firstDay + 75),
    },
    noise: {
      passwords: { ...idsOf(third, 'identity'), from: passwordsAt, to: passwordsAt + 15 * 60_000, count: 34 },
      night: { ...idsOf(fourth, 'lms'), from: nightAt, to: nightAt + 20 * 60_000, count: 5 },
    },
  };
}

function connectionOf(school: HistorySchool, kind: HistoryConnection['kind']): HistoryConnection {
  const found = school.connections.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`The school has no connection of kind ${kind}`);
  return found;
}

function partnerOf(school: HistorySchool, kind: HistoryConnection['kind']): string {
  return connectionOf(school, kind).partner;
}

function idsOf(school: HistorySchool, kind: HistoryConnection['kind']) {
  return { tenantId: school.tenantId, connectionId: connectionOf(school, kind).connectionId };
}

function schoolDayFrom(day: number): number {
  const weekday = weekdayOf(day);
  // Tuesdays to Thursdays: nothing of the weekend is near.
  return day + ([2, 1, 0, 0, 0, 4, 3][weekday] ?? 0);
}

function schoolDayInTerm({ spans }: HistorySchool, near: number): number {
  for (let day = near; day < near + 200; day++) {
    const date = dateOf(day);
    const within = (kind: string, margin: number) =>
      spans.some(
        (span) => span.kind === kind && dateOf(day - margin) >= span.from && dateOf(day + margin) <= span.to,
      );
    const isFree = spans.some(
      ({ kind, from, to }) => kind !== 'term' && dateOf(dayNumber(from) - 3) <= date && date <= to,
    );
    if (within('term', 10) && !isFree && weekdayOf(day) === 3) return day;
  }
  return near;
}

function moment({ show }: HistorySchool, day: number, hour: number, minute: number): number {
  const [year = 0, month = 1, date = 1] = dateOf(day).split('-').map(Number);
  return momentOf(show, { year, month, day: date, hour, minute });
}
