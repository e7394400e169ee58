import { type Request, type RequestHandler, Router } from 'express';
import { challengePath, readDomain } from '../../connections/domain.ts';
import { listChallenges } from '../../connections/domains.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import type { LtiServices } from '../services.ts';

/** What an LMS and its people are given of the hub; only these lead on from a school's own domain. */
const led = ['/lti/login', '/lti/launch', '/lti/register/:token', '/open/:tool'];

/**
 * The hub under a school's own domain. A request there is led to the school's address at the hub's own name, with its
 * method and its form (RFC 9110 §15.4.8), and not answered in place: cookies and browser storage belong to a host, and the
 * hub is one issuer to all tools, so that both legs of a launch have to be proven at one host.
 *
 * The Host field says no more than the school's short name in an address would: what a launch must prove does not go by it.
 */
export function createDomainRouter({
  db,
  directory,
  baseUrl,
}: Pick<LtiServices, 'db' | 'directory' | 'baseUrl'>): Router {
  const router = Router({ caseSensitive: true });

  const lead: RequestHandler = async (request, response, next) => {
    const domain = readDomain(request.hostname, baseUrl);
    const slug = domain === undefined ? undefined : await directory.slugByDomain(domain);
    if (slug === undefined) return next('route');
    contextOf(response).route = `domain:${request.route.path}`;
    // The address may hold a token.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    response.status(307).setHeader('Location', `${baseUrl}/t/${slug}${pathOf(request, baseUrl)}`);
    response.end();
  };
  for (const path of led) router.all(path, lead);

  router.get(challengePath, async (request, response, next) => {
    const domain = readDomain(request.hostname, baseUrl);
    const challenges = domain === undefined ? [] : await listChallenges(db.directory, domain);
    if (challenges.length === 0) return next();
    response
      .set('Cache-Control', 'no-store')
      .type('text/plain')
      .send(`${challenges.join('\n')}\n`);
  });
  return router;
}

/** Path and query as they came; a request line may hold a whole address (RFC 9112 §3.2.2). */
function pathOf(request: Request, baseUrl: string): string {
  const { pathname, search } = new URL(request.originalUrl, baseUrl);
  return pathname + search;
}
