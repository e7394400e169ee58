import { Router } from 'express';
import { endpoints } from '../../contracts/http/endpoints.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { describeApi } from './openapi.ts';

/** `GET /api/openapi.json`: what the API can do, for programs and people without a token too. */
export function createDescriptionRouter(): Router {
  const router = Router({ caseSensitive: true });
  const description = Buffer.from(JSON.stringify(describeApi(endpoints)));
  endpoint(router, '/api/openapi.json', {
    get: (_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Cache-Control', 'public, max-age=300');
      response.send(description);
    },
  });
  return router;
}
