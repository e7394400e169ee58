import { type RequestHandler, Router } from 'express';
import { DomainError } from '../../platform/errors.ts';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forOAuthClients } from '../../platform/http/oauth-error.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import type { LtiServices } from '../services.ts';
import { grantToken, type TokenAnswer, tokenPath } from './grant.ts';
import { tokenRefusals } from './refusals.ts';
import { readTokenRequest } from './request.ts';

/** An assertion is about 1 kB; four times the largest that is known. */
const mostBytes = 32 * 1024;

/** RFC 6749 §5.1: for every answer, granted or refused. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
  next();
};

/** `POST /platform/token`: access tokens for tools (Security Framework 1.0 §4.1). */
export function createTokenRouter(services: LtiServices): Router {
  const router = Router();
  router.use(tokenPath, forOAuthClients, neverStored);

  const answer: RequestHandler = async (request, response) => {
    const { facts } = contextOf(response);
    const authorization = request.get('authorization');
    if (authorization !== undefined) {
      // RFC 6749 §5.2: whoever tried this header is told so by its own scheme.
      const scheme = /^[a-z][a-z0-9-]{0,30}(?= |$)/i.exec(authorization)?.[0] ?? 'Basic';
      response.set('WWW-Authenticate', `${scheme} realm="gatehouse"`);
    }
    const reading = readTokenRequest(request.body, authorization !== undefined);
    const outcome: TokenAnswer = reading.ok
      ? await grantToken(services, reading.request)
      : { kind: 'refused', refusal: reading.refusal, proven: false };
    if (outcome.toolId !== undefined) facts.toolId = outcome.toolId;
    if (outcome.kind === 'refused') {
      facts.reason = outcome.refusal;
      throw refuse(services, outcome);
    }
    response.json({
      access_token: outcome.token,
      token_type: 'Bearer',
      expires_in: outcome.expiresIn,
      scope: outcome.scopes.join(' '),
    });
  };

  endpoint(router, tokenPath, { post: [formBody(mostBytes), answer] });
  return router;
}

/** Counts a refusal and makes its error. What anybody could have sent is nobody's failure. */
function refuse(services: LtiServices, { refusal, proven }: TokenAnswer & { kind: 'refused' }): DomainError {
  const outcome = proven ? 'failed_config' : 'user_error';
  services.recordRefusal({ kind: 'token_request', outcome, reason: refusal });
  const { error, description } = tokenRefusals[refusal];
  const kind = error === 'invalid_client' ? 'unauthenticated' : 'input';
  return new DomainError(kind, error, description, { details: { reason: refusal } });
}
