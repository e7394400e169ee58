import { z } from 'zod';
import { HUB_TENANT, type LaunchId, newId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { claim, record, text } from '../claims.ts';
import { hashSecret, newHandle } from '../handle.ts';
import { waitingPage } from '../pages/waiting-page.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { launchSnapshot, takeSnapshot } from '../snapshot.ts';
import type { ProvenLaunch } from './launch.ts';
import { decideLoginReason } from './login-reason.ts';
import { consumeLogin } from './login-store.ts';
import { insertWaiting, insertWaitingTrace, noteClaim } from './quarantine-store.ts';
import { refuse } from './refuse.ts';

/** How long a launch waits for somebody of the school to claim its deployment. */
const waitMs = 60 * 60 * 1000;

/** What is sealed of a waiting launch: all that is needed to go on from where it stopped. */
export const waitingContent = z.object({
  subject: z.string().optional(),
  targetLinkUri: z.string(),
  lmsContextId: z.string().optional(),
  lmsResourceLinkId: z.string(),
  messageType: z.string(),
  reference: z.string(),
  registrationId: z.uuid(),
  frameAncestors: z.array(z.string()),
  snapshot: launchSnapshot,
});

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
  const { db, clock, baseUrl } = services;
  const { request, registration, claims, state } = launch;
  const now = clock.now();
  const launchId = newId<LaunchId>(now);

  const keep = async (tx: TenantTx | HubTx): Promise<{ handle: string } | { reason: ReasonCode }> => {
    const login = await consumeLogin(tx, state.hash);
    const reason = decideLoginReason(login, launch, now);
    if (reason !== undefined) return { reason };
    const handle = newHandle(tx.tenantId, launchId);
    const { connectionId } = registration;
    const content = JSON.stringify(contentOf(launch, tenant));
    await noteClaim(tx, connectionId, claims.deploymentId, new Date(now));
    await insertWaiting(tx, {
      launchId,
      connectionId,
      deploymentId: claims.deploymentId,
      resumeHash: hashSecret(handle),
      sealedSnapshot: await services.secrets.seal(tx, sealedPlace(launchId), content),
      expiresAt: new Date(now + waitMs),
    });
    if (tx.scope === 'tenant') {
      const { reference } = request;
      const { deploymentId, messageType } = claims;
      const trace = { facts: { family: registration.family }, warnings: [] };
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
  if ('reason' in kept) return refuse(services, { tenant, registration, reason: kept.reason, reference });
  const owner = hubWide || tenant === undefined ? HUB_TENANT : tenant.tenantId;
  return {
    kind: 'page',
    frameAncestors: registration.settings.frameAncestors,
    locale: tenant?.locale,
    render: (page) =>
      waitingPage(page, {
        statusUrl: `/lti/waiting/${owner}/${launchId}`,
        resume: { action: `${baseUrl}/lti/resume`, fields: { handle: kept.handle } },
        reference,
      }),
  };
}

function contentOf({ request, registration, claims, payload }: ProvenLaunch, tenant: Tenant | undefined) {
  const targetLinkUri = String(payload[claim.targetLinkUri]);
  return {
    subject: claims.subject,
    targetLinkUri,
    lmsContextId: text(record(payload[claim.context]).id, 255),
    lmsResourceLinkId: String(record(payload[claim.resourceLink]).id),
    messageType: claims.messageType,
    reference: request.reference,
    registrationId: registration.connectionId,
    frameAncestors: registration.settings.frameAncestors,
    // Tenant and target are settled when the launch goes on.
    snapshot: takeSnapshot(payload, tenant ?? { slug: '', name: '' }, targetLinkUri),
  };
}
