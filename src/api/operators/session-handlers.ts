import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import { hasAnyOperator } from '../../operators/accounts/accounts.ts';
import { getOpenLink } from '../../operators/links/links.ts';
import { acceptLink, completeFirstRun, signInByLink } from '../../operators/links/use-link.ts';
import type { OperatorServices } from '../../operators/services.ts';
import {
  csrfTokenOf,
  endOwn,
  scopesOfSession,
  sessionCookie,
  sessionLimits,
} from '../../operators/sessions/operator-sessions.ts';
import { signInWithCode, signInWithPassword } from '../../operators/sessions/sign-in.ts';
import { findTenant } from '../../tenants/tenants.ts';
import type { Handlers } from '../router.ts';
import { showStarted } from './operator-shown.ts';

type SessionEndpoint =
  | 'showSignInOptions'
  | 'signInOperator'
  | 'giveSecondFactor'
  | 'signInByLink'
  | 'completeFirstRun'
  | 'showInvitation'
  | 'acceptInvitation'
  | 'showOwnSession'
  | 'signOutOperator';

/** What the console is told about the hub before anybody has signed in. */
export interface ConsoleOptions {
  hubName: string;
  /** The company's own sign-in, where it is set up. */
  company: { name: string; startPath: string } | undefined;
}

const setUpSeconds = sessionLimits.set_up.absoluteMs / 1000;

/** What is done for the endpoints by which people come in and leave. */
export function sessionHandlers(
  services: OperatorServices,
  { hubName, company }: ConsoleOptions,
): Pick<Handlers<typeof endpoints>, SessionEndpoint> {
  const slugOf = async (tenantId: TenantId) =>
    tenantId === HUB_TENANT ? null : ((await findTenant(services.db.directory, tenantId))?.slug ?? null);
  const visit = (cookieHeader: string | undefined, now: number) => ({ cookieHeader, now });
  return {
    showSignInOptions: async () => ({
      hubName,
      firstRun: !(await hasAnyOperator(services)),
      company: company ?? null,
    }),
    signInOperator: async ({ body, browser }) =>
      showStarted(browser, await signInWithPassword(services, body, browser)),
    giveSecondFactor: async ({ body, browser }) =>
      showStarted(browser, await signInWithCode(services, body.code, browser.cookieHeader)),
    signInByLink: async ({ body, browser, by }) => {
      const started = await signInByLink(services, body.token, visit(browser.cookieHeader, by.now));
      return showStarted(browser, started, started.isSetUp ? setUpSeconds : undefined);
    },
    completeFirstRun: async ({ body, browser, by }) =>
      showStarted(browser, await completeFirstRun(services, body, visit(browser.cookieHeader, by.now))),
    showInvitation: async ({ body, by }) => {
      const link = await getOpenLink(services, body.token, ['invitation', 'password', 'set_up'], by.now);
      return { name: link.name, email: link.email ?? '', tenantSlug: await slugOf(link.tenantId) };
    },
    acceptInvitation: async ({ body, browser, by }) =>
      showStarted(browser, await acceptLink(services, body, visit(browser.cookieHeader, by.now))),
    showOwnSession: async ({ signedIn }) => {
      const { operator, session, secret } = signedIn;
      const { operatorId, name, email, roles, secondFactor, hasPassword, tenantId } = operator;
      return {
        ...{ operatorId, name, email, roles: [...roles], secondFactor, hasPassword, hubName },
        scopes: [...scopesOfSession(signedIn)],
        tenantSlug: await slugOf(tenantId),
        csrfToken: csrfTokenOf(secret),
        setupSteps: session.steps === null ? null : [...session.steps],
        idleUntil: session.idleUntil.toISOString(),
        endsAt: session.endsAt.toISOString(),
      };
    },
    signOutOperator: async ({ signedIn, browser }) => {
      await endOwn(services, signedIn);
      browser.setCookie(sessionCookie(undefined));
      return { ended: true };
    },
  };
}
