import { HUB_TENANT } from '../../../contracts/ids.ts';
import type { IncidentSeverity, IncidentState } from '../../../contracts/incidents.ts';
import { type Counts, leastEvents, type Windows } from '../slo/burn.ts';
import type { Alert } from './alert.ts';
import { type CauseContext, decideCause, type SuspectedCause } from './cause.ts';

/** An incident that is not resolved. Times in unix milliseconds. */
export interface OpenIncident {
  /** The school whose it is; of several, the hub's. */
  tenantId: string;
  incidentId: string;
  state: Exclude<IncidentState, 'resolved'>;
  severity: IncidentSeverity;
  causeKey: string;
  recoveredAt: number | undefined;
  /** When one of its alerts last fired. */
  lastFiredAt: number;
  alertKeys: readonly string[];
}

export interface NewIncident extends SuspectedCause {
  tenantId: string;
  severity: IncidentSeverity;
  partner: string | undefined;
  connectionId: string | undefined;
  firstFailedAt: number;
  alerts: Alert[];
}

export type IncidentStep =
  | { kind: 'open'; incident: NewIncident }
  /** Fires on, or has new alerts of the same cause. */
  | { kind: 'fire'; incident: OpenIncident; alerts: Alert[]; severity: IncidentSeverity }
  | { kind: 'recover'; incident: OpenIncident; at: number }
  | { kind: 'relapse'; incident: OpenIncident }
  | { kind: 'resolve'; incident: OpenIncident; recoveredAt: number };

/** What is known of the series behind an alert, where it fires no more. */
export interface SeriesState {
  windows: Windows;
  target: number;
  /** Deliveries that still wait for the connection. */
  backlog: number;
}

export interface IncidentInput {
  now: number;
  alerts: readonly Alert[];
  open: readonly OpenIncident[];
  context: Omit<CauseContext, 'alerts'>;
  /** By the alert's key. */
  series: ReadonlyMap<string, SeriesState>;
  /** Incidents that ended within the short window of the slowest rule, which still holds their failures. */
  justResolved: readonly { causeKey: string; alertKeys: readonly string[] }[];
}

/** So long a metric has to be back in its target. */
export const calmMs = 30 * 60_000;
/** Where no traffic shows whether it is well, so long after the last failure it is taken for over. */
const forgottenMs = 72 * 3_600_000;

/** What becomes of incidents with what fires now. */
export function planIncidents(input: IncidentInput): IncidentStep[] {
  const { open, context, justResolved } = input;
  const isOld = (alert: Alert) =>
    alert.rule === 'burn_budget' && justResolved.some(({ alertKeys }) => alertKeys.includes(alert.key));
  const alerts = input.alerts.filter((alert) => !isOld(alert));
  const homes = new Map(
    open.flatMap((incident) => incident.alertKeys.map((key) => [key, incident] as const)),
  );
  const causes = alerts.map((alert) => ({ alert, cause: decideCause(alert, { ...context, alerts }) }));
  const found = new Map<OpenIncident, Alert[]>();
  const groups = new Map<string, { cause: SuspectedCause; alerts: Alert[] }>();
  for (const { alert, cause } of causes) {
    const home = homes.get(alert.key) ?? open.find(({ causeKey }) => causeKey === cause.key);
    if (home !== undefined) found.set(home, [...(found.get(home) ?? []), alert]);
    else {
      const group = groups.get(cause.key) ?? { cause, alerts: [] };
      groups.set(cause.key, { ...group, alerts: [...group.alerts, alert] });
    }
  }
  // Other schools of the same trouble see their budgets burn on, too.
  for (const { causeKey } of justResolved) {
    if (groups.get(causeKey)?.alerts.every(({ rule }) => rule === 'burn_budget')) groups.delete(causeKey);
  }
  return [
    ...[...groups.values()].map(
      ({ cause, alerts: own }): IncidentStep => ({ kind: 'open', incident: begin(cause, own) }),
    ),
    ...open.flatMap((incident) => planOpen(incident, found.get(incident) ?? [], input)),
  ];
}

function begin(cause: SuspectedCause, alerts: Alert[]): NewIncident {
  const only = <Value>(values: (Value | undefined)[]) => (new Set(values).size === 1 ? values[0] : undefined);
  return {
    ...cause,
    tenantId: cause.isShared ? HUB_TENANT : (only(alerts.map(({ tenantId }) => tenantId)) ?? HUB_TENANT),
    severity: worst(alerts),
    partner: only(alerts.map(({ partner }) => partner)),
    connectionId: only(alerts.map(({ connectionId }) => connectionId)),
    firstFailedAt: Math.min(...alerts.map(({ firstFailedAt }) => firstFailedAt)),
    alerts,
  };
}

function worst(alerts: readonly Pick<Alert, 'severity'>[]): IncidentSeverity {
  return alerts.some(({ severity }) => severity === 'page') ? 'page' : 'ticket';
}

function planOpen(incident: OpenIncident, alerts: Alert[], { now, series }: IncidentInput): IncidentStep[] {
  // After an outage its failures burn the budget for hours on end; whether it is over, the last half hour tells.
  if (alerts.some(({ rule }) => rule !== 'burn_budget' || incident.severity === 'ticket')) {
    const severity = worst([...alerts, incident]);
    const fire: IncidentStep = { kind: 'fire', incident, alerts, severity };
    return incident.recoveredAt === undefined ? [fire] : [{ kind: 'relapse', incident }, fire];
  }
  const states = incident.alertKeys.flatMap((key) => series.get(key) ?? []);
  const proof = proofOf(states);
  const target = Math.max(0, ...states.map((state) => state.target));
  const isBad = states.some(({ backlog }) => backlog > 0) || (proof !== undefined && isOut(proof, target));
  if (isBad) return incident.recoveredAt === undefined ? [] : [{ kind: 'relapse', incident }];
  // An alert that is about no rate, such as an expiry, is over when it does not fire; a rate needs traffic to show it.
  const hasRate = incident.alertKeys.some((key) => key.startsWith('burn:'));
  const isProven = !hasRate || proof !== undefined || now - incident.lastFiredAt >= forgottenMs;
  if (incident.recoveredAt === undefined) return isProven ? [{ kind: 'recover', incident, at: now }] : [];
  if (now - incident.recoveredAt < calmMs) return [];
  return [{ kind: 'resolve', incident, recoveredAt: incident.recoveredAt }];
}

/** So many valid exchanges show whether it is well again. */
const leastProof = 6;

/** What all of it did in the last half hour; where too little happens in one, in as long a stretch as it takes. */
function proofOf(states: readonly SeriesState[]): Counts | undefined {
  const sums = (['30m', '1h', '6h'] as const).map((name) => ({
    valid: states.reduce((sum, { windows }) => sum + windows[name].valid, 0),
    failed: states.reduce((sum, { windows }) => sum + windows[name].failed, 0),
  }));
  return sums.find(({ valid }) => valid >= leastProof);
}

/** One failure of many is what a series in its target has, too. */
function isOut({ valid, failed }: Counts, target: number): boolean {
  return failed > (valid >= leastEvents ? Math.max(1, valid * (1 - target)) : 0);
}
