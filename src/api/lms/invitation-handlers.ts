import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { InvitationId } from '../../../contracts/ids.ts';
import { requireVerified } from '../../connections/domains.ts';
import { platformAddresses } from '../../lti/platform-addresses.ts';
import {
  type Invitation,
  invitationState,
  type LmsTerms,
  type ToolTerms,
} from '../../lti/registration/invitation.ts';
import {
  type InvitationWithAttempts,
  inviteLms,
  inviteTool,
  listInvitations,
  revokeInvitation,
} from '../../lti/registration/invitations.ts';
import { setupLink } from '../../lti/registration/links.ts';
import { findPlatform } from '../../lti/setup/find-platform.ts';
import { setupOf } from '../../lti/setup/setup.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import type { Handlers } from '../router.ts';

type InvitationEndpoint =
  | 'listLmsInvitations'
  | 'inviteLms'
  | 'revokeLmsInvitation'
  | 'showLmsSetup'
  | 'findPlatform'
  | 'listToolInvitations'
  | 'inviteTool'
  | 'revokeToolInvitation';

/** What is done for the endpoints about dynamic registration, and about the values for doing it by hand. */
export function invitationHandlers({
  db,
  clock,
  baseUrl,
  fetch,
  allowLoopback,
}: {
  db: Database;
  clock: Clock;
  baseUrl: string;
  /** The guarded one. */
  fetch: OutboundFetch;
  allowLoopback: boolean;
}): Pick<Handlers<typeof endpoints>, InvitationEndpoint> {
  const show = showInvitation(clock);
  const ofLms = (invitation: Invitation, tries: InvitationWithAttempts['tries'] = []) => {
    const { family, hosts, name, domain } = invitation.terms as LmsTerms;
    return { ...show(invitation, tries), family, hosts, name, domain, connectionId: invitation.madeId };
  };
  const ofTool = (invitation: Invitation, tries: InvitationWithAttempts['tries'] = []) => {
    const { slug: tool, scopes, presentation } = invitation.terms as ToolTerms;
    return { ...show(invitation, tries), tool, scopes, presentation, toolId: invitation.madeId };
  };
  return {
    listLmsInvitations: async ({ tenant }) => {
      const found = await db.withTenant(tenant.tenantId, (tx) => listInvitations(tx, 'lms'));
      return { invitations: found.map((each) => ofLms(each, each.tries)) };
    },
    inviteLms: async ({ tenant, body: { reason: _reason, ...input }, by }) => {
      const { invitation, token } = await db.withTenant(tenant.tenantId, (tx) => inviteLms(tx, input, by));
      const place = { baseUrl, tenantSlug: tenant.slug, domain: invitation.terms.domain };
      return { invitation: ofLms(invitation), link: setupLink(place, token) };
    },
    revokeLmsInvitation: async ({ tenant, params, by }) => {
      const which = { invitationId: params.invitationId as InvitationId, side: 'lms' } as const;
      const { invitationId } = await db.withTenant(tenant.tenantId, (tx) => revokeInvitation(tx, which, by));
      return { invitationId };
    },
    showLmsSetup: async ({ tenant, query: { family, site, domain = null } }) => {
      const enabled = await db.withTenant(tenant.tenantId, async (tx) => {
        await requireVerified(tx, domain);
        return listEnabledTools(tx);
      });
      const tools = enabled.map(({ tool }) => tool.slug);
      const sheet = setupOf(family, { baseUrl, tenantSlug: tenant.slug, domain, tools, site });
      return { ...sheet, fields: [...sheet.fields], toBringBack: [...sheet.toBringBack] };
    },
    findPlatform: ({ body }) => findPlatform(fetch, body.site, { allowLoopback }),
    listToolInvitations: async () => {
      const found = await db.withHub((tx) => listInvitations(tx, 'tool'));
      return { invitations: found.map((each) => ofTool(each, each.tries)) };
    },
    inviteTool: async ({ body: { reason: _reason, tool: slug, ...input }, by }) => {
      const { invitation, token } = await db.withHub((tx) => inviteTool(tx, { slug, ...input }, by));
      const { openidConfiguration } = platformAddresses(baseUrl);
      return { invitation: ofTool(invitation), openidConfiguration, registrationToken: token };
    },
    revokeToolInvitation: async ({ params, by }) => {
      const which = { invitationId: params.invitationId as InvitationId, side: 'tool' } as const;
      const { invitationId } = await db.withHub((tx) => revokeInvitation(tx, which, by));
      return { invitationId };
    },
  };
}

function showInvitation(clock: Clock) {
  return (invitation: Invitation, tries: InvitationWithAttempts['tries']) => ({
    invitationId: invitation.invitationId,
    state: invitationState(invitation, clock.now()),
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
    usedAt: invitation.usedAt?.toISOString() ?? null,
    attempts: invitation.attempts,
    tries: tries.map(({ reference, endedAt, outcome, reason, host, httpStatus }) => ({
      ...{ reference, outcome, reason, host, httpStatus },
      endedAt: endedAt.toISOString(),
    })),
  });
}
