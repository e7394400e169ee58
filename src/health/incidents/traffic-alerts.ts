import type { Span } from '../../../contracts/calendars.ts';
import { asUtc, momentOf, wallTimeIn } from '../../platform/zoned-time.ts';
import { dayIn, weekdayOf } from '../calendars/days.ts';
import { decideSchoolDay } from '../calendars/period.ts';
import { decideSilence } from '../slo/silence.ts';
import { decideUserErrorJump } from '../slo/standing.ts';
import type { Alert } from './alert.ts';
import type { HourOfConnection } from './traffic-store.ts';

const hourMs = 3_600_000;
const weeks = [1, 2, 3, 4];
/** What has ended is copied and counted within minutes; so long after an hour it is whole. */
const settledMs = 10 * 60_000;

/** The last hour that is whole, and the same hour of the four weeks before by a zone's clocks. Unix milliseconds. */
export function likeHours(zone: string, now: number): { hour: number; before: number[] } {
  const hour = Math.floor((now - settledMs) / hourMs) * hourMs - hourMs;
  const show = wallTimeIn(zone);
  const figures = asUtc(show(hour));
  const before = weeks.map((week) => {
    const then = new Date(figures - week * 7 * 24 * hourMs);
    const wall = {
      ...{ year: then.getUTCFullYear(), month: then.getUTCMonth() + 1, day: then.getUTCDate() },
      ...{ hour: then.getUTCHours(), minute: then.getUTCMinutes() },
    };
    return Math.floor(momentOf(show, wall) / hourMs) * hourMs;
  });
  return { hour, before };
}

/** Connections over which nothing came in an hour in which the timetable expects people. */
export function silenceAlerts(
  { zone, spans }: { zone: string; spans: readonly Span[] },
  traffic: readonly HourOfConnection[],
  { hour, before }: { hour: number; before: readonly number[] },
): Alert[] {
  const isSchoolDay = (at: number) => {
    const day = dayIn(zone)(at);
    return decideSchoolDay(spans, day, weekdayOf(day));
  };
  const byConnection = Map.groupBy(traffic, ({ connectionId, kind }) => `${connectionId}:${kind}`);
  return [...byConnection].flatMap(([key, rows]): Alert[] => {
    const [first] = rows;
    const counted = (at: number) => rows.find((row) => row.at === at)?.ended ?? 0;
    const likes = before.map((at) => ({ count: counted(at), isSchoolDay: isSchoolDay(at) }));
    const observed = counted(hour);
    if (first === undefined || !decideSilence({ observed, isSchoolDay: isSchoolDay(hour), before: likes }))
      return [];
    const { tenantId, connectionId, partner, kind } = first;
    const usual = Math.min(...likes.filter((like) => like.isSchoolDay).map((like) => like.count));
    return [
      {
        ...{ key: `silence:${tenantId}:${key}`, rule: 'no_traffic', severity: 'page', firstFailedAt: hour },
        ...{
          tenantId,
          connectionId,
          partner,
          kind,
          blame: undefined,
          schools: 1,
          facts: { leastUsual: usual },
        },
      },
    ];
  });
}

interface ErrorsOfDay {
  tenantId: string;
  connectionId: string;
  partner: string;
  /** 0: the day that ends now. */
  week: number;
  ended: number;
  userErrors: number;
}

/** Connections of which people's errors have jumped. */
export function userErrorAlerts(days: readonly ErrorsOfDay[], now: number): Alert[] {
  const byConnection = Map.groupBy(days, ({ tenantId, connectionId }) => `${tenantId}:${connectionId}`);
  return [...byConnection].flatMap(([key, rows]): Alert[] => {
    const today = rows.find(({ week }) => week === 0);
    const before = rows.filter(({ week }) => week > 0);
    if (today === undefined || !decideUserErrorJump(today, before)) return [];
    const { tenantId, connectionId, partner, ended, userErrors } = today;
    return [
      {
        ...{ key: `user_errors:${key}`, rule: 'user_errors', severity: 'ticket', firstFailedAt: now },
        ...{ tenantId, connectionId, partner, kind: undefined, blame: undefined, schools: 1 },
        facts: { ended, userErrors },
      },
    ];
  });
}
