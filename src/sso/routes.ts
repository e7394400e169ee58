import { type RequestHandler, Router } from 'express';
import { fromOwnPage } from '../lti/http.ts';
import { formBody } from '../platform/http/body.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { forPeople } from '../platform/http/request-context.ts';
import { choiceAddress, goTo, type SsoHttp, sendPage, setCookies, tenantOfRequest } from './http.ts';
import { listOpenIdentities } from './identities/identities.ts';
import type { Identity } from './identities/identity.ts';
import { choicePage } from './pages/choice-page.ts';
import { signedOutPage } from './pages/signed-out-page.ts';
import { decideReturnTo } from './return-to.ts';
import { endFor, findSession, sessionCookie } from './sessions/sessions.ts';

/** Largest form of a page of ours, in bytes. */
const formLimit = 16 * 1024;

/** Choosing how to sign in, and signing out. The protocols have routers of their own. */
export function createSignInRouter(http: SsoHttp): Router {
  const router = Router();
  const own = [forPeople, formBody(formLimit), fromOwnPage(http.services.baseUrl)];
  endpoint(router, '/t/:slug/sign-in', {
    get: [forPeople, choose(http)],
    post: [...own, chooseByEmail(http)],
  });
  endpoint(router, '/t/:slug/sign-out', { post: [...own, signOut(http)] });
  endpoint(router, '/t/:slug/signed-out', {
    get: [
      forPeople,
      async (request, response) => {
        const tenant = await tenantOfRequest(http, request);
        const again = `/t/${tenant.slug}/sign-in`;
        sendPage(http, request, response, tenant, (page) => signedOutPage(page, { again }));
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

function signOut(http: SsoHttp): RequestHandler {
  const { services } = http;
  return async (request, response) => {
    const tenant = await tenantOfRequest(http, request);
    const session = await findSession(services, tenant.tenantId, request.headers.cookie);
    if (session !== undefined) {
      const { sessionId } = session;
      await services.db.withTenant(tenant.tenantId, (tx) =>
        endFor(tx, { sessionId }, 'person', services.clock.now()),
      );
    }
    setCookies(response, sessionCookie(tenant.tenantId, undefined));
    goTo(response, `/t/${tenant.slug}/signed-out`);
  };
}
