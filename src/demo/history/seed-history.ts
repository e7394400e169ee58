import { setTimeout as delay } from 'node:timers/promises';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { makeDay } from '../../health/history/traffic.ts';
import { insertExchanges } from '../../health/recording/exchange-store.ts';
import { rollUp } from '../../health/rollups/roll-up.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { countHours } from './count.ts';
import { findFirstDay, findFirstEnd, findLastEnd, insertDay } from './count-store.ts';
import { seedIncidents } from './incidents.ts';
import { makeSchools, type SeededWorld } from './schools.ts';
import { seedWork } from './work.ts';

const dayMs = 86_400_000;
/** So many days before the first start have their rows; what is older is in roll-ups alone, as it would be after half a year. */
const daysWithRows = 14;
/** So long the hub keeps rows (migrations/0007_maintenance.sql): what is older would be written at each start, and go again. */
const keptMs = 180 * dayMs;
/** How often what has happened meanwhile is added: the schools go on while the demo runs. */
const stepMs = 60_000;
const batch = 2_000;

export interface HistoryHub {
  db: Database;
  clock: Clock;
}

/**
 * Gives the demo 18 months of 40 made-up schools with 12 partners (src/health/history): in the background, from today back, and
 * taken up again where an earlier start was stopped. Then the schools go on: what ends from now on is added every minute.
 *
 * @param told is called once the history is there
 */
export async function runHistory(
  hub: HistoryHub,
  signal: AbortSignal,
  told: (milliseconds: number) => void,
): Promise<void> {
  const began = performance.now();
  const seeded = await makeSchools(hub);
  await seedIncidents(hub.db, seeded);
  const days = createDays(seeded);
  const cutoff = (Math.floor(seeded.madeAt / dayMs) - daysWithRows) * dayMs;
  await addNews(hub, seeded, days, signal);
  await addPast(hub, seeded, days, { cutoff, signal });
  await seedWork(hub.db, seeded);
  await countPast(hub, seeded, days, { cutoff, signal });
  if (!signal.aborted) told(performance.now() - began);
  while (!signal.aborted) {
    await delay(stepMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await addNews(hub, seeded, days, signal);
  }
}

/**
 * Runs the history beside the hub.
 *
 * @returns what ends it: once that has settled, nothing is written any more
 */
export function startHistory(hub: HistoryHub & { log: Log }): () => Promise<void> {
  const stop = new AbortController();
  const running = runHistory(hub, stop.signal, (milliseconds) => {
    hub.log.warn('demo_history_complete', { milliseconds: Math.round(milliseconds) });
  }).catch((error: unknown) => hub.log.error('demo_history_failed', { error }));
  return async () => {
    stop.abort();
    await running;
  };
}

type Days = (day: number) => readonly ExchangeEvent[];

/** What ended on a day by UTC. Schools' own days begin and end at other hours: those around it are looked at, too. */
function createDays({ world, truth }: SeededWorld): Days {
  const made = new Map<number, readonly ExchangeEvent[]>();
  const ofSchools = (day: number) => {
    const events = made.get(day) ?? world.schools.flatMap((school) => makeDay(world, truth, school, day));
    made.set(day, events);
    for (const other of made.keys()) if (Math.abs(other - day) > 2) made.delete(other);
    return events;
  };
  return (day) =>
    [day - 1, day, day + 1].flatMap((each) =>
      ofSchools(each).filter(({ endedAt }) => Math.floor(endedAt.getTime() / dayMs) === day),
    );
}

interface Stretch {
  cutoff: number;
  signal: AbortSignal;
}

/** Adds the rows of what has ended since the last one that is known. */
async function addNews({ db, clock }: HistoryHub, seeded: SeededWorld, days: Days, signal: AbortSignal) {
  const now = clock.now();
  const known = await db.withRollup((tx) => findLastEnd(tx, idsOf(seeded)));
  if (known === undefined) return;
  const from = known.getTime();
  for (let day = Math.floor(from / dayMs); day <= Math.floor(now / dayMs); day++) {
    const events = days(day)
      .filter(({ endedAt }) => endedAt.getTime() >= from && endedAt.getTime() <= now)
      .toSorted((a, b) => a.endedAt.getTime() - b.endedAt.getTime());
    if (!(await insert(db, events, signal))) return;
  }
}

/**
 * Adds the rows of what ended before the first one that is known, the latest first: it begins with what people look at, and can
 * be taken up wherever it was stopped. The last day is counted at once, and not when the next minute is.
 */
async function addPast(
  { db, clock }: HistoryHub,
  seeded: SeededWorld,
  days: Days,
  { cutoff, signal }: Stretch,
) {
  const known = await db.withRollup((tx) => findFirstEnd(tx, idsOf(seeded)));
  const to = known?.getTime() ?? clock.now();
  const today = Math.floor(clock.now() / dayMs);
  const first = Math.max(cutoff, clock.now() - keptMs);
  for (let day = Math.floor(to / dayMs); day >= Math.floor(first / dayMs); day--) {
    const events = days(day)
      .filter(({ endedAt }) => endedAt.getTime() >= first && endedAt.getTime() <= to)
      .toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime());
    if (!(await insert(db, events, signal))) return;
    if (day >= today - 1) await rollUp({ database: db, clock }, signal);
  }
}

/** Writes rows in their order. @returns false where it was told to stop */
async function insert(db: Database, events: readonly ExchangeEvent[], signal: AbortSignal): Promise<boolean> {
  for (let at = 0; at < events.length; at += batch) {
    if (signal.aborted) return false;
    await db.withRollup((tx) => insertExchanges(tx, events.slice(at, at + batch)));
  }
  return true;
}

/** Counts the days before that, the latest first, each in a transaction of its own. */
async function countPast({ db }: HistoryHub, seeded: SeededWorld, days: Days, { cutoff, signal }: Stretch) {
  const first = await db.withRollup((tx) => findFirstDay(tx, idsOf(seeded)));
  const next = Math.min(cutoff, first?.getTime() ?? cutoff) / dayMs - 1;
  for (let day = next; day >= seeded.world.firstDay && !signal.aborted; day--) {
    const range = { from: new Date(day * dayMs), to: new Date((day + 1) * dayMs) };
    await db.withRollup((tx) => insertDay(tx, range, countHours(days(day))));
    // What people do meanwhile goes first.
    await delay(5, undefined, { signal }).catch(() => undefined);
  }
}

function idsOf({ world }: SeededWorld): string[] {
  return world.schools.map(({ tenantId }) => tenantId);
}
