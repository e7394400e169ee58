import { Router } from 'express';
import { formBody } from '../../platform/http/body.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { contextOf, forPeople } from '../../platform/http/request-context.ts';
import { browserOf, type LtiHttp, parametersOf, sendReply } from '../http.ts';
import { deepLinkingPath } from './addresses.ts';
import { receiveAnswer } from './receive-answer.ts';

/** Largest answer, in bytes: a few hundred items with pictures and pieces of HTML. */
const answerLimit = 1024 * 1024;

/** Where tools send what teachers have chosen. */
export function createDeepLinkingRouter(http: LtiHttp): Router {
  const router = Router();
  endpoint(router, deepLinkingPath, {
    post: [
      forPeople,
      formBody(answerLimit),
      async (request, response) => {
        const { reference } = contextOf(response);
        const input = { parameters: parametersOf(request), browser: browserOf(http, request), reference };
        sendReply(http, request, response, await receiveAnswer(http.services, input));
      },
    ],
  });
  return router;
}
