import type { RequestHandler, Router } from 'express';
import { DomainError } from '../errors.ts';
import { contextOf } from './request-context.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Handlers = Partial<Record<Method, RequestHandler | RequestHandler[]>>;

/**
 * Puts one address with all its methods on a router. Any other method is answered 405 with `Allow`
 * (RFC 9110 §15.5.6), and OPTIONS with `Allow` alone; HEAD follows GET.
 */
export function endpoint(router: Router, path: string, handlers: Handlers): void {
  const methods = Object.keys(handlers) as Method[];
  const allow = [...methods, ...(methods.includes('get') ? ['head'] : []), 'options']
    .join(', ')
    .toUpperCase();
  const route = router.route(path);
  route.all((_request, response, next) => {
    contextOf(response).route = path;
    next();
  });
  for (const method of methods) route[method](...[handlers[method] ?? []].flat());
  route.all((request, response) => {
    response.setHeader('Allow', allow);
    if (request.method !== 'OPTIONS') {
      throw new DomainError('input', 'method_not_allowed', `Use one of: ${allow}.`, { details: { allow } });
    }
    response.status(204).end();
  });
}
