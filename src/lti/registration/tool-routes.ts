import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { DomainError } from '../../platform/errors.ts';
import { jsonBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { forOAuthClients } from '../../platform/http/oauth-error.ts';
import { contextOf } from '../../platform/http/request-context.ts';
import { registerInvitedTool, type ToolRegistrationServices } from './register-tool.ts';

export const toolRegistrationPath = '/platform/register';

/** Largest metadata of a tool, in bytes; with a pasted key set and long lists it is a tenth of this. */
const mostBytes = 64 * 1024;

/** RFC 7591 §3.2.1. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
  next();
};

/** What is no JSON at all is no metadata either (RFC 7591 §3.2.2). */
const tellMalformed: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const isBody = error instanceof DomainError && /^(json_|unsupported_media_type$)/.test(error.code);
  next(isBody ? new DomainError('input', 'invalid_client_metadata', error.message, { cause: error }) : error);
};

/** `POST /platform/register`: tools register themselves, with the token of an invitation. */
export function createToolRegistrationRouter(services: ToolRegistrationServices): Router {
  const router = Router();
  router.use(toolRegistrationPath, forOAuthClients, neverStored);
  endpoint(router, toolRegistrationPath, {
    post: [
      jsonBody(mostBytes, ['application/json']),
      async (request, response) => {
        const { reference } = contextOf(response);
        const answer = await registerInvitedTool(services, {
          authorization: request.get('authorization'),
          metadata: request.body,
          reference,
        });
        response.status(201).json(answer);
      },
    ],
  });
  router.use(toolRegistrationPath, tellMalformed);
  return router;
}
