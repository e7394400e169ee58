import { Router } from 'express';
import { endpoints } from '../../contracts/http/endpoints.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { describeApi } from './openapi.ts';

/**
 * `GET /api/openapi.json`: what the API can do, for programs and people without a token too. Made when first asked for:
 * that takes longer than all else at a start.
 */
export function createDescriptionRouter(): Router {
  const router = Router({ caseSensitive: true });
  let description: Buffer | undefined;
  endpoint(router, '/api/openapi.json', {
    get: (_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Cache-Control', 'public, max-age=300');
      description ??= Buffer.from(JSON.stringify(describeApi(endpoints)));
      response.send(description);
    },
  });
  return router;
}
