import type { Request, Response, Router } from 'express';
import express from 'express';
import type { LmsInside } from '../app.ts';
import { tokenLifetime } from './access-tokens.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The token endpoint: client credentials by a signed assertion. Security Framework 1.0 §4.1, RFC 6749 §4.4. */
export function tokenRoutes(lms: LmsInside): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '64kb' });

  router.post('/token', form, async (request: Request, response: Response) => {
    // RFC 6749 §5.1: nobody keeps an answer with a token.
    response.set('Cache-Control', 'no-store');
    if (!request.is('application/x-www-form-urlencoded')) return fail(response, 400, 'invalid_request');
    const { grant_type, client_assertion_type, client_assertion, scope } = fields(request.body);
    if (grant_type !== 'client_credentials') return fail(response, 400, 'unsupported_grant_type');
    if (client_assertion_type !== assertionType || client_assertion === undefined) {
      return fail(response, 400, 'invalid_request', 'Authenticate with a client assertion.');
    }
    const now = lms.clock.now();
    const check = await lms.assertions.check(client_assertion, now);
    if (!check.ok) return fail(response, 401, 'invalid_client', check.description);
    const { registration, deployment } = check;
    const asked = (scope ?? '').split(' ').filter((name) => name !== '');
    const scopes = asked.filter((name) => (registration.scopes ?? []).includes(name));
    if (scopes.length === 0) return fail(response, 400, 'invalid_scope');
    const grant = { clientId: registration.clientId, school: deployment?.school, scopes };
    return response.json({
      access_token: lms.accessTokens.issue(grant, now),
      token_type: 'Bearer',
      expires_in: tokenLifetime,
      // RFC 6749 §5.1: said where it may differ from what was asked.
      scope: scopes.join(' '),
    });
  });

  return router;
}

/** RFC 6749 §5.2. */
function fail(response: Response, status: number, error: string, description?: string): Response {
  return response.status(status).json({ error, error_description: description });
}

function fields(body: unknown): Record<string, string | undefined> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
}
