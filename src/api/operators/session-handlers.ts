import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { HUB_TENANT, type TenantId } from '../../../contracts/ids.ts';
import { hasAnyOperator } from '../../operators/accounts/accounts.ts';
import { getOpenLink } from '../../operators/links/links.ts';
import { acceptLink, completeFirstRun, signInByLink } from '../../operators/links/use-link.ts';
import { listOpenWays } from '../../operators/school/ways.ts';
import type { OperatorServices } from '../../operators/services.ts';
import {
  csrfTokenOf,
  endOwn,
  scopesOfSession,
  sessionCookie,
  sessionLimits,
} from '../../operators/sessions/operator-sessions.ts';
import { signInWithCode, signInWithPassword } from '../../operators/sessions/sign-in.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { findTenant } from '../../tenants/tenants.ts';
import type { Browser } from '../browser.ts';
import type { Handlers } from '../router.ts';
import { showStarted } from './operator-shown.ts';
import { showWays } from './school-handlers.ts';

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
  const visit = ({ cookieHeader }: Browser, { now, from }: ChangeBy) => ({ cookieHeader, now, from });
  return {
    showSignInOptions: async () => ({
      hubName,
      firstRun: !(await hasAnyOperator(services)),
      company: company ?? null,
    }),
    signInOperator: async ({ body, browser }) =>
      showStarted(browser, await signInWithPassword(services, body, browser)),
    giveSecondFactor: async ({ body, browser }) =>
      showStarted(browser, await signInWithCode(services, body.code, browser)),
    signInByLink: async ({ body, browser, by }) => {
      const started = await signInByLink(services, body.token, visit(browser, by));
      return showStarted(browser, started, started.isSetUp ? setUpSeconds : undefined);
    },
    completeFirstRun: async ({ body, browser, by }) =>
      showStarted(browser, await completeFirstRun(services, body, visit(browser, by))),
    showInvitation: async ({ body, by }) => {
      const link = await getOpenLink(services, body.token, ['invitation', 'password', 'set_up'], by.now);
      const { tenantId, name, email } = link;
      const slug = await slugOf(tenantId);
      const ways = slug === null || link.kind === 'set_up' ? [] : await listOpenWays(services, tenantId);
      return { name, email: email ?? '', tenantSlug: slug, ways: showWays(slug ?? '', ways) };
    },
    acceptInvitation: async ({ body, browser, by }) =>
      showStarted(browser, await acceptLink(services, body, visit(browser, by))),
    showOwnSession: async ({ signedIn }) => {
      const { operator, session, secret } = signedIn;
      const { operatorId, name, email, roles, secondFactor, isLinked, hasPassword, tenantId } = operator;
      return {
        ...{ operatorId, name, email, roles: [...roles], secondFactor, isLinked, hasPassword, hubName },
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
