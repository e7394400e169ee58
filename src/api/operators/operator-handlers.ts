import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT, type OperatorId, type OperatorLinkId } from '../../../contracts/ids.ts';
import {
  changeRoles,
  disableOperator,
  enableOperator,
  readOperator,
  resetFactor,
} from '../../operators/accounts/accounts.ts';
import { invite, type MadeLink, makePasswordLink, revokeLink } from '../../operators/links/links.ts';
import type { OperatorServices } from '../../operators/services.ts';
import { requireOwnRoles } from '../own-scopes.ts';
import type { Handlers } from '../router.ts';
import { readOperatorPage } from './operator-page.ts';
import { showLink, showOperator } from './operator-shown.ts';

type OperatorEndpoint =
  | 'listOperators'
  | 'inviteOperator'
  | 'revokeInvitation'
  | 'changeOperatorRoles'
  | 'disableOperator'
  | 'enableOperator'
  | 'resetSecondFactor'
  | 'makePasswordLink';

/** What is done for the endpoints about the staff of the hub. */
export function operatorHandlers(
  services: OperatorServices,
): Pick<Handlers<typeof endpoints>, OperatorEndpoint> {
  const showMade = ({ link, address }: MadeLink, now: number) => ({
    invitation: showLink(link, now),
    link: address,
  });
  const idOf = ({ operatorId }: { operatorId: string }) => operatorId as OperatorId;
  return {
    listOperators: ({ query, by }) =>
      readOperatorPage(services, HUB_TENANT, { query, kinds: ['invitation'], now: by.now }),
    inviteOperator: async ({ body, scopes, by }) => {
      requireOwnRoles(scopes, body.roles);
      const { name, email, roles, days } = body;
      return showMade(await invite(services, HUB_TENANT, { name, email, roles, days }, by), by.now);
    },
    revokeInvitation: async ({ params, by }) => {
      const which = { linkId: params.linkId as OperatorLinkId, kinds: ['invitation', 'password'] } as const;
      return { invitation: showLink(await revokeLink(services, HUB_TENANT, which, by), by.now) };
    },
    changeOperatorRoles: async ({ params, body, scopes, by }) => {
      requireOwnRoles(scopes, body.roles);
      return { operator: showOperator(await changeRoles(services, idOf(params), body.roles, by)) };
    },
    disableOperator: async ({ params, by }) => ({
      operator: showOperator(await disableOperator(services, HUB_TENANT, idOf(params), by)),
    }),
    enableOperator: async ({ params, by }) => ({
      operator: showOperator(await enableOperator(services, HUB_TENANT, idOf(params), by)),
    }),
    resetSecondFactor: async ({ params, by }) => ({
      operator: showOperator(await resetFactor(services, HUB_TENANT, idOf(params), by)),
    }),
    makePasswordLink: async ({ params, scopes, by }) => {
      const operator = await readOperator(services, HUB_TENANT, idOf(params));
      // Whoever opens it is that operator.
      requireOwnRoles(scopes, operator.roles);
      return showMade(await makePasswordLink(services, operator, by), by.now);
    },
  };
}
