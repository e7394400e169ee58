import { Router } from 'express';
import { endpoint } from '../../platform/http/endpoint.ts';
import type { KeySet } from './key-set.ts';

/**
 * GET /.well-known/jwks.json: the hub's public keys, for tools and LMSs alike (1EdTech Security Framework §6.3).
 */
export function createKeySetRouter(keySet: Pick<KeySet, 'current'>): Router {
  const router = Router();
  endpoint(router, '/.well-known/jwks.json', {
    get: async (_request, response) => {
      const { body, etag } = await keySet.current();
      // Short beside the time a key is published before it signs, since a revoked key lives on in these caches.
      // stale-if-error (RFC 5861 §4) carries a cache in front over a stop of the hub.
      response.set('Cache-Control', 'public, max-age=300, stale-if-error=3600');
      response.set('ETag', etag);
      response.type('application/json').send(body);
    },
  });
  return router;
}
