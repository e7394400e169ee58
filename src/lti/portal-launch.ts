import type { Request, Response } from 'express';
import {
  type ConnectionId,
  type LaunchId,
  newId,
  type PersonId,
  type TenantId,
} from '../../contracts/ids.ts';
import { agsScopes } from '../../contracts/scopes.ts';
import { hashSecret, newSecret } from '../platform/handle.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { EnabledTool } from '../tools/tool.ts';
import { type BrowserRequest, bindingCookies } from './binding.ts';
import { browserOf, type LtiHttp, sendReply } from './http.ts';
import { acceptSignedInLaunch } from './inbound/accept-store.ts';
import { type OpeningContent, planOpening } from './inbound/opening.ts';
import { refuse } from './inbound/refuse.ts';
import { keptGradebookOf } from './kept-gradebook.ts';
import { openTool } from './outbound/open-tool.ts';
import type { Reply } from './replies.ts';
import type { LtiServices } from './services.ts';
import type { LaunchSnapshot } from './snapshot.ts';

/** A click in the portal. Everything in it was looked up for the session; only the tool's id is as the form said it. */
export interface PortalLaunch {
  tenant: Tenant;
  personId: PersonId;
  toolId: string;
  /** The roster of the class; without a class, the connection that the person has signed in by. */
  connectionId: ConnectionId;
  /** The class, by its sourcedId in the roster. */
  class: { classId: string; title: string; label: string } | undefined;
  /** By LTI's vocabularies; see `classRoles` and `schoolRoles`. */
  roles: readonly string[];
  person: LaunchSnapshot['person'];
  /** The person's sourcedId in that roster. */
  userId: string | undefined;
  /** Language of the page that was clicked on. */
  locale: string;
  /** Where the tool sends the person when they are done. */
  returnUrl: string;
  reference: string;
}

/** Why a click led nowhere; a row with the same reference says so too. */
export type PortalRefusal = Extract<Reply, { kind: 'refused' }>;

/** Launches for people who are signed in at the hub itself, for whom no LMS speaks. */
export interface PortalLaunches {
  /** What is switched on for an institution. */
  listTools(tenantId: TenantId): Promise<readonly EnabledTool[]>;
  /** Opens the tool by answering the request. Answers nothing where it returns why not. */
  open(request: Request, response: Response, launch: PortalLaunch): Promise<PortalRefusal | undefined>;
}

export function createPortalLaunches(http: LtiHttp): PortalLaunches {
  const { services } = http;
  return {
    listTools: async (tenantId) => (await services.directory.setup(tenantId)).tools,
    open: async (request, response, launch) => {
      const reply = await openFromPortal(services, launch, browserOf(http, request));
      if (reply.kind === 'refused') return reply;
      sendReply(http, request, response, reply);
      return undefined;
    },
  };
}

/** What every launch from the portal says for a deployment: no LMS stands behind it. */
const deploymentId = 'portal';
/** Nobody but the hub can frame its portal. */
const frameAncestors = ["'none'"];

/**
 * A launch like one that an LMS has begun, from the login initiation towards the tool on (Security Framework 1.0
 * §5.1.1.1): the session takes the place of the LMS's token, and everything behind it is the same.
 */
async function openFromPortal(
  services: LtiServices,
  launch: PortalLaunch,
  browser: BrowserRequest,
): Promise<Reply> {
  const { tenant } = launch;
  for (const again of [false, true]) {
    const enabled = await findTool(services, launch);
    if (enabled === undefined) break;
    const now = services.clock.now();
    const browserSecret = newSecret();
    const opening = planOpening({
      launchId: newId<LaunchId>(now),
      reference: launch.reference,
      tenant,
      connectionId: launch.connectionId,
      deploymentId,
      content: contentOf(launch, enabled),
      enabled,
      target: enabled.tool.targetLinkUri,
      // Old browsers do not tell, but nobody can frame the page they come from.
      browser: { ...browser, fetchDest: 'document' },
      browserSecret,
      cookieHash: hashSecret(newSecret()),
      binding: 'session',
      trace: { facts: { from: 'portal' }, warnings: [] },
      now,
    });
    const tx = services.db.tenant(tenant.tenantId);
    if (await acceptSignedInLaunch(tx, launch.personId, opening.accepted)) {
      const cookies = bindingCookies(opening.tool.hint.cookieId, browserSecret);
      return openTool(services, { ...opening.tool, frameAncestors, cookies });
    }
    // Tool or policy have changed since they were read.
    if (!again) services.directory.forgetSetup(tenant.tenantId);
  }
  return refuse(services, {
    tenant,
    reason: 'tool_not_enabled',
    reference: launch.reference,
    registration: { connectionId: launch.connectionId, family: 'generic', settings: { frameAncestors } },
    deploymentId,
    messageType: 'LtiResourceLinkRequest',
    proven: true,
    facts: { from: 'portal' },
  });
}

/** What is not known may have been switched on a moment ago: then it is read anew, once in a while. */
async function findTool(
  { directory }: LtiServices,
  { tenant: { tenantId }, toolId }: PortalLaunch,
): Promise<EnabledTool | undefined> {
  const find = async () => (await directory.setup(tenantId)).tools.find(({ tool }) => tool.toolId === toolId);
  return (await find()) ?? (directory.lookAgain(tenantId) ? find() : undefined);
}

/** LTI Core appendix A.1. */
const courseSection = 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection';

function contentOf(launch: PortalLaunch, { tool }: EnabledTool): OpeningContent {
  const { tenant, class: group } = launch;
  return {
    lmsContextId: group?.classId,
    // One link for each tool in a class, and one outside of classes.
    lmsResourceLinkId: group?.classId ?? deploymentId,
    messageType: 'LtiResourceLinkRequest',
    snapshot: {
      tenant: { slug: tenant.slug, name: tenant.name },
      target: tool.targetLinkUri,
      roles: [...launch.roles],
      person: launch.person,
      ...(group && { context: { label: group.label, title: group.title, type: [courseSection] } }),
      resourceLink: { title: tool.name },
      lis: { personSourcedId: launch.userId, courseSectionSourcedId: group?.classId },
      presentation: { locale: launch.locale, returnUrl: launch.returnUrl },
      custom: {},
      // The hub keeps line items and scores itself.
      ...(group && {
        ags: { scopes: [...agsScopes], lineItemsUrl: keptGradebookOf(group.classId) },
        // The roster knows who is in the class.
        membershipsUrl: keptGradebookOf(group.classId),
      }),
    },
  };
}
