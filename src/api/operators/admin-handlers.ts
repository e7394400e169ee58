import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { OperatorId, OperatorLinkId, RaiseId } from '../../../contracts/ids.ts';
import { disableOperator, enableOperator, resetFactor } from '../../operators/accounts/accounts.ts';
import { invite, listLinks, makeSetupLink, revokeLink } from '../../operators/links/links.ts';
import { endRaised, listRaises, type Raise, raiseRights } from '../../operators/raised/raised-rights.ts';
import type { OperatorServices } from '../../operators/services.ts';
import { sessionCookie } from '../../operators/sessions/operator-sessions.ts';
import { requireSignedIn } from '../authenticate.ts';
import type { Handlers } from '../router.ts';
import { readOperatorPage } from './operator-page.ts';
import { showLink, showOperator } from './operator-shown.ts';

type AdminEndpoint =
  | 'listAdmins'
  | 'inviteAdmin'
  | 'revokeAdminInvitation'
  | 'disableAdmin'
  | 'enableAdmin'
  | 'resetAdminSecondFactor'
  | 'listSetupLinks'
  | 'makeSetupLink'
  | 'revokeSetupLink'
  | 'listRaisedRights'
  | 'raiseRights'
  | 'endRaisedRights';

/** Whoever came by a set-up link first is invited by a link for a password. */
const invitations = ['invitation', 'password'] as const;

/** What is done for the endpoints about an institution's admins, its set-up links and raised rights. */
export function adminHandlers(services: OperatorServices): Pick<Handlers<typeof endpoints>, AdminEndpoint> {
  const idOf = ({ operatorId }: { operatorId: string }) => operatorId as OperatorId;
  return {
    listAdmins: ({ tenant, query, by }) =>
      readOperatorPage(services, tenant.tenantId, { query, kinds: invitations, now: by.now }),
    inviteAdmin: async ({ tenant, body, by }) => {
      const { name, email, days } = body;
      const roles = ['institution_admin'] as const;
      const { link, address } = await invite(services, tenant.tenantId, { name, email, roles, days }, by);
      return { invitation: showLink(link, by.now), link: address };
    },
    revokeAdminInvitation: async ({ tenant, params, by }) => {
      const which = { linkId: params.linkId as OperatorLinkId, kinds: invitations };
      return { invitation: showLink(await revokeLink(services, tenant.tenantId, which, by), by.now) };
    },
    disableAdmin: async ({ tenant, params, by }) => ({
      operator: showOperator(await disableOperator(services, tenant.tenantId, idOf(params), by)),
    }),
    enableAdmin: async ({ tenant, params, by }) => ({
      operator: showOperator(await enableOperator(services, tenant.tenantId, idOf(params), by)),
    }),
    resetAdminSecondFactor: async ({ tenant, params, by }) => ({
      operator: showOperator(await resetFactor(services, tenant.tenantId, idOf(params), by)),
    }),
    listSetupLinks: async ({ tenant, by }) => ({
      setupLinks: (await listLinks(services, tenant.tenantId, ['set_up'])).map((link) =>
        showLink(link, by.now),
      ),
    }),
    makeSetupLink: async ({ tenant, body, by }) => {
      const { name, email, steps, days } = body;
      const wanted = { name, email, steps, days };
      const { link, address } = await makeSetupLink(services, tenant.tenantId, wanted, by);
      return { setupLink: showLink(link, by.now), link: address };
    },
    revokeSetupLink: async ({ tenant, params, by }) => {
      const which = { linkId: params.linkId as OperatorLinkId, kinds: ['set_up'] } as const;
      return { setupLink: showLink(await revokeLink(services, tenant.tenantId, which, by), by.now) };
    },
    listRaisedRights: async ({ tenant, by }) => ({
      raisedRights: (await listRaises(services, tenant.tenantId)).map((raise) => showRaise(raise, by.now)),
    }),
    raiseRights: async ({ tenant, signedIn, body, browser, by }) => {
      const person = requireSignedIn(signedIn);
      const { raise, session } = await raiseRights(services, tenant.tenantId, person, body, by);
      browser.setCookie(sessionCookie(session.secret));
      return { raise: showRaise(raise, by.now), csrfToken: session.csrfToken };
    },
    endRaisedRights: async ({ tenant, params, by }) => ({
      raise: showRaise(await endRaised(services, tenant.tenantId, params.raiseId as RaiseId, by), by.now),
    }),
  };
}

function showRaise({ scopes, startedAt, endsAt, endedAt, ...raise }: Raise, now: number) {
  return {
    ...raise,
    scopes: [...scopes],
    startedAt: startedAt.toISOString(),
    endsAt: endsAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    active: endedAt === null && endsAt.getTime() > now,
  };
}
