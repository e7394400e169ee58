import type { ExchangeEvent } from '../../../contracts/health.ts';
import { outcomeMeanings } from '../../../contracts/health.ts';
import { makeChanges } from '../../../src/health/history/changes.ts';
import { makeDay } from '../../../src/health/history/traffic.ts';
import type { HistoryTruth } from '../../../src/health/history/truth.ts';
import type { HistoryWorld } from '../../../src/health/history/world.ts';
import {
  type Alert,
  decideBurnAlerts,
  seriesKey,
  type WatchedSeries,
} from '../../../src/health/incidents/alert.ts';
import {
  type IncidentStep,
  type NewIncident,
  type OpenIncident,
  planIncidents,
  type SeriesState,
} from '../../../src/health/incidents/plan.ts';
import {
  type Bucket,
  burnWindowMs,
  decideBurn,
  decideFirstFailure,
  type Windows,
  windowNames,
} from '../../../src/health/slo/burn.ts';
import { builtInLevel } from '../../../src/health/slo/targets.ts';

const stepMs = 300_000;
const dayMs = 86_400_000;

/** Counts of a series by stretches of five minutes, as roll-ups keep them. */
interface Row extends Bucket {
  failedPartner: number;
  failedHub: number;
  failedConfig: number;
  /** Those that have failures; undefined for none. */
  schools: Set<string> | undefined;
}

interface Kept {
  series: Omit<WatchedSeries, 'windows' | 'blame' | 'firstFailedAt' | 'schools'>;
  rows: Row[];
  byBucket: Map<number, Row>;
}

/** Which days of a history are looked at, by number; all unless given. */
type Days = (day: number) => boolean;
const everyDay: Days = () => true;

/** The days around everything that was planted: a week before, for the longest window, and two days after. */
export function daysOfTruth({ outage, certificate, release, noise }: HistoryTruth): Days {
  const planted = [outage, certificate, release, noise.passwords, noise.night];
  const spans = planted.map(({ from, to }) => [Math.floor(from / dayMs) - 7, Math.floor(to / dayMs) + 2]);
  return (day) => spans.some(([first = 0, last = 0]) => day >= first && day <= last);
}

/** Everything that ended, by series: each connection’s own, and each partner’s over all schools. */
export function rollUp(world: HistoryWorld, truth: HistoryTruth, isWanted: Days = everyDay) {
  const kept = new Map<string, Kept>();
  let exchanges = 0;
  for (let day = world.firstDay; day <= world.lastDay; day++) {
    if (!isWanted(day)) continue;
    for (const school of world.schools) {
      for (const event of makeDay(world, truth, school, day)) {
        exchanges += 1;
        count(kept, event, false);
        count(kept, event, true);
      }
    }
  }
  const series = [...kept.values()];
  for (const { rows } of series) rows.sort((a, b) => a.at - b.at);
  return { series, exchanges };
}

function count(kept: Map<string, Kept>, event: ExchangeEvent, isPooled: boolean): void {
  const { counted, failure } = outcomeMeanings[event.outcome];
  if (!counted) return;
  const { kind } = event;
  const key = (isPooled ? event.partner : event.connectionId) + kind;
  let own = kept.get(key);
  if (own === undefined) {
    const tier = isPooled ? 'standard' : event.tier;
    const series = {
      ...{ partner: event.partner ?? undefined, kind, tier, target: builtInLevel(kind, tier).target },
      tenantId: isPooled ? undefined : event.tenantId,
      connectionId: isPooled ? undefined : (event.connectionId ?? undefined),
    };
    own = { series, rows: [], byBucket: new Map() };
    kept.set(key, own);
  }
  const at = Math.floor(event.endedAt.getTime() / stepMs) * stepMs;
  let row = own.byBucket.get(at);
  if (row === undefined) {
    row = { at, valid: 0, failed: 0, failedPartner: 0, failedHub: 0, failedConfig: 0, schools: undefined };
    own.byBucket.set(at, row);
    own.rows.push(row);
  }
  row.valid += 1;
  if (!failure) return;
  row.failed += 1;
  row.schools ??= new Set();
  row.schools.add(event.tenantId);
  if (event.outcome === 'failed_partner') row.failedPartner += 1;
  if (event.outcome === 'failed_hub') row.failedHub += 1;
  if (event.outcome === 'failed_config') row.failedConfig += 1;
}

export interface ReplayedIncident extends NewIncident {
  openedAt: number;
  recoveredAt?: number;
  resolvedAt?: number;
}

/** Sums over the windows that end at a moment which only goes forward. */
function createWindows({ rows }: Kept) {
  const marks = Object.fromEntries(windowNames.map((name) => [name, { first: 0, valid: 0, failed: 0 }]));
  let end = 0;
  const sums = (now: number): Windows => {
    for (; end < rows.length && rows[end]!.at < now; end++) {
      for (const name of windowNames) {
        marks[name]!.valid += rows[end]!.valid;
        marks[name]!.failed += rows[end]!.failed;
      }
    }
    for (const name of windowNames) {
      const mark = marks[name]!;
      for (; mark.first < end && rows[mark.first]!.at < now - burnWindowMs[name]; mark.first++) {
        mark.valid -= rows[mark.first]!.valid;
        mark.failed -= rows[mark.first]!.failed;
      }
    }
    return marks as unknown as Windows;
  };
  return { sums, recent: () => rows.slice(marks['6h']!.first, end) };
}

/** Evaluates the alerts every five minutes of a history, or of those days of it. */
export function replay(
  world: HistoryWorld,
  truth: HistoryTruth,
  series: readonly Kept[],
  isWanted: Days = everyDay,
): ReplayedIncident[] {
  const watchers = series.map((kept) => ({ kept, windows: createWindows(kept) }));
  const changes = makeChanges(world, truth);
  const { tenantId, connectionId, from } = truth.certificate;
  const incidents: ReplayedIncident[] = [];
  let open: Open[] = [];
  let resolved: { causeKey: string; alertKeys: readonly string[]; at: number }[] = [];
  const end = (world.lastDay + 2) * dayMs;
  for (let now = world.firstDay * dayMs; now < end; now += stepMs) {
    if (!isWanted(Math.floor(now / dayMs))) continue;
    const states = new Map<string, SeriesState>();
    const burning: WatchedSeries[] = [];
    for (const { kept, windows } of watchers) {
      const sums = windows.sums(now);
      if (sums['3d'].failed < 10) continue;
      const { series: own } = kept;
      if (open.length > 0) {
        states.set(seriesKey(own), { windows: structuredClone(sums), target: own.target, backlog: 0 });
      }
      if (decideBurn(sums, own.target) !== undefined)
        burning.push(describe(kept, windows.recent(), sums, now));
    }
    const alerts = decideBurnAlerts(burning);
    if (alerts.length === 0 && open.length === 0) continue;
    const steps = planIncidents({
      ...{ now, alerts, open, series: states, justResolved: resolved },
      context: {
        changes: changes.filter(({ at }) => at <= now && at > now - 90 * dayMs),
        ended: now >= from ? [{ tenantId, connectionId, notAfter: from }] : [],
      },
    });
    for (const step of steps) {
      if (step.kind === 'resolve') resolved.push({ ...step.incident, at: now });
      open = applyStep(step, open, incidents, now);
    }
    resolved = resolved.filter(({ at }) => at > now - burnWindowMs['6h']);
  }
  return incidents;
}

function describe({ series }: Kept, recent: readonly Row[], windows: Windows, now: number): WatchedSeries {
  const lastHour = recent.filter(({ at }) => at >= now - 3_600_000);
  const failing = lastHour.some(({ failed }) => failed > 0) ? lastHour : recent;
  const sum = (name: 'failedPartner' | 'failedHub' | 'failedConfig') =>
    failing.reduce((total, row) => total + row[name], 0);
  return {
    ...series,
    windows,
    blame: {
      ...{ failedPartner: sum('failedPartner'), failedHub: sum('failedHub') },
      ...{ failedConfig: sum('failedConfig'), expiredUnknown: 0 },
    },
    firstFailedAt: decideFirstFailure(recent, series.target) ?? now,
    schools: new Set(failing.flatMap(({ schools }) => [...(schools ?? [])])).size,
  };
}

type Open = OpenIncident & { incident: ReplayedIncident };

/** What a store does with a step. */
function applyStep(step: IncidentStep, open: Open[], incidents: ReplayedIncident[], now: number): Open[] {
  if (step.kind === 'open') {
    const incident = { ...step.incident, openedAt: now };
    incidents.push(incident);
    const { tenantId, severity, key: causeKey } = incident;
    const opened: Open = {
      ...{ tenantId, severity, causeKey, incident, state: 'open', incidentId: String(incidents.length) },
      ...{ recoveredAt: undefined, lastFiredAt: now, alertKeys: keysOf(incident.alerts) },
    };
    return [...open, opened];
  }
  const own = open.find((each) => each.incidentId === step.incident.incidentId)!;
  const others = open.filter((each) => each !== own);
  switch (step.kind) {
    case 'fire': {
      own.incident.severity = step.severity;
      const alertKeys = [...new Set([...own.alertKeys, ...keysOf(step.alerts)])];
      return [...others, { ...own, severity: step.severity, alertKeys, lastFiredAt: now }];
    }
    case 'recover':
      return [...others, { ...own, recoveredAt: step.at }];
    case 'relapse':
      return [...others, { ...own, recoveredAt: undefined }];
    case 'resolve':
      Object.assign(own.incident, { recoveredAt: step.recoveredAt, resolvedAt: now });
      return others;
  }
}

function keysOf(alerts: readonly Alert[]): string[] {
  return alerts.map(({ key }) => key);
}
