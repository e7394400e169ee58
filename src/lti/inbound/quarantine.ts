import { z } from 'zod';
import { HUB_TENANT, type LaunchId, newId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { hashSecret, newHandle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { launchSnapshot } from '../snapshot.ts';
import { decideLoginReason } from './login-reason.ts';
import { consumeLogin } from './login-store.ts';
import { takeContent } from './opening.ts';
import type { ProvenLaunch } from './proven-launch.ts';
import { insertWaiting, insertWaitingTrace, noteClaim } from './quarantine-store.ts';
import { refuse } from './refuse.ts';
import { claimedTarget } from './target.ts';
import { showWaiting, waitMs } from './waiting.ts';
import { warningsOf } from './warnings.ts';

/** What is sealed of a waiting launch: all that is needed to go on from where it stopped. */
export const waitingContent = z.object({
  subject: z.string().optional(),
  targetLinkUri: z.string().optional(),
  lmsContextId: z.string().optional(),
  lmsResourceLinkId: z.string().optional(),
  messageType: z.string(),
  reference: z.string(),
  registrationId: z.uuid(),
  frameAncestors: z.array(z.string()),
  /** For the trace, which a launch of no school yet has only when it goes on. */
  warnings: z.array(z.string()).default([]),
  snapshot: launchSnapshot,
});

export type WaitingContent = z.output<typeof waitingContent>;

export const sealedPlace = (launchId: string) => ({
  table: 'lti_waiting_launch',
  row: launchId,
  column: 'sealed_snapshot',
});

/**
 * A known registration, an unknown deployment: anyone at a vendor's cloud can install the hub under the same
 * client_id, so nobody is let in until somebody of the school claims the deployment. The launch is kept
 * sealed, and the person sees a calm page that goes on by itself once that is done.
 */
export async function quarantine(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant | undefined,
): Promise<Reply> {
  const { db, clock } = services;
  const { request, registration, claims, state } = launch;
  const now = clock.now();
  const launchId = newId<LaunchId>(now);

  const keep = async (tx: TenantTx | HubTx): Promise<{ handle: string } | { reason: ReasonCode }> => {
    const login = await consumeLogin(tx, state.hash);
    const reason = decideLoginReason(login, launch, now);
    if (reason !== undefined) return { reason };
    const handle = newHandle(tx.tenantId, launchId);
    const { connectionId } = registration;
    const claimed = await noteClaim(tx, connectionId, claims.deploymentId, new Date(now));
    if (claimed === 'refused') return { reason: 'deployment_unknown' };
    const content = contentOf(services, launch, tenant);
    await insertWaiting(tx, {
      launchId,
      connectionId,
      deploymentId: claims.deploymentId,
      resumeHash: hashSecret(handle),
      sealedSnapshot: await services.secrets.seal(tx, sealedPlace(launchId), JSON.stringify(content)),
      expiresAt: new Date(now + waitMs),
    });
    if (tx.scope === 'tenant') {
      const { reference } = request;
      const { deploymentId, messageType } = claims;
      const trace = { facts: { family: registration.family }, warnings: content.warnings };
      await insertWaitingTrace(
        tx,
        { launchId, reference, connectionId, deploymentId, messageType },
        trace,
        new Date(now),
      );
    }
    return { handle };
  };

  // A login of a hub-wide registration is the hub's, and so is its waiting launch until a school claims it.
  const hubWide = request.arrival === undefined;
  const kept =
    hubWide || tenant === undefined ? await db.withHub(keep) : await db.withTenant(tenant.tenantId, keep);
  const { reference } = request;
  if ('reason' in kept)
    return refuse(services, { tenant, registration, reason: kept.reason, reference, proven: true });
  const owner = hubWide || tenant === undefined ? HUB_TENANT : tenant.tenantId;
  const { frameAncestors } = registration.settings;
  return showWaiting(
    services,
    { owner, launchId, handle: kept.handle, reference },
    { frameAncestors, tenant },
  );
}

/** What of a launch is sealed while it waits. */
export function contentOf(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant | undefined,
): WaitingContent {
  const { request, registration, claims, payload } = launch;
  // Tenant and target of the snapshot are settled when the launch goes on.
  const content = takeContent(payload, claims, tenant ?? { slug: '', name: '' }, services);
  // Names of LTI 1.1 come with the next launch, whose signature can be checked.
  const { legacy: _unchecked, ...snapshot } = content.snapshot;
  return {
    ...content,
    snapshot,
    targetLinkUri: claimedTarget(payload),
    reference: request.reference,
    registrationId: registration.connectionId,
    frameAncestors: registration.settings.frameAncestors,
    warnings: warningsOf(launch, { ...content, legacy: 'absent' }),
  };
}
