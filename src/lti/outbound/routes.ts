import { type RequestHandler, Router } from 'express';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../../platform/http/request-context.ts';
import { browserOf, fromOwnPage, type LtiHttp, parametersOf, sendReply } from '../http.ts';
import { authorize } from './authorize.ts';
import { createConfiguration } from './configuration.ts';
import { openInNewWindow } from './new-window.ts';

/** The hub as a platform: the addresses a tool is given. */
export function createOutboundRouter(http: LtiHttp): Router {
  const { services } = http;
  const router = Router();
  const body = [forPeople, formBody(64 * 1024)];

  const answer: RequestHandler = async (request, response) => {
    const parameters = parametersOf(request);
    const { reference } = contextOf(response);
    sendReply(
      http,
      request,
      response,
      await authorize(services, { parameters, browser: browserOf(http, request), reference }),
    );
  };
  endpoint(
    router,
    '/platform/authorize',
    { get: [forPeople, answer], post: [...body, answer] },
    { getActs: true },
  );

  endpoint(router, '/platform/open', {
    post: [
      ...body,
      fromOwnPage(services.baseUrl),
      async (request, response) => {
        const { reference } = contextOf(response);
        const reply = await openInNewWindow(services, parametersOf(request), reference);
        sendReply(http, request, response, reply);
      },
    ],
  });

  const configuration = createConfiguration(services.baseUrl);
  endpoint(router, '/.well-known/openid-configuration', {
    get: (_request, response) => {
      response.set('Cache-Control', 'public, max-age=3600').json(configuration);
    },
  });
  return router;
}
