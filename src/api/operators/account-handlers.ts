import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { OperatorSessionId } from '../../../contracts/ids.ts';
import { changePassword, refuseSetUp, requireOwnPassword } from '../../operators/accounts/own-password.ts';
import {
  confirmOwnFactor,
  enrolFactor,
  removeOwnFactor,
  renewRecoveryCodes,
} from '../../operators/second-factor/second-factor.ts';
import type { OperatorServices } from '../../operators/services.ts';
import {
  endOneOwn,
  listOwn,
  type StartedSession,
  sessionCookie,
} from '../../operators/sessions/operator-sessions.ts';
import type { Browser } from '../browser.ts';
import type { Handlers } from '../router.ts';

type AccountEndpoint =
  | 'changeOwnPassword'
  | 'enrolSecondFactor'
  | 'confirmSecondFactor'
  | 'removeSecondFactor'
  | 'makeRecoveryCodes'
  | 'listOwnSessions'
  | 'endOwnSession';

/** What is done for the endpoints about one's own account. */
export function accountHandlers(
  services: OperatorServices,
): Pick<Handlers<typeof endpoints>, AccountEndpoint> {
  const showRotated = (browser: Browser, { secret, csrfToken }: StartedSession) => {
    browser.setCookie(sessionCookie(secret));
    return { csrfToken };
  };
  return {
    changeOwnPassword: async ({ signedIn, body, browser, by }) => {
      refuseSetUp(signedIn);
      return showRotated(browser, await changePassword(services, signedIn, body, by));
    },
    enrolSecondFactor: async ({ signedIn, body, by }) => {
      refuseSetUp(signedIn);
      await requireOwnPassword(services, signedIn, body.current);
      return enrolFactor(services, signedIn.operator, by);
    },
    confirmSecondFactor: async ({ signedIn, body, browser, by }) => {
      const { session, recoveryCodes } = await confirmOwnFactor(services, signedIn, body.code, by);
      return { ...showRotated(browser, session), recoveryCodes };
    },
    removeSecondFactor: async ({ signedIn, body, browser, by }) =>
      showRotated(browser, await removeOwnFactor(services, signedIn, body.code, by)),
    makeRecoveryCodes: async ({ signedIn, body, by }) => ({
      recoveryCodes: await renewRecoveryCodes(services, signedIn.operator, body.code, by),
    }),
    listOwnSessions: async ({ signedIn }) => ({
      sessions: (await listOwn(services, signedIn.operator)).map((session) => ({
        sessionId: session.sessionId,
        isThis: session.sessionId === signedIn.session.sessionId,
        by: session.beganBy,
        startedAt: session.startedAt.toISOString(),
        seenAt: session.seenAt.toISOString(),
        endsAt: session.endsAt.toISOString(),
      })),
    }),
    endOwnSession: async ({ signedIn, params }) => {
      await endOneOwn(services, signedIn.operator, params.sessionId as OperatorSessionId);
      return { ended: true };
    },
  };
}
