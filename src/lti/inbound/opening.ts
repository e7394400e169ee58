import { type ConnectionId, type LaunchId, newId } from '../../../contracts/ids.ts';
import type { AddressRules } from '../../platform/partner-values.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { type BrowserRequest, isTopLevel, lifetimeSeconds, probeCookie } from '../binding.ts';
import { claim, idText, type Payload, record } from '../claims.ts';
import { takeGroups } from '../groups/claim.ts';
import { takeNoticeService } from '../notices/claim.ts';
import { hintFor, type ToolOpening } from '../outbound/open-tool.ts';
import { decidePresentation } from '../outbound/presentation.ts';
import { findLeftOut, type LaunchSnapshot, otherMessages, takeSnapshot } from '../snapshot.ts';
import type { AcceptedLaunch, Trace } from './accepted-launch.ts';
import { takeAgsEndpoint } from './ags-endpoint.ts';
import type { CheckedClaims } from './check-claims.ts';
import { takeForUser } from './for-user.ts';
import { takeMembershipsUrl } from './memberships-url.ts';
import { claimedTarget } from './target.ts';

/** What a launch is about, taken from its verified token. */
export interface LaunchContent {
  subject?: string | undefined;
  lmsContextId?: string | undefined;
  /** Undefined where the message opens no link. */
  lmsResourceLinkId?: string | undefined;
  messageType: string;
  snapshot: LaunchSnapshot;
  /** The LMS says something of its gradebook that cannot be read; that part is left out. */
  agsMalformed: boolean;
  /** The same of its class lists. */
  membershipsMalformed: boolean;
  /** What the LMS says more of than a launch keeps. */
  leftOut: ReturnType<typeof findLeftOut>;
}

/** What of it a launch goes on with. */
export type OpeningContent = Omit<LaunchContent, 'agsMalformed' | 'membershipsMalformed' | 'leftOut'>;

/** Takes the content of a launch from the payload that `checkClaims` has passed. */
export function takeContent(
  payload: Payload,
  claims: CheckedClaims,
  tenant: { slug: string; name: string },
  rules: AddressRules,
): LaunchContent {
  const { endpoint, malformed } = takeAgsEndpoint(payload, rules);
  const memberships = takeMembershipsUrl(payload, rules);
  const { deepLinking } = claims;
  const groups = takeGroups(payload, rules);
  const notices = takeNoticeService(payload, rules);
  const message = otherMessages.find((each) => each === claims.messageType);
  const forUser = message && takeForUser(payload);
  const snapshot = takeSnapshot(payload, tenant, claimedTarget(payload) ?? '');
  return {
    subject: claims.subject,
    lmsContextId: idText(record(payload[claim.context]).id),
    lmsResourceLinkId: idText(record(payload[claim.resourceLink]).id),
    messageType: claims.messageType,
    snapshot: {
      ...snapshot,
      // A line item is that of a link, and none is opened here.
      ...(endpoint && { ags: deepLinking ? { ...endpoint, lineItemUrl: undefined } : endpoint }),
      ...(memberships !== undefined && memberships !== 'malformed' && { membershipsUrl: memberships }),
      ...(deepLinking && { deepLinking }),
      ...(groups && { groups }),
      ...(notices && { notices }),
      ...(message && { message }),
      ...(forUser && { forUser }),
    },
    agsMalformed: malformed,
    membershipsMalformed: memberships === 'malformed',
    leftOut: findLeftOut(payload, snapshot),
  };
}

/** A launch on its way to its tool, and what it brings. */
export interface Going {
  launchId: LaunchId;
  reference: string;
  tenant: Tenant;
  connectionId: ConnectionId;
  deploymentId: string;
  content: OpeningContent;
  enabled: EnabledTool;
  /** Where in the tool the person goes. */
  target: string;
  itemCustom?: Readonly<Record<string, string>> | undefined;
  browser: BrowserRequest;
  /** The secret of the browser, and the hash that names its cookie. */
  browserSecret: string;
  cookieHash: Buffer;
  binding: string;
  trace: Trace;
  /** Unix milliseconds. */
  now: number;
}

/** What is stored of the launch, and how its tool is opened. */
export interface Opening {
  accepted: AcceptedLaunch;
  tool: Omit<ToolOpening, 'frameAncestors' | 'cookies'>;
}

/** Settles hints, presentation and new ids of a launch. Random, but decides nothing that the database must know. */
export function planOpening(going: Going): Opening {
  const { tenant, enabled, target, content, launchId, now } = going;
  const hint = hintFor(tenant.tenantId, launchId, going.cookieHash, going.browserSecret);
  const presentation = decidePresentation(enabled.tool, {
    topLevel: isTopLevel(going.browser),
    ordinaryCookies: going.browser.cookie(probeCookie) !== undefined,
  });
  const snapshot = {
    ...content.snapshot,
    tenant: { slug: tenant.slug, name: tenant.name },
    target,
    ...(going.itemCustom && { itemCustom: { ...going.itemCustom } }),
  };
  return {
    accepted: {
      launchId,
      reference: going.reference,
      connectionId: going.connectionId,
      deploymentId: going.deploymentId,
      subject: content.subject,
      snapshot,
      lmsContextId: content.lmsContextId,
      lmsResourceLinkId: content.lmsResourceLinkId,
      messageType: content.messageType,
      toolId: enabled.tool.toolId,
      toolVersion: enabled.tool.version,
      enablementVersion: enabled.enablement.version,
      policyVersion: enabled.enablement.policyVersion,
      binding: going.binding,
      presentation,
      trace: going.trace,
      newIds: { person: newId(now), context: newId(now), resourceLink: newId(now), lineItem: newId(now) },
      hint: { ...hint.stored, expiresAt: new Date(now + lifetimeSeconds * 1000) },
      now: new Date(now),
    },
    tool: { tenant, enabled, target, presentation, hint, locale: snapshot.presentation.locale },
  };
}
