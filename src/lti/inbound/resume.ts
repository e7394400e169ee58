import { type ConnectionId, HUB_TENANT, type LaunchId, type TenantId } from '../../../contracts/ids.ts';
import { findServiceRegistration } from '../../connections/service-registrations.ts';
import { hashSecret, newSecret, parseHandle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { type BrowserRequest, bindingCookies } from '../binding.ts';
import { showPicker } from '../deep-linking/picker.ts';
import { sendToLms } from '../deep-linking/send-to-lms.ts';
import { endLaunch } from '../launch-store.ts';
import { openTool } from '../outbound/open-tool.ts';
import { type ReasonCode, reason } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { isDataPrivacyLaunch } from '../snapshot.ts';
import { acceptWaitingLaunch } from './accept-store.ts';
import { chooseTool, type ToolChoice } from './choose-tool.ts';
import { findTool } from './find-tool.ts';
import { planOpening } from './opening.ts';
import { sealedPlace, type WaitingContent, waitingContent } from './quarantine.ts';
import { deleteWaiting, findWaiting, insertWaitingTrace, type WaitingLaunch } from './quarantine-store.ts';
import { refuse } from './refuse.ts';
import { parseTarget, type TargetPlace } from './target.ts';
import { findClaimed, inOwner, showWaiting } from './waiting.ts';

export interface ResumeRequest {
  /** What the waiting page holds; its secret nobody else has. */
  handle: unknown;
  /** The tool that was chosen, by its short name; empty: none, go back. Absent where nobody was asked. */
  tool?: unknown;
  browser: BrowserRequest;
  reference: string;
}

/** A waiting launch whose deployment is claimed. */
interface Resuming {
  owner: TenantId;
  launchId: LaunchId;
  waiting: WaitingLaunch;
  content: WaitingContent;
  tenant: Tenant;
  connectionId: ConnectionId;
  handle: string;
  /** What was chosen of several tools. */
  tool: string | undefined;
  browser: BrowserRequest;
  /** Reference of the request that resumes; the launch has its own. */
  request: string;
}

/** Goes on with a launch that waited for its deployment, once the school has claimed it. */
export async function resumeLaunch(services: LtiServices, request: ResumeRequest): Promise<Reply> {
  const { db, clock } = services;
  const { reference, browser } = request;
  const handle = parseHandle(request.handle, 2);
  const gone = () => refuse(services, { tenant: undefined, reason: 'state_unknown', reference });
  if (handle === undefined) return gone();
  const [owner, launchId] = handle.ids as [TenantId, LaunchId];
  const now = new Date(clock.now());
  const waiting = await inOwner(db, owner, (tx) => findWaiting(tx, launchId, now));
  if (waiting === undefined || !waiting.resumeHash.equals(handle.hash)) return gone();
  const claimed = await findClaimed(services, owner, waiting);
  if (claimed === undefined) {
    const { frameAncestors } = services;
    const page = { owner, launchId, handle: String(request.handle), reference };
    return showWaiting(services, page, { frameAncestors, tenant: undefined });
  }
  const content = await open(services, owner, waiting);
  return goOn(services, {
    owner,
    launchId,
    waiting,
    content,
    handle: String(request.handle),
    tool: typeof request.tool === 'string' ? request.tool : undefined,
    browser,
    request: reference,
    ...claimed,
  });
}

async function open(services: LtiServices, owner: TenantId, waiting: WaitingLaunch): Promise<WaitingContent> {
  const place = sealedPlace(waiting.launchId);
  const text = await inOwner(services.db, owner, (tx) =>
    services.secrets.open(tx, place, waiting.sealedSnapshot),
  );
  return waitingContent.parse(JSON.parse(text.toString('utf8')));
}

async function goOn(services: LtiServices, resuming: Resuming): Promise<Reply> {
  const { db, clock, directory } = services;
  const { owner, launchId, waiting, content, tenant, connectionId, browser } = resuming;
  const { deploymentId } = waiting;
  const now = clock.now();
  const tx = db.tenant(tenant.tenantId);
  // Rare, and a launch has one try: what is in memory must not be old.
  directory.forgetSetup(tenant.tenantId);
  const { tools } = await directory.setup(tenant.tenantId);
  const choice = await choose(services, resuming, tools);
  if (choice === 'to_be_chosen') {
    const { frameAncestors } = content;
    const { locale } = content.snapshot.presentation;
    const about = content.snapshot.deepLinking === undefined ? 'privacy' : 'content';
    return showPicker(services, { handle: resuming.handle, about, tools, frameAncestors, tenant, locale });
  }
  // A hub-wide launch had no school to keep its trace until now.
  if (owner === HUB_TENANT) {
    const trace = { facts: { hubWide: true }, warnings: content.warnings };
    await insertWaitingTrace(tx, { ...content, launchId, connectionId, deploymentId }, trace, new Date(now));
  }
  if (choice === 'none') return goBack(services, resuming);
  if (!choice.ok) return end(services, resuming, choice.reason);

  const browserSecret = newSecret();
  const opening = planOpening({
    launchId,
    reference: content.reference,
    tenant,
    connectionId,
    deploymentId,
    content,
    enabled: choice.enabled,
    target: choice.target,
    itemCustom: choice.itemCustom,
    browser,
    browserSecret,
    cookieHash: hashSecret(newSecret()),
    binding: 'waiting_page',
    trace: { facts: {}, warnings: [] },
    now,
  });
  const registration = { hubWide: owner === HUB_TENANT, registrationId: content.registrationId };
  // The statement takes the launch out of its state "waiting": of requests that race, one gets it.
  if (!(await acceptWaitingLaunch(tx, opening.accepted, registration))) {
    return end(services, resuming, 'registration_changed');
  }
  await inOwner(db, owner, (ownerTx) => deleteWaiting(ownerTx, launchId));
  return openTool(services, {
    ...opening.tool,
    frameAncestors: content.frameAncestors,
    cookies: bindingCookies(opening.tool.hint.cookieId, browserSecret),
  });
}

/** The tool of the link, or, where a message opens no link and names none, the one that was chosen of several. */
async function choose(
  services: LtiServices,
  { owner, tenant, connectionId, content, tool }: Resuming,
  tools: readonly EnabledTool[],
): Promise<ToolChoice | 'to_be_chosen' | 'none'> {
  const target = parseTarget(content.targetLinkUri, await placeOf(services, { owner, tenant }));
  const choice = await findTool(services, tenant.tenantId, tools, target, connectionId);
  const several = !choice.ok && choice.reason === 'tool_ambiguous';
  const { deepLinking, message } = content.snapshot;
  if (!several || !(deepLinking !== undefined || isDataPrivacyLaunch(message))) return choice;
  if (tool === undefined) return 'to_be_chosen';
  return tool === '' ? 'none' : chooseTool(tools, { toolSlug: tool, to: undefined });
}

/** Where its link may lead. */
async function placeOf(
  { baseUrl, directory }: LtiServices,
  { owner, tenant }: Pick<Resuming, 'owner' | 'tenant'>,
): Promise<TargetPlace> {
  if (owner === HUB_TENANT) return { baseUrl, tenantSlug: undefined };
  const { domains } = await directory.setup(tenant.tenantId);
  return { baseUrl, tenantSlug: tenant.slug, domains };
}

/** Nothing was chosen: the LMS is told so, with an answer that holds nothing (Deep Linking 2.0 §4.5.5). */
async function goBack(services: LtiServices, resuming: Resuming): Promise<Reply> {
  const { tenant, connectionId, content, waiting } = resuming;
  const { deploymentId } = waiting;
  const settings = content.snapshot.deepLinking;
  const registration = await services.db.withTenant(tenant.tenantId, (tx) =>
    findServiceRegistration(tx, connectionId),
  );
  const ended = await end(services, resuming, 'tool_not_chosen');
  const isOurs = ended.kind === 'refused' && ended.reason === 'tool_not_chosen';
  if (!isOurs || settings === undefined || registration === undefined) return ended;
  const place = { registration, tenant, request: { deploymentId, settings } };
  return sendToLms(services, place, { items: [], cookies: [] });
}

/** Ends a waiting launch in its own row, under the reference that its page has shown. */
async function end(services: LtiServices, resuming: Resuming, code: ReasonCode): Promise<Reply> {
  const { db, clock, frameAncestors } = services;
  const { owner, tenant, launchId, content, request } = resuming;
  const { outcome } = reason(code);
  const now = new Date(clock.now());
  const ended = await endLaunch(db.tenant(tenant.tenantId), launchId, 'waiting', {
    outcome,
    reason: code,
    now,
  });
  const { reference } = content;
  // Another request has taken the launch out of its waiting.
  if (!ended) return refuse(services, { tenant: undefined, reason: 'state_unknown', reference: request });
  await inOwner(db, owner, (tx) => deleteWaiting(tx, launchId));
  return {
    kind: 'refused',
    reason: code,
    reference,
    family: 'generic',
    frameAncestors,
    tenantLocale: tenant.locale,
  };
}
