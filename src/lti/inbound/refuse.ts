import { type LaunchId, newId } from '../../../contracts/ids.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { insertRefusedLaunch } from '../launch-store.ts';
import { type LmsFamily, type ReasonCode, type ReasonOutcome, reason } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';

export interface Refusal {
  tenant: Tenant | undefined;
  reason: ReasonCode;
  reference: string;
  /** The registration, once it is known. */
  registration?: { connectionId: string; family: LmsFamily; settings: { frameAncestors: readonly string[] } };
  deploymentId?: string;
  messageType?: string;
  /** A login of ours was answered, or a token of the registration's platform was verified. */
  proven?: boolean;
  /** What an engineer needs beside the reason; no personal data, no tokens. */
  facts?: Record<string, unknown>;
}

/**
 * Ends a launch: a row in the tenant's trace, and a page in plain words with the same reference.
 *
 * Anyone on the internet can send what is refused before anything is proven. Such refusals count as `user_error`, which
 * no failure rate includes, and each tenant keeps a bounded number of rows of them; beyond that, and where no tenant is
 * known, they are only counted.
 */
export async function refuse(services: LtiServices, refusal: Refusal): Promise<Reply> {
  const { tenant, registration, proven = false } = refusal;
  const outcome = proven ? reason(refusal.reason).outcome : 'user_error';
  if (tenant !== undefined && (proven || services.unprovenRows.take(tenant.tenantId).allowed)) {
    await keep(services, tenant, refusal, outcome);
  } else {
    const owner = tenant === undefined ? {} : { tenantId: tenant.tenantId };
    services.recordRefusal({ kind: 'launch', outcome, reason: refusal.reason, ...owner });
  }
  return {
    kind: 'refused',
    reason: refusal.reason,
    reference: refusal.reference,
    family: registration?.family ?? 'generic',
    frameAncestors: registration?.settings.frameAncestors ?? services.frameAncestors,
    tenantLocale: tenant?.locale,
  };
}

function keep(
  { db, clock }: LtiServices,
  tenant: Tenant,
  refusal: Refusal,
  outcome: ReasonOutcome,
): Promise<void> {
  const now = clock.now();
  const { registration, reference, deploymentId, messageType } = refusal;
  return insertRefusedLaunch(db.tenant(tenant.tenantId), {
    launchId: newId<LaunchId>(now),
    reference,
    reason: refusal.reason,
    outcome,
    connectionId: registration?.connectionId,
    deploymentId,
    messageType,
    trace: { facts: { ...refusal.facts, family: registration?.family } },
    now: new Date(now),
  });
}
