import { HUB_TENANT, type IncidentId, newId, type TenantId } from '../../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, HubTx, RollupTx, TenantTx } from '../../platform/db.ts';
import type { Log } from '../../platform/log.ts';
import { listDownHosts } from '../breaker/host-store.ts';
import { listSchoolCalendars } from '../calendars/calendar-store.ts';
import { dayIn } from '../calendars/days.ts';
import { decidePeriod } from '../calendars/period.ts';
import { listAllChanges, type StoredChange } from '../changes/change-store.ts';
import { addNews, type News } from '../notifications/notification-store.ts';
import { sumFailures } from '../probes/failures.ts';
import { listLatestProbes } from '../probes/probe-store.ts';
import { burnWindowMs, decideBurn, decideFirstFailure, type Windows } from '../slo/burn.ts';
import { listAllLevels, type StoredLevel } from '../slo/level-store.ts';
import { leastErrors } from '../slo/standing.ts';
import { decideLevel } from '../slo/targets.ts';
import { listAlarms } from './alarm-store.ts';
import { type Alert, decideBurnAlerts, seriesKey, type WatchedSeries } from './alert.ts';
import type { SuspectChange } from './cause.ts';
import { listExpiring } from './expiry-store.ts';
import {
  insertIncident,
  isOfHub,
  listWatchedIncidents,
  saveAlerts,
  updateIncident,
  type WatchedIncident,
} from './incident-store.ts';
import { type IncidentStep, type OpenIncident, planIncidents, type SeriesState } from './plan.ts';
import { standingAlerts } from './standing-alerts.ts';
import { likeHours, silenceAlerts, userErrorAlerts } from './traffic-alerts.ts';
import { readTraffic, readUserErrors } from './traffic-store.ts';
import {
  listPending,
  readLongCounts,
  readStretches,
  readWatchedCounts,
  type WatchedCounts,
  type WatchedKey,
} from './watch-store.ts';

export interface EvaluateDeps {
  db: Pick<Database, 'withRollup' | 'withTenant' | 'withHub'>;
  clock: Clock;
  log: Log;
}

const stepMs = 300_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Looks at the counts of every series, and opens, carries on and ends incidents. Idempotent: several copies may do it. */
export async function evaluateHealth(deps: EvaluateDeps, signal?: AbortSignal): Promise<void> {
  const now = deps.clock.now();
  const seen = await deps.db.withRollup((tx) => look(tx, now));
  const steps = planIncidents({ ...seen, now });
  for (const step of steps) {
    if (signal?.aborted === true) return;
    const tenantId = step.incident.tenantId as TenantId;
    await applyStep(deps, step, now).catch((error: unknown) => {
      deps.log.warn('incident_step_failed', { tenantId, error });
    });
  }
}

/** Reads all that the decisions need, in one transaction. */
async function look(tx: RollupTx, now: number) {
  const end = Math.floor(now / stepMs) * stepMs;
  const incidents = await listWatchedIncidents(tx, new Date(now - burnWindowMs['6h']));
  const open = incidents.filter(({ state }) => state !== 'resolved');
  const counts = await readWatchedCounts(tx, end, {
    partners: open.flatMap(({ partner }) => partner ?? []),
    connectionIds: open.flatMap(({ connectionId }) => connectionId ?? []),
  });
  const pending = await listPending(tx, new Date(now - 3_600_000));
  const series = await readSeries(tx, counts, end, now);
  const expiring = await listExpiring(tx, new Date(now + 31 * dayMs), new Date(now));
  const hosts = (await listDownHosts(tx)).map(({ host, breaker }) => ({ host, ...breaker }));
  const probes = sumFailures(await listLatestProbes(tx, new Date(now - 2 * dayMs)));
  const alarms = await listAlarms(tx, new Date(now - hourMs));
  const alerts: Alert[] = [
    ...decideBurnAlerts(series),
    ...standingAlerts({ expiring, pending, hosts, probes, alarms }, now),
    ...(await readSilence(tx, now)),
    ...userErrorAlerts(await readUserErrors(tx, Math.floor(now / hourMs) * hourMs, leastErrors), now),
  ];
  const waiting = new Map(pending.map(({ connectionId, waiting }) => [connectionId, waiting]));
  const states = series.map((each): [string, SeriesState] => {
    const backlog = (each.connectionId && waiting.get(each.connectionId)) || 0;
    return [seriesKey(each), { windows: each.windows, target: each.target, backlog }];
  });
  return {
    alerts,
    open: open.map(toOpen),
    series: new Map(states),
    justResolved: incidents.filter(({ state }) => state === 'resolved'),
    context: {
      changes: (await listAllChanges(tx, new Date(now - 14 * dayMs))).map(toSuspect),
      ended: expiring.filter(({ notAfter }) => notAfter <= now),
    },
  };
}

/** Schools without a calendar are never silent: nobody knows when they have holidays. */
async function readSilence(tx: RollupTx, now: number): Promise<Alert[]> {
  const around = { from: new Date(now - 200 * dayMs), to: new Date(now + 2 * dayMs) };
  const byZone = Map.groupBy(await listSchoolCalendars(tx, around), ({ zone }) => zone);
  const alerts: Alert[] = [];
  for (const [zone, schools] of byZone) {
    const hours = likeHours(zone, now);
    const ids = schools.map(({ tenantId }) => tenantId);
    const traffic = Map.groupBy(
      await readTraffic(tx, ids, [hours.hour, ...hours.before]),
      ({ tenantId }) => tenantId,
    );
    for (const school of schools) {
      alerts.push(...silenceAlerts(school, traffic.get(school.tenantId) ?? [], hours));
    }
  }
  return alerts;
}

async function readSeries(
  tx: RollupTx,
  counts: readonly WatchedCounts[],
  end: number,
  now: number,
): Promise<WatchedSeries[]> {
  const long = new Map((await readLongCounts(tx, end)).map((each) => [seriesKey(each.key), each.counts]));
  const targets = await readTargets(tx, now);
  const series: WatchedSeries[] = [];
  for (const { key, windows: short, blame, schools } of counts) {
    const windows: Windows = { ...short, '3d': long.get(seriesKey(key)) ?? short['6h'] };
    const target = targets(key);
    const isBurning = decideBurn(windows, target) !== undefined;
    const stretches = isBurning ? await readStretches(tx, key, end - burnWindowMs['6h']) : [];
    const firstFailedAt = decideFirstFailure(stretches, target) ?? end;
    series.push({ ...key, windows, target, blame, schools, firstFailedAt });
  }
  return series;
}

/** The target of a series now: while its school has exams, the one for exams. */
async function readTargets(tx: RollupTx, now: number): Promise<(key: WatchedKey) => number> {
  const levels = Map.groupBy(await listAllLevels(tx), ({ tenantId }: StoredLevel) => tenantId);
  const around = { from: new Date(now - 2 * dayMs), to: new Date(now + 2 * dayMs) };
  const calendars = await listSchoolCalendars(tx, around);
  const inExams = new Set(
    calendars
      .filter(({ zone, spans }) => decidePeriod(spans, dayIn(zone)(now)) === 'exams')
      .map(({ tenantId }) => tenantId),
  );
  return ({ tenantId, kind, tier }) => {
    const own = tenantId === undefined ? [] : (levels.get(tenantId) ?? []);
    const level = decideLevel(kind, tier, own, levels.get(HUB_TENANT) ?? []);
    return tenantId !== undefined && inExams.has(tenantId) ? level.examTarget : level.target;
  };
}

function toOpen(incident: WatchedIncident): OpenIncident {
  const { tenantId, incidentId, severity, causeKey, alertKeys, recoveredAt, lastFiredAt } = incident;
  return {
    ...{ tenantId, incidentId, severity, causeKey, alertKeys },
    state: incident.state === 'acknowledged' ? 'acknowledged' : 'open',
    recoveredAt: recoveredAt?.getTime(),
    lastFiredAt: lastFiredAt.getTime(),
  };
}

function toSuspect({
  changeId,
  type,
  tenantId,
  connectionId,
  at,
  action,
  partner,
}: StoredChange & { partner: string | null }): SuspectChange {
  const version = action.split(':').at(-1) ?? '';
  const isRelease = type === 'hub_release';
  return {
    ...{ changeId, type, at: at.getTime(), connectionId: connectionId ?? undefined },
    tenantId: tenantId === HUB_TENANT ? undefined : tenantId,
    group:
      type === 'connector_version'
        ? `connector:${partner ?? '-'}:${version}`
        : isRelease
          ? `release:${version}`
          : `change:${changeId}`,
  };
}

async function applyStep(deps: EvaluateDeps, step: IncidentStep, now: number): Promise<void> {
  const at = new Date(now);
  const ownerId = step.incident.tenantId as TenantId;
  const news = await inScope(deps, ownerId, (tx) => writeStep(tx, step, at));
  if (news === undefined) return;
  // The hub is told of every school's; what is lost between the two is made good with the next evaluation.
  if (!isOfHub({ tenantId: ownerId })) await deps.db.withHub((tx) => addNews(tx, news, at));
}

function inScope<T>(
  { db }: Pick<EvaluateDeps, 'db'>,
  tenantId: TenantId,
  work: (tx: TenantTx | HubTx) => Promise<T>,
): Promise<T> {
  return tenantId === HUB_TENANT ? db.withHub(work) : db.withTenant(tenantId, work);
}

/** @returns what targets have to be told */
async function writeStep(tx: TenantTx | HubTx, step: IncidentStep, at: Date): Promise<News | undefined> {
  const tell = async (incidentId: IncidentId, event: News['event'], severity: News['severity']) => {
    const news: News = { tenantId: tx.tenantId, incidentId, event, severity };
    await addNews(tx, news, at);
    return news;
  };
  if (step.kind === 'open') {
    const incidentId = newId<IncidentId>(at.getTime());
    if (!(await insertIncident(tx, incidentId, step.incident, at))) return undefined;
    await saveAlerts(tx, incidentId, step.incident.alerts, at);
    return tell(incidentId, 'opened', step.incident.severity);
  }
  const incidentId = step.incident.incidentId as IncidentId;
  const { severity } = step.incident;
  switch (step.kind) {
    case 'fire':
      await saveAlerts(tx, incidentId, step.alerts, at);
      await updateIncident(tx, incidentId, { severity: step.severity });
      return tell(incidentId, 'opened', step.severity);
    case 'recover':
      await updateIncident(tx, incidentId, { recoveredAt: new Date(step.at) });
      return undefined;
    case 'relapse':
      await updateIncident(tx, incidentId, { recoveredAt: null });
      return undefined;
    case 'resolve': {
      const ended = { recoveredAt: new Date(step.recoveredAt), resolvedAt: at };
      return (await updateIncident(tx, incidentId, ended))
        ? tell(incidentId, 'resolved', severity)
        : undefined;
    }
  }
}
