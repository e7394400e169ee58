import type { Request, Response, Router } from 'express';
import express from 'express';
import type { LmsInside } from './app.ts';
import { decideAuthorize } from './authorize.ts';
import type { PendingLaunch } from './launches.ts';
import { formPostPage, messagePage } from './pages/hop-pages.ts';
import { send } from './pages/layout.ts';
import type { LmsSessions } from './sessions.ts';

/** The key set and the OIDC authorization endpoint. */
export function authorizeRoutes(lms: LmsInside, sessions: LmsSessions): Router {
  const router = express.Router();

  router.get('/jwks.json', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=60').json(lms.keys.jwks());
  });

  // OpenID Connect Core §3.1.2.1: the authorization endpoint supports GET and POST.
  router.get('/auth', (request, response) => authorize(request.query, request, response));
  router.post('/auth', express.urlencoded({ extended: false }), (request, response) =>
    authorize(request.body ?? {}, request, response),
  );

  async function authorize(parameters: Record<string, unknown>, request: Request, response: Response) {
    const decision = decideAuthorize(parameters, {
      registrations: lms.registrations,
      findLaunch: (messageHint) => lms.launches.find(messageHint, lms.clock.now()),
      sessionId: sessions.findId(request),
    });
    response.set('Cache-Control', 'no-store');
    switch (decision.kind) {
      case 'refuse':
        return send(response.status(400), messagePage('This launch cannot go on', decision.reason));
      case 'error':
        return send(response, formPostPage(decision.redirectUri, decision.fields));
      case 'answer': {
        if (decision.launch.messageHintUse === 'once') lms.launches.remove(decision.messageHint);
        const fields = await answerFields(decision.launch, decision.nonce, decision.state);
        return send(response, formPostPage(decision.redirectUri, fields));
      }
    }
  }

  async function answerFields(
    launch: PendingLaunch,
    nonce: string,
    state: string | undefined,
  ): Promise<Record<string, string>> {
    const { tampering } = launch;
    const honest = lms.claimsOf(launch, nonce);
    const claims = tampering.claims ? tampering.claims(honest) : honest;
    const token = tampering.token ?? (await lms.signIdToken(claims, await tampering.signing?.(lms.keys)));
    const fields: Record<string, string> = { id_token: token };
    if (state !== undefined) fields.state = state;
    // LTI OIDC Login with Client Side postMessages 0.1: the target is told again with the response.
    if (launch.storageTarget !== null) fields.lti_storage_target = launch.storageTarget;
    const sent = tampering.fields ? tampering.fields(fields) : fields;
    return Object.fromEntries(
      Object.entries(sent).filter((field): field is [string, string] => field[1] !== undefined),
    );
  }

  return router;
}
