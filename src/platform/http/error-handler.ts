import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { DomainError, type ErrorKind } from '../errors.ts';
import type { Html } from '../html.ts';
import type { Log } from '../log.ts';
import { bearerChallenge } from './challenge.ts';
import { toOAuthError } from './oauth-error.ts';
import { toDomainError, toProblem } from './problem.ts';
import { contextOf, wantsPage } from './request-context.ts';

/** What an error page has to tell. `code` decides the words; `message` is safe to show. */
export interface ErrorPageInput {
  kind: ErrorKind;
  code: string;
  message: string;
  reference: string;
  acceptLanguage: string | undefined;
}

/** Renders a page for a failure and sets the headers it needs on the response. */
export type RenderErrorPage = (input: ErrorPageInput, response: Response) => Html;

/** Ends a request that found no endpoint. */
export const nothingHere: RequestHandler = () => {
  throw new DomainError('not_found', 'address_unknown', 'There is nothing at this address.');
};

/**
 * Turns whatever a route threw into an answer: a page for people, problem details (RFC 9457) for programs,
 * and what OAuth has for it (RFC 6749 §5.2) at the token endpoint.
 * Failures of the hub itself are logged with their cause; what callers did wrong is in the request's own line.
 */
export function createErrorHandler(options: {
  log: Log;
  renderErrorPage: RenderErrorPage;
}): ErrorRequestHandler {
  const { log, renderErrorPage } = options;
  return (thrown: unknown, request: Request, response: Response, _next) => {
    const error = toDomainError(thrown);
    const context = contextOf(response);
    const { reference } = context;
    context.facts.code = error.code;
    if (error.kind === 'internal') log.error('request_failed', { reference, error });
    if (response.headersSent) {
      // The status is already on the wire; only cutting the connection tells the client that the rest is missing.
      response.destroy();
      return;
    }
    const problem = toProblem(error, reference);
    response.status(problem.status);
    response.setHeader('Cache-Control', 'no-store');
    const challenge = bearerChallenge(error);
    if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
    if (problem.status === 503) response.setHeader('Retry-After', '5');
    // Bytes of a body nobody read would be taken for the next request.
    if (!request.complete && hasBody(request)) response.setHeader('Connection', 'close');
    if (wantsPage(request, context)) {
      const acceptLanguage = request.get('accept-language');
      const { kind, code, message } = error;
      const page = renderErrorPage({ kind, code, message, reference, acceptLanguage }, response);
      response.type('html').send(page.text);
    } else if (context.audience === 'oauth_clients') {
      response.json(toOAuthError(error, reference));
    } else {
      response.type('application/problem+json').send(JSON.stringify(problem));
    }
  };
}

/** RFC 9112 §6: a request has a body exactly if one of these fields says so. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
