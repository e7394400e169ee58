import { decideExpiry, decideHostDown, decidePending, decideProbes } from '../slo/standing.ts';
import type { Alarm } from './alarm-store.ts';
import type { Alert } from './alert.ts';
import type { Ending } from './expiry-store.ts';

/** What is looked at whether or not there is traffic. Unix milliseconds. */
export interface Standing {
  expiring: readonly Ending[];
  pending: readonly {
    tenantId: string;
    connectionId: string;
    partner: string;
    oldest: number;
    waiting: number;
  }[];
  /** Hosts of partners that are left alone, since then. */
  hosts: readonly { host: string; failures: number; openedAt: number }[];
  /** Connections that were asked without people, and failed so often in a row, since then. */
  probes: readonly {
    tenantId: string;
    connectionId: string;
    partner: string;
    kind: string;
    failures: number;
    failedPartner: number;
    since: number;
  }[];
  alarms: readonly Alarm[];
}

const dayMs = 86_400_000;

/** The alerts that are always on: what ends, what waits, who is down, and what background work has met. */
export function standingAlerts(standing: Standing, now: number): Alert[] {
  const ends = standing.expiring.flatMap((each): Alert[] => {
    const severity = decideExpiry(each, now);
    if (severity === undefined) return [];
    const facts = { daysLeft: Math.floor((each.notAfter - now) / dayMs) };
    const what = each.thing === 'certificate' ? '' : `:${each.thing}:${each.name}`;
    const key = `expiry:${keyOf(each)}${what}`;
    return [{ ...ofConnection(each), key, rule: 'expiry', severity, firstFailedAt: now, facts }];
  });
  const waits = standing.pending.flatMap((each): Alert[] => {
    const severity = decidePending(now - each.oldest);
    if (severity === undefined) return [];
    const facts = { waiting: each.waiting, oldestMinutes: minutesSince(each.oldest, now) };
    const [key, rule] = [`pending:${keyOf(each)}`, 'oldest_pending' as const];
    return [{ ...ofConnection(each), key, rule, severity, firstFailedAt: each.oldest, facts }];
  });
  return [
    ...ends,
    ...waits,
    ...hostAlerts(standing, now),
    ...probeAlerts(standing),
    ...alarmAlerts(standing, now),
  ];
}

/** A host is of every school that uses it. */
function hostAlerts({ hosts }: Standing, now: number): Alert[] {
  return hosts.flatMap(({ host, failures, openedAt }): Alert[] => {
    const severity = decideHostDown(now - openedAt);
    if (severity === undefined) return [];
    const whose = { tenantId: undefined, connectionId: undefined, partner: undefined };
    const facts = { failures, downMinutes: minutesSince(openedAt, now) };
    return [
      {
        ...ofConnection(whose),
        key: `host:${host}`,
        rule: 'host_down',
        severity,
        firstFailedAt: openedAt,
        facts,
      },
    ];
  });
}

function probeAlerts({ probes }: Standing): Alert[] {
  return probes.flatMap((each): Alert[] => {
    const severity = decideProbes(each.failures);
    if (severity === undefined) return [];
    const others = each.failures - each.failedPartner;
    const blame = {
      failedPartner: each.failedPartner,
      failedHub: 0,
      failedConfig: others,
      expiredUnknown: 0,
    };
    const key = `probe:${keyOf(each)}:${each.kind}`;
    const facts = { failuresInARow: each.failures };
    return [{ ...ofConnection(each), key, rule: 'probe', severity, blame, firstFailedAt: each.since, facts }];
  });
}

function alarmAlerts({ alarms }: Standing, now: number): Alert[] {
  return alarms.map((each) => {
    const facts = { accounts: each.amount, minutes: minutesSince(each.since, now) };
    const key = `vanished:${keyOf(each)}`;
    const rule = 'accounts_vanished';
    return { ...ofConnection(each), key, rule, severity: 'page', firstFailedAt: each.since, facts };
  });
}

function minutesSince(then: number, now: number): number {
  return Math.floor((now - then) / 60_000);
}

interface Whose {
  tenantId: string | undefined;
  connectionId: string | undefined;
  partner: string | undefined;
}

function keyOf({ tenantId, connectionId }: Omit<Whose, 'partner'>): string {
  return `${tenantId}:${connectionId ?? '-'}`;
}

function ofConnection({ tenantId, connectionId, partner }: Whose) {
  return { tenantId, connectionId, partner, kind: undefined, blame: undefined, schools: 1 };
}
