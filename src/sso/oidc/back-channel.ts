import type { Request, RequestHandler } from 'express';
import { DomainError } from '../../platform/errors.ts';
import { formBody } from '../../platform/http/body.ts';
import { forOAuthClients } from '../../platform/http/oauth-error.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import type { OidcReason } from './reasons.ts';

/** A logout token is about 1 kB. */
const mostBytes = 64 * 1024;

/**
 * What answers a provider that tells of sign-outs (Back-Channel Logout 1.0 §2.5 to §2.8).
 *
 * @param take verifies a token, uses it up and ends what it names; answers with the reason where it is not accepted
 */
export function backChannelLogout(
  take: (request: Request, logoutToken: string) => Promise<OidcReason | undefined>,
): RequestHandler[] {
  return [
    forOAuthClients,
    neverStored,
    formBody(mostBytes),
    async (request, response) => {
      const { logout_token: logoutToken } = request.body as Record<string, unknown>;
      const reason =
        typeof logoutToken === 'string' ? await take(request, logoutToken) : ('token_malformed' as const);
      if (reason === undefined) return void response.status(200).end();
      contextOf(response).facts.reason = reason;
      const message = 'This logout token is not accepted; reason says why.';
      throw new DomainError('input', 'invalid_request', message, { details: { reason } });
    },
  ];
}

/** §2.8: for every answer. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
