import type { IncidentCause } from '../../../contracts/incidents.ts';
import type { Alert } from './alert.ts';

/** A change that may have broken something. */
export interface SuspectChange {
  changeId: string;
  type: 'settings' | 'credentials' | 'mapping' | 'connector_version' | 'hub_release';
  /** Whose: undefined for a change of the hub, which is of every school. */
  tenantId: string | undefined;
  connectionId: string | undefined;
  /** Changes of one release share it, such as `connector:oneroster:2.1.0`. */
  group: string;
  /** Unix milliseconds. */
  at: number;
}

/** A certificate or secret that has ended. */
export interface EndedCertificate {
  tenantId: string;
  /** Undefined: of the hub itself. */
  connectionId: string | undefined;
  /** Unix milliseconds. */
  notAfter: number;
}

export interface CauseContext {
  changes: readonly SuspectChange[];
  ended: readonly EndedCertificate[];
  /** Every alert that fires now: several schools of one partner tell of the partner. */
  alerts: readonly Alert[];
}

export interface SuspectedCause {
  cause: IncidentCause;
  /** The same for all alerts that have it. */
  key: string;
  /** Of more than one school, be it only possibly: then it is the hub's, and no school reads of another in it. */
  isShared: boolean;
  changeId: string | undefined;
}

/**
 * How long before the first failure a change may have been made to be suspected. A new version is in place for good, and
 * what it breaks may be rarely used; other settings show within a day.
 */
const hourMs = 3_600_000;
export const suspectedMs = { version: 72 * hourMs, other: 24 * hourMs } as const;
/** Roll-ups know the first failure to five minutes: a change within the same five may look later. */
const slackMs = 300_000;

/** What is to be suspected, from the surest sign to the weakest. */
export function decideCause(alert: Alert, context: CauseContext): SuspectedCause {
  if (alert.rule === 'expiry') return causeOf('certificate', certificateKey(alert));
  // Its key names the host.
  if (alert.rule === 'host_down') return causeOf('partner', alert.key);
  const ended = context.ended.some(
    (each) =>
      isOf(each, alert) && each.notAfter <= alert.firstFailedAt + slackMs && mainly(alert, 'failedConfig'),
  );
  if (ended) return causeOf('certificate', certificateKey(alert));
  const release = latestBefore(alert, context.changes.filter(isVersion));
  if (release !== undefined) return causeOf('our_change', release.group, release.changeId);
  // What fails at other schools, too, is no setting of this one.
  if (alert.partner !== undefined && failsElsewhere(alert, context.alerts)) {
    return causeOf('partner', `partner:${alert.partner}`);
  }
  const change = latestBefore(alert, context.changes);
  if (change !== undefined) return causeOf('our_change', change.group, change.changeId);
  if (mainly(alert, 'failedHub')) return causeOf('hub', 'hub');
  return causeOf(
    'connection',
    `connection:${alert.tenantId ?? '-'}:${alert.connectionId ?? alert.kind ?? '-'}`,
  );
}

function causeOf(cause: IncidentCause, key: string, changeId?: string): SuspectedCause {
  const isShared = cause === 'partner' || cause === 'hub' || /^(connector|release):/.test(key);
  return { cause, key, isShared, changeId };
}

function certificateKey({ tenantId, connectionId }: Alert): string {
  return `certificate:${tenantId ?? '-'}:${connectionId ?? '-'}`;
}

function isOf(
  { tenantId, connectionId }: { tenantId: string | undefined; connectionId: string | undefined },
  alert: Alert,
): boolean {
  return tenantId === alert.tenantId && connectionId === alert.connectionId;
}

function mainly({ blame }: Alert, whose: keyof NonNullable<Alert['blame']>): boolean {
  if (blame === undefined) return false;
  const all = blame.failedPartner + blame.failedHub + blame.failedConfig + blame.expiredUnknown;
  return blame[whose] * 2 > all;
}

function isVersion({ type }: SuspectChange): boolean {
  return type === 'connector_version' || type === 'hub_release';
}

/** Of several the latest one; a change of a connection counts for alerts of it, and of a pool for each in it. */
function latestBefore(alert: Alert, changes: readonly SuspectChange[]): SuspectChange | undefined {
  const isInTime = (change: SuspectChange) =>
    change.at <= alert.firstFailedAt + slackMs &&
    change.at >= alert.firstFailedAt - suspectedMs[isVersion(change) ? 'version' : 'other'];
  const touches = (change: SuspectChange) => {
    if (change.tenantId === undefined) return true;
    if (alert.tenantId === undefined)
      return change.type === 'connector_version' && isOfPartner(change, alert);
    return (
      change.tenantId === alert.tenantId &&
      (change.connectionId === undefined || change.connectionId === alert.connectionId)
    );
  };
  return changes
    .filter((change) => isInTime(change) && touches(change))
    .reduce<SuspectChange | undefined>((last, each) => (last && last.at > each.at ? last : each), undefined);
}

function isOfPartner({ group }: SuspectChange, { partner }: Alert): boolean {
  return partner !== undefined && group.startsWith(`connector:${partner}:`);
}

function failsElsewhere(alert: Alert, alerts: readonly Alert[]): boolean {
  if (!mainlyOutside(alert)) return false;
  if (alert.tenantId === undefined) return alert.schools > 1;
  return alerts.some(
    (each) =>
      each.partner === alert.partner &&
      mainlyOutside(each) &&
      (each.tenantId === undefined ? each.schools > 1 : each.tenantId !== alert.tenantId),
  );
}

/** The partner is to blame, or nobody is known to be. */
function mainlyOutside(alert: Alert): boolean {
  const { blame } = alert;
  if (blame === undefined) return false;
  const outside = blame.failedPartner + blame.expiredUnknown;
  return outside > blame.failedHub + blame.failedConfig;
}
