import type { Response, Router } from 'express';
import express from 'express';
import { setBrowserCookie } from './browser-cookie.ts';
import { messagePage, send, storePage } from './pages.ts';
import type { ToolInside } from './sample-tool.ts';

/** Third-party initiated login. Security Framework 1.0 §5.1.1.1: by GET or POST. */
export function loginRoutes(tool: ToolInside): Router {
  const router = express.Router();
  router.get('/login', (request, response) => login(request.query, response));
  router.post('/login', express.urlencoded({ extended: false }), (request, response) =>
    login(request.body ?? {}, response),
  );

  function login(parameters: Record<string, unknown>, response: Response): void {
    const problem = findProblem(parameters);
    if (problem !== undefined) {
      send(response.status(400), messagePage('This launch cannot go on', problem));
      return;
    }
    const storageTarget = text(parameters.lti_storage_target);
    const { state, nonce, browserSecret } = tool.logins.issue(storageTarget, tool.clock.now());
    if (tool.setsCookies) setBrowserCookie(response, state, browserSecret);
    const next = authorizeUrl(parameters, state, nonce);
    response.set('Cache-Control', 'no-store');
    if (storageTarget === undefined) {
      response.redirect(302, next);
      return;
    }
    const platformOrigin = new URL(tool.platform.authorizeUrl).origin;
    send(response, storePage({ storageTarget, platformOrigin, state, browserSecret, next }));
  }

  function findProblem(parameters: Record<string, unknown>): string | undefined {
    if (parameters.iss !== tool.platform.issuer) return 'The learning platform is not one this tool knows.';
    if (parameters.client_id !== undefined && parameters.client_id !== tool.platform.clientId) {
      return 'The client_id is not the one this tool was given.';
    }
    if (text(parameters.login_hint) === undefined) return 'The login_hint is missing.';
    if (text(parameters.target_link_uri) === undefined) return 'The target_link_uri is missing.';
    return undefined;
  }

  /** Security Framework §5.1.1.2: the authentication request; hints go back as they came. */
  function authorizeUrl(parameters: Record<string, unknown>, state: string, nonce: string): string {
    const url = new URL(tool.platform.authorizeUrl);
    const request: Record<string, string | undefined> = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: tool.platform.clientId,
      redirect_uri: tool.launchUrl,
      login_hint: text(parameters.login_hint),
      lti_message_hint: text(parameters.lti_message_hint),
      state,
      nonce,
    };
    for (const [name, value] of Object.entries(request)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  return router;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
