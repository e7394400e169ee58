import { Router } from 'express';
import type { Clock } from '../platform/clock.ts';
import { endpoint } from '../platform/http/endpoint.ts';

const dayMs = 86_400_000;
/** It is made anew at each request, so that it is never old; a copy that somebody keeps shall not be believed for ever. */
const goodForDays = 30;

/**
 * `GET /.well-known/security.txt` (RFC 9116): whom to tell of a weakness of this hub. Not there where nobody is named.
 */
export function createSecurityTxtRouter(
  { baseUrl, securityContact }: { baseUrl: string; securityContact: string | undefined },
  clock: Clock,
): Router {
  const router = Router();
  if (securityContact === undefined) return router;
  endpoint(router, '/.well-known/security.txt', {
    get: (_request, response) => {
      const expires = new Date(Math.ceil(clock.now() / dayMs + goodForDays) * dayMs).toISOString();
      const fields = [
        `Contact: ${securityContact}`,
        `Expires: ${expires}`,
        `Canonical: ${baseUrl}/.well-known/security.txt`,
      ];
      response.set('Cache-Control', 'public, max-age=86400');
      response.type('text/plain').send(`${fields.join('\n')}\n`);
    },
  });
  return router;
}
