import { decideExpiry, decidePending } from '../slo/standing.ts';
import type { Alert } from './alert.ts';

/** What is looked at whether or not there is traffic. Unix milliseconds. */
export interface Standing {
  expiring: readonly {
    tenantId: string;
    connectionId: string;
    partner: string;
    notAfter: number;
    nextNotAfter: number | undefined;
  }[];
  pending: readonly {
    tenantId: string;
    connectionId: string;
    partner: string;
    oldest: number;
    waiting: number;
  }[];
}

const dayMs = 86_400_000;

/** The alerts that are always on: what ends, and what waits. */
export function standingAlerts({ expiring, pending }: Standing, now: number): Alert[] {
  const ends = expiring.flatMap((each): Alert[] => {
    const severity = decideExpiry(each, now);
    if (severity === undefined) return [];
    const facts = { daysLeft: Math.floor((each.notAfter - now) / dayMs) };
    return [
      {
        ...ofConnection(each),
        key: `expiry:${keyOf(each)}`,
        rule: 'expiry',
        severity,
        firstFailedAt: now,
        facts,
      },
    ];
  });
  const waits = pending.flatMap((each): Alert[] => {
    const severity = decidePending(now - each.oldest);
    if (severity === undefined) return [];
    const facts = { waiting: each.waiting, oldestMinutes: Math.floor((now - each.oldest) / 60_000) };
    const rule = 'oldest_pending';
    return [
      {
        ...ofConnection(each),
        key: `pending:${keyOf(each)}`,
        rule,
        severity,
        firstFailedAt: each.oldest,
        facts,
      },
    ];
  });
  return [...ends, ...waits];
}

function keyOf({ tenantId, connectionId }: { tenantId: string; connectionId: string }): string {
  return `${tenantId}:${connectionId}`;
}

function ofConnection(each: { tenantId: string; connectionId: string; partner: string }) {
  const { tenantId, connectionId, partner } = each;
  return { tenantId, connectionId, partner, kind: undefined, blame: undefined, schools: 1 };
}
