import type { ExchangeEvent } from '../../../contracts/health.ts';
import { newId, type TenantId } from '../../../contracts/ids.ts';

/** Launches, sign-ins, grades and calls that no partner is behind of the last day, one in six minutes; the first of every 17 failed. */
export function dayOfExchanges(tenantId: TenantId, now: number): ExchangeEvent[] {
  const kinds = [
    { kind: 'launch', partner: 'canvas' },
    { kind: 'sign_in', partner: 'entra-id' },
    { kind: 'grade_delivery', partner: 'moodle' },
    { kind: 'ags_call', partner: null },
  ] as const;
  return Array.from({ length: 240 }, (_, index) => {
    const endedAt = new Date(now - (index + 1) * 6 * 60_000);
    const failed = index % 17 === 0;
    return {
      ...{ tenantId, exchangeId: newId(endedAt.getTime()), connectionId: null, toolId: null },
      ...kinds[index % 4]!,
      ...({ tier: 'standard', connectorVersion: null } as const),
      ...({ outcome: failed ? 'failed_partner' : 'success', reason: failed ? 'partner_5xx' : null } as const),
      ...{ attempts: failed ? 3 : 1, failedAttempts: failed ? 3 : 0, offered: 0, rejected: 0 },
      ...{ startedAt: new Date(endedAt.getTime() - 400 - index), endedAt },
    };
  });
}
