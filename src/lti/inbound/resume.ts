import {
  type ConnectionId,
  HUB_TENANT,
  type LaunchId,
  newId,
  type RegistrationId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { type HubDeployment, listDeployments } from '../../connections/deployments.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { hashSecret, newSecret, parseHandle } from '../handle.ts';
import { hintFor, openTool } from '../outbound/open-tool.ts';
import { decidePresentation } from '../outbound/presentation.ts';
import { waitingPage } from '../pages/waiting-page.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { acceptWaitingLaunch } from './accept-store.ts';
import { type BrowserRequest, bindingCookies, isTopLevel, lifetimeSeconds, probeCookie } from './browser.ts';
import { chooseTool } from './choose-tool.ts';
import { sealedPlace, waitingContent } from './quarantine.ts';
import { consumeWaiting, findWaiting, insertWaitingTrace, type WaitingLaunch } from './quarantine-store.ts';
import { refuse } from './refuse.ts';
import { parseTarget } from './target.ts';

type Owner = TenantTx | HubTx;

function inOwner<T>(db: Database, owner: TenantId, work: (tx: Owner) => Promise<T>): Promise<T> {
  return owner === HUB_TENANT ? db.withHub(work) : db.withTenant(owner, work);
}

/** Whether a waiting launch can go on. Tells nothing else, so that a launch id is worth nothing to a stranger. */
export async function isClaimed(services: LtiServices, owner: TenantId, launchId: string): Promise<boolean> {
  const now = new Date(services.clock.now());
  const waiting = await inOwner(services.db, owner, (tx) => findWaiting(tx, launchId, now));
  return waiting !== undefined && (await findClaimed(services, owner, waiting)) !== undefined;
}

/** The school that claimed the deployment of a waiting launch, and the connection it is reached by. */
async function findClaimed(
  services: LtiServices,
  owner: TenantId,
  waiting: WaitingLaunch,
): Promise<{ tenant: Tenant; connectionId: ConnectionId } | undefined> {
  const found = await findDeployment(services, owner, waiting);
  if (found?.status !== 'active') return undefined;
  const tenant = await services.directory.tenantById(found.tenantId);
  return tenant?.status === 'active' ? { tenant, connectionId: found.connectionId } : undefined;
}

async function findDeployment(
  { db, directory }: LtiServices,
  owner: TenantId,
  waiting: WaitingLaunch,
): Promise<HubDeployment | undefined> {
  if (owner === HUB_TENANT)
    return directory.hubDeployment(waiting.connectionId as RegistrationId, waiting.deploymentId);
  const deployments = await listDeployments(db.tenant(owner), waiting.connectionId as ConnectionId);
  const found = deployments.find((each) => each.deploymentId === waiting.deploymentId);
  return found && { ...found, tenantId: owner };
}

/**
 * Goes on with a launch that waited for its deployment. The page that was shown to the person holds the handle, whose
 * secret nobody else has.
 */
export async function resumeLaunch(
  services: LtiServices,
  input: { handle: unknown; browser: BrowserRequest; reference: string },
): Promise<Reply> {
  const { db, clock } = services;
  const { reference } = input;
  const handle = parseHandle(input.handle, 2);
  const gone = () => refuse(services, { tenant: undefined, reason: 'state_unknown', reference });
  if (handle === undefined) return gone();
  const [owner, launchId] = handle.ids as [TenantId, LaunchId];
  const now = new Date(clock.now());
  const waiting = await inOwner(db, owner, (tx) => findWaiting(tx, launchId, now));
  if (waiting === undefined || !waiting.resumeHash.equals(handle.hash)) return gone();
  const claimed = await findClaimed(services, owner, waiting);
  if (claimed === undefined) return stillWaiting(services, owner, launchId, input);
  return goOn(services, { owner, launchId, resumeHash: handle.hash, ...claimed, ...input });
}

async function stillWaiting(
  services: LtiServices,
  owner: TenantId,
  launchId: LaunchId,
  input: { handle: unknown; reference: string },
): Promise<Reply> {
  const tenant = owner === HUB_TENANT ? undefined : await services.directory.tenantById(owner);
  const statusUrl = `/lti/waiting/${owner}/${launchId}`;
  const resume = { action: `${services.baseUrl}/lti/resume`, fields: { handle: String(input.handle) } };
  return {
    kind: 'page',
    frameAncestors: services.frameAncestors,
    locale: tenant?.locale,
    render: (page) => waitingPage(page, { statusUrl, resume, reference: input.reference }),
  };
}

interface Going {
  owner: TenantId;
  launchId: LaunchId;
  resumeHash: Buffer;
  tenant: Tenant;
  connectionId: ConnectionId;
  browser: BrowserRequest;
  reference: string;
}

async function goOn(services: LtiServices, going: Going): Promise<Reply> {
  const { db, clock, directory, baseUrl } = services;
  const { owner, tenant, launchId, reference } = going;
  const now = clock.now();
  const taken = await inOwner(db, owner, async (tx) => {
    const waiting = await consumeWaiting(tx, launchId, going.resumeHash, new Date(now));
    if (waiting === undefined) return undefined;
    const opened = await services.secrets.open(tx, sealedPlace(launchId), waiting.sealedSnapshot);
    return { waiting, content: waitingContent.parse(JSON.parse(opened.toString('utf8'))) };
  });
  if (taken === undefined) return refuse(services, { tenant, reason: 'state_unknown', reference });
  const { content, waiting } = taken;
  const { tools } = await directory.setup(tenant.tenantId);
  const choice = chooseTool(tools, parseTarget(content.targetLinkUri, baseUrl, tenant.slug));
  if (!choice.ok) return refuse(services, { tenant, reason: choice.reason, reference });

  const secret = newSecret();
  const hint = hintFor(tenant.tenantId, launchId, hashSecret(newSecret()), secret);
  const presentation = decidePresentation(choice.enabled.tool, {
    topLevel: isTopLevel(going.browser),
    ordinaryCookies: going.browser.cookie(probeCookie) !== undefined,
  });
  const { tool, enablement } = choice.enabled;
  const accepted = {
    ...content,
    subject: content.subject,
    lmsContextId: content.lmsContextId,
    launchId,
    reference: content.reference,
    connectionId: going.connectionId,
    deploymentId: waiting.deploymentId,
    snapshot: {
      ...content.snapshot,
      tenant: { slug: tenant.slug, name: tenant.name },
      target: choice.target,
    },
    toolId: tool.toolId,
    toolVersion: tool.version,
    enablementVersion: enablement.version,
    policyVersion: enablement.policyVersion,
    binding: 'waiting_page',
    presentation,
    trace: { facts: {}, warnings: [] },
    newIds: { person: newId<string>(now), context: newId<string>(now), resourceLink: newId<string>(now) },
    hint: { ...hint.stored, expiresAt: new Date(now + lifetimeSeconds * 1000) },
    now: new Date(now),
  };
  const opened = await db.withTenant(tenant.tenantId, async (tx) => {
    // A hub-wide launch had no school to keep its trace until now.
    if (owner === HUB_TENANT) await insertWaitingTrace(tx, accepted, accepted.trace, new Date(now));
    return acceptWaitingLaunch(tx, accepted);
  });
  if (!opened) return refuse(services, { tenant, reason: 'registration_changed', reference });
  return openTool(services, {
    tenant,
    enabled: choice.enabled,
    target: choice.target,
    presentation,
    hint,
    frameAncestors: content.frameAncestors,
    cookies: bindingCookies(hint.cookieId, secret),
  });
}
