import { type Request, type RequestHandler, type Response, Router } from 'express';
import { fromOwnPage } from '../lti/http.ts';
import { formBody } from '../platform/http/body.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPeople } from '../platform/http/request-context.ts';
import type { Tenant } from '../tenants/tenants.ts';
import { choiceAddress, goTo, type SsoHttp, sendPage, setCookies, tenantOfRequest } from './http.ts';
import { listOpenIdentities, openIdentity } from './identities/identities.ts';
import type { Identity } from './identities/identity.ts';
import { choicePage } from './pages/choice-page.ts';
import { signedOutPage } from './pages/signed-out-page.ts';
import { decideReturnTo } from './return-to.ts';
import { endBeside } from './sessions/partner-end.ts';
import type { Session } from './sessions/session.ts';
import { endFor, findSession, sessionCookie } from './sessions/sessions.ts';
import type { SignInWays } from './visit.ts';

/** Largest form of a page of ours, in bytes. */
const formLimit = 16 * 1024;

/** Choosing how to sign in, and signing out. The protocols have routers of their own. */
export function createSignInRouter(http: SsoHttp, ways: SignInWays): Router {
  const router = Router();
  const own = [forPeople, formBody(formLimit), fromOwnPage(http.services.baseUrl)];
  endpoint(router, '/t/:slug/sign-in', {
    get: [forPeople, choose(http)],
    post: [...own, chooseByEmail(http)],
  });
  endpoint(router, '/t/:slug/sign-out', { post: [...own, signOut(http, ways)] });
  endpoint(router, '/t/:slug/signed-out', {
    get: [
      forPeople,
      async (request, response) => {
        const tenant = await tenantOfRequest(http, request, 'any');
        const again = `/t/${tenant.slug}/sign-in`;
        sendPage(http, request, response, tenant, (page) => signedOutPage(page, { again }), 'none');
      },
    ],
  });
  return router;
}

function choose(http: SsoHttp): RequestHandler {
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const returnTo = decideReturnTo(tenant.slug, request.query.returnTo);
    const open = await listOpenIdentities(http.services.db.tenant(tenant.tenantId));
    const [only] = open;
    // With one way there is nothing to choose; after a mistake people come back here and may want to read.
    if (open.length === 1 && only !== undefined && request.query.choose === undefined) {
      return goTo(response, addressOf(tenant.slug, only, returnTo));
    }
    sendPage(http, request, response, tenant, (page) =>
      choicePage(page, {
        school: tenant.name,
        ways: open.map((way) => ({ name: way.name, address: addressOf(tenant.slug, way, returnTo) })),
        byEmail: open.some(({ domains }) => domains.length > 0)
          ? {
              action: `/t/${tenant.slug}/sign-in`,
              returnTo,
              isUnknown: request.query.choose === unknownDomain,
            }
          : undefined,
      }),
    );
  };
}

/** An e-mail address leads to the way of its domain; the address itself is not kept. */
function chooseByEmail(http: SsoHttp): RequestHandler {
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const { email, returnTo: given } = request.body as Record<string, unknown>;
    const returnTo = decideReturnTo(tenant.slug, given);
    const open = await listOpenIdentities(http.services.db.tenant(tenant.tenantId));
    const way = decideWay(open, String(email ?? ''));
    if (way !== undefined) return goTo(response, addressOf(tenant.slug, way, returnTo));
    goTo(response, choiceAddress(tenant.slug, returnTo, unknownDomain));
  };
}

/** Value of `choose` for whoever gave an address that leads nowhere. */
const unknownDomain = 'unknown';

/** The way of an address's domain, or of the closest domain above it. */
export function decideWay<Way extends Pick<Identity, 'domains'>>(
  ways: readonly Way[],
  email: string,
): Way | undefined {
  const domain = email
    .slice(email.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
  const fitting = ways.flatMap((way) =>
    way.domains
      .filter((each) => domain === each || domain.endsWith(`.${each}`))
      .map((each) => ({ way, length: each.length })),
  );
  return fitting.reduce<(typeof fitting)[number] | undefined>(
    (best, each) => (best !== undefined && best.length >= each.length ? best : each),
    undefined,
  )?.way;
}

/** Where signing in by one way begins. */
export function addressOf(slug: string, { connectionId }: Identity, returnTo: string): string {
  return `/t/${slug}/sign-in/${connectionId}?returnTo=${encodeURIComponent(returnTo)}`;
}

/**
 * Ends the session here first, and then, where the other side has one as well that it lets us end, sends the browser there:
 * the next person at a shared device would else be signed in by it without a password.
 */
function signOut(http: SsoHttp, ways: SignInWays): RequestHandler {
  const { services } = http;
  const { db } = services;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request, 'any');
    const { tenantId } = tenant;
    const session = await findSession(services, tenantId, request.headers.cookie);
    setCookies(response, sessionCookie(tenantId, undefined));
    if (session !== undefined) {
      const { sessionId } = session;
      await db.withTenant(tenantId, (tx) => endFor(tx, { sessionId }, 'person', services.clock.now()));
      const goOn = await signOutBeyond(http, ways, request, response, { tenant, session });
      if (goOn !== undefined) {
        await endAtConsole(http, tenant, session);
        return goOn();
      }
    }
    goTo(response, `/t/${tenant.slug}/signed-out`);
  };
}

/** What sends the browser on. Here they are signed out already, whatever is wrong with the connection since. */
async function signOutBeyond(
  { services }: SsoHttp,
  ways: SignInWays,
  request: Request,
  response: Response,
  { tenant, session: { sessionId, connectionId } }: { tenant: Tenant; session: Session },
): Promise<(() => void) | undefined> {
  const { db, log } = services;
  const { tenantId } = tenant;
  try {
    const identity = await openIdentity(services, db.tenant(tenantId), connectionId);
    return await ways[identity.protocol].signOut?.(request, response, { tenant, identity, sessionId });
  } catch (error) {
    log.warn('partner_sign_out_failed', { tenantId, connectionId, error });
    return undefined;
  }
}

/** Where it fails, the person is sent on all the same, and what they have at the console ends by its own limits. */
async function endAtConsole(
  { services: { db, log, clock }, endAdmins }: SsoHttp,
  { tenantId }: Tenant,
  { sessionId, connectionId }: Session,
): Promise<void> {
  const left = { sessionId, connectionId };
  try {
    await db.withTenant(tenantId, (tx) => endBeside(tx, left, { now: clock.now(), endAdmins }));
  } catch (error) {
    log.warn('console_sign_out_failed', { tenantId, connectionId, error });
  }
}
