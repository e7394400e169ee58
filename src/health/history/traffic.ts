import type { ExchangeEvent, ExchangeKind, Outcome } from '../../../contracts/health.ts';
import { momentOf } from '../../platform/zoned-time.ts';
import { dateOf, weekdayOf } from '../calendars/days.ts';
import { decidePeriod, decideSchoolDay } from '../calendars/period.ts';
import { idOf, type Random, randomOf } from './random.ts';
import { type HistoryTruth, releaseVersions } from './truth.ts';
import type { HistoryConnection, HistorySchool, HistoryWorld } from './world.ts';

/** What a school of middling size has on a day of lessons, by kind, and which connection it goes over. */
const usual: readonly { kind: ExchangeKind; over: HistoryConnection['kind']; perDay: number; ms: number }[] =
  [
    { kind: 'launch', over: 'lms', perDay: 60, ms: 900 },
    { kind: 'grade_delivery', over: 'lms', perDay: 25, ms: 1_800 },
    { kind: 'sign_in', over: 'identity', perDay: 60, ms: 0 },
  ];
/** Shares of a day's traffic by the school's own hours: it comes with the bell. */
const hours = new Map([
  ...([
    [7, 0.05],
    [8, 0.2],
    [9, 0.14],
    [10, 0.14],
    [11, 0.12],
    [12, 0.07],
  ] as const),
  ...([
    [13, 0.12],
    [14, 0.08],
    [15, 0.03],
    [19, 0.03],
    [20, 0.02],
  ] as const),
]);
/** A roster is synced every hour of the day's work, and once at night. */
const runHours = [2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];

/** Much more would be out of target by itself. */
const failing = { partner: 0.0008, user: 0.012, retry: 0.01 } as const;

export interface DayOptions {
  /** 1: as it would be; less for a smaller history with the same faults. */
  volume?: number;
}

/**
 * Every exchange of a school on one day of its own, in the order they ended: the same for the same seed, whichever days
 * are asked for and in whichever order.
 *
 * @param day number of the day (`dayNumber`)
 */
export function makeDay(
  world: HistoryWorld,
  truth: HistoryTruth,
  school: HistorySchool,
  day: number,
  { volume = 1 }: DayOptions = {},
): ExchangeEvent[] {
  const random = randomOf(world.seed, 'day', school.slug, day);
  const [year = 0, month = 1, date = 1] = dateOf(day).split('-').map(Number);
  const midnight = momentOf(school.show, { year, month, day: date, hour: 0, minute: 0 });
  const scene: Scene = { world, truth, school, random, midnight };
  const level = trafficLevel(school, day) * school.size * volume;
  const events = [
    ...usual.flatMap((kind) => makeKind(scene, kind, level)),
    ...makeRuns(scene),
    ...makeNoise(scene),
  ];
  return events.sort((a, b) => a.endedAt.getTime() - b.endedAt.getTime());
}

interface Scene {
  world: HistoryWorld;
  truth: HistoryTruth;
  school: HistorySchool;
  random: Random;
  /** Beginning of the day, in unix milliseconds. */
  midnight: number;
}

function trafficLevel({ spans }: HistorySchool, day: number): number {
  const weekday = weekdayOf(day);
  if (decideSchoolDay(spans, day, weekday) !== true) return weekday === 0 || weekday === 6 ? 0.03 : 0.06;
  const period = decidePeriod(spans, day);
  if (period === 'exams') return 1.3;
  return period === 'first_two_weeks' ? 1.5 : 1;
}

function makeKind(
  scene: Scene,
  { kind, over, perDay, ms }: (typeof usual)[number],
  level: number,
): ExchangeEvent[] {
  const { random, school, midnight } = scene;
  const connection = school.connections.find((each) => each.kind === over);
  if (connection === undefined) return [];
  return [...hours].flatMap(([hour, share]) =>
    Array.from({ length: random.count(perDay * share * level) }, () => {
      // Most within the first ten minutes of a lesson.
      const minute = random.chance(0.6) ? random.next() * 10 : random.next() * 60;
      const startedAt = midnight + Math.floor((hour * 60 + minute) * 60_000);
      return makeExchange(scene, connection, { kind, startedAt, ms });
    }),
  );
}

function makeRuns(scene: Scene): ExchangeEvent[] {
  const { random, school, midnight, truth } = scene;
  const connection = school.connections.find(({ kind }) => kind === 'roster');
  if (connection === undefined) return [];
  return runHours.map((hour) => {
    const startedAt = midnight + hour * 3_600_000 + random.between(0, 240_000);
    const isNew = connection.partner === truth.release.partner && within(truth.release, startedAt);
    const version = isNew ? releaseVersions.failing : releaseVersions.previous;
    const run = makeExchange(scene, connection, { kind: 'sync_run', startedAt, ms: 40_000, version });
    const offered = Math.round(1_200 * school.size * (hour === 2 ? 1 : 0.02));
    return run.outcome === 'success' ? { ...run, offered, rejected: random.count(offered * 0.001) } : run;
  });
}

function makeNoise(scene: Scene): ExchangeEvent[] {
  const { truth, school, random, midnight } = scene;
  const planted = [
    { ...truth.noise.passwords, kind: 'sign_in', outcome: 'user_error', reason: 'wrong_password' },
    { ...truth.noise.night, kind: 'launch', outcome: 'failed_partner', reason: 'jwks_unreachable' },
  ] as const;
  return planted.flatMap((noise) => {
    const connection = school.connections.find(({ connectionId }) => connectionId === noise.connectionId);
    if (connection === undefined || noise.from < midnight || noise.from >= midnight + 86_400_000) return [];
    return Array.from({ length: noise.count }, () => {
      const startedAt = Math.floor(noise.from + random.next() * (noise.to - noise.from));
      const { kind, outcome, reason } = noise;
      return finish(scene, connection, { kind, startedAt, ms: 300, outcome, reason, attempts: 1 });
    });
  });
}

interface Begun {
  kind: ExchangeKind;
  startedAt: number;
  /** Usual duration. */
  ms: number;
  version?: string;
}

function makeExchange(scene: Scene, connection: HistoryConnection, begun: Begun): ExchangeEvent {
  const { random } = scene;
  const planted = plantedFailure(scene, connection, begun);
  if (planted !== undefined) return finish(scene, connection, { ...begun, ...planted });
  const isPerson = begun.kind === 'launch' || begun.kind === 'sign_in';
  if (isPerson && random.chance(failing.user)) {
    const reason = begun.kind === 'sign_in' ? 'wrong_password' : 'not_enrolled';
    return finish(scene, connection, { ...begun, outcome: 'user_error', reason, attempts: 1 });
  }
  if (random.chance(failing.partner)) {
    return finish(scene, connection, { ...begun, outcome: 'failed_partner', reason: 'timeout', attempts: 3 });
  }
  const attempts = random.chance(failing.retry) ? 2 : 1;
  return finish(scene, connection, { ...begun, outcome: 'success', reason: null, attempts });
}

function plantedFailure({ truth, random }: Scene, connection: HistoryConnection, { kind, startedAt }: Begun) {
  const { outage, certificate, release } = truth;
  if (connection.partner === outage.partner && within(outage, startedAt) && random.chance(0.92)) {
    return { outcome: 'failed_partner', reason: 'server_error', attempts: 4 } as const;
  }
  if (connection.connectionId === certificate.connectionId && within(certificate, startedAt)) {
    return { outcome: 'failed_config', reason: 'certificate_expired', attempts: 1 } as const;
  }
  const isRun = kind === 'sync_run' && connection.partner === release.partner;
  if (isRun && within(release, startedAt) && random.chance(0.7)) {
    return { outcome: 'failed_hub', reason: 'connector_failed', attempts: 3 } as const;
  }
  return undefined;
}

function finish(
  { school, random }: Scene,
  connection: HistoryConnection,
  ended: Begun & { outcome: Outcome; reason: string | null; attempts: number },
): ExchangeEvent {
  const { kind, startedAt, ms, outcome, reason, attempts, version = null } = ended;
  const took = ms * (0.5 + random.next() + (random.chance(0.05) ? 4 * random.next() : 0)) * attempts;
  return {
    ...{ tenantId: school.tenantId, connectionId: connection.connectionId, partner: connection.partner },
    ...{ kind, tier: connection.tier, connectorVersion: version, toolId: null },
    exchangeId: idOf(random, startedAt),
    ...{ outcome, reason, attempts, failedAttempts: outcome === 'success' ? attempts - 1 : attempts },
    ...{ offered: 0, rejected: 0 },
    startedAt: new Date(startedAt),
    endedAt: new Date(startedAt + Math.round(took)),
  };
}

function within({ from, to }: { from: number; to: number }, at: number): boolean {
  return from <= at && at < to;
}
