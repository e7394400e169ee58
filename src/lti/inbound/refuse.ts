import { type LaunchId, newId } from '../../../contracts/ids.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { type LmsFamily, type ReasonCode, reason } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { insertRefusedLaunch } from './trace-store.ts';

export interface Refusal {
  tenant: Tenant | undefined;
  reason: ReasonCode;
  reference: string;
  /** The registration, once it is known. */
  registration?: { connectionId: string; family: LmsFamily; settings: { frameAncestors: readonly string[] } };
  deploymentId?: string;
  messageType?: string;
  /** What an engineer needs beside the reason; no personal data, no tokens. */
  facts?: Record<string, unknown>;
}

/**
 * Ends a launch: a row in the tenant's trace, and a page in plain words with the same reference. Where no
 * tenant is known yet there is no one to keep a row for: it is counted, and the request's log line tells the reason.
 */
export async function refuse(services: LtiServices, refusal: Refusal): Promise<Reply> {
  const { tenant, registration } = refusal;
  if (tenant !== undefined) {
    const now = services.clock.now();
    await insertRefusedLaunch(services.db.tenant(tenant.tenantId), {
      launchId: newId<LaunchId>(now),
      reference: refusal.reference,
      reason: refusal.reason,
      outcome: reason(refusal.reason).outcome,
      connectionId: registration?.connectionId,
      deploymentId: refusal.deploymentId,
      messageType: refusal.messageType,
      trace: { facts: { ...refusal.facts, family: registration?.family } },
      now: new Date(now),
    });
  }
  if (tenant === undefined) {
    services.recordRefusal({
      kind: 'launch',
      outcome: reason(refusal.reason).outcome,
      reason: refusal.reason,
    });
  }
  return {
    kind: 'refused',
    reason: refusal.reason,
    reference: refusal.reference,
    family: registration?.family ?? 'generic',
    frameAncestors: registration?.settings.frameAncestors ?? services.frameAncestors,
    locale: tenant?.locale,
  };
}
