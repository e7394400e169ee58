import {
  type ConnectionId,
  HUB_TENANT,
  type LaunchId,
  type RegistrationId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { listDeployments, resolveHubDeployment } from '../../connections/deployments.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { waitingPage } from '../pages/waiting-page.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { findWaiting, type WaitingLaunch } from './quarantine-store.ts';

/** How long a launch waits for somebody of the school to claim its deployment. */
export const waitMs = 60 * 60 * 1000;

/** Runs work for the owner of a waiting launch: its tenant, or the hub where the school is not known yet. */
export function inOwner<T>(
  db: Database,
  owner: TenantId,
  work: (tx: TenantTx | HubTx) => Promise<T>,
): Promise<T> {
  return owner === HUB_TENANT ? db.withHub(work) : db.withTenant(owner, work);
}

/** The page of a launch that waits. The handle in its form is the launch's only key; the address it asks holds none. */
export function showWaiting(
  services: LtiServices,
  waiting: { owner: TenantId; launchId: string; handle: string; reference: string },
  framing: { frameAncestors: readonly string[]; tenant: Tenant | undefined },
): Reply {
  const statusUrl = `/lti/waiting/${waiting.owner}/${waiting.launchId}`;
  const resume = { action: `${services.baseUrl}/lti/resume`, fields: { handle: waiting.handle } };
  return {
    kind: 'page',
    frameAncestors: framing.frameAncestors,
    tenantLocale: framing.tenant?.locale,
    render: (page) =>
      waitingPage(page, { statusUrl, resume, forSeconds: waitMs / 1000, reference: waiting.reference }),
  };
}

/** Whether a waiting launch can go on. Tells nothing else, so that a launch id is worth nothing to a stranger. */
export async function isClaimed(services: LtiServices, owner: TenantId, launchId: string): Promise<boolean> {
  const now = new Date(services.clock.now());
  const waiting = await inOwner(services.db, owner, (tx) => findWaiting(tx, launchId as LaunchId, now));
  return waiting !== undefined && (await findClaimed(services, owner, waiting)) !== undefined;
}

/** The school that claimed the deployment of a waiting launch, and the connection it is reached by; both in use. */
export async function findClaimed(
  { db, directory }: LtiServices,
  owner: TenantId,
  waiting: WaitingLaunch,
): Promise<{ tenant: Tenant; connectionId: ConnectionId } | undefined> {
  // A claim was made a moment ago, perhaps: it is read from the database, not from memory.
  const found =
    owner === HUB_TENANT
      ? await resolveHubDeployment(db.directory, waiting.connectionId as RegistrationId, waiting.deploymentId)
      : await findOwn(db.tenant(owner), owner, waiting);
  if (found?.status !== 'active') return undefined;
  const tenant = await directory.tenantById(found.tenantId);
  return tenant?.status === 'active' ? { tenant, connectionId: found.connectionId } : undefined;
}

async function findOwn(tx: TenantTx, tenantId: TenantId, waiting: WaitingLaunch) {
  const deployments = await listDeployments(tx, waiting.connectionId as ConnectionId);
  const found = deployments.find((each) => each.deploymentId === waiting.deploymentId);
  return found && { ...found, tenantId };
}
