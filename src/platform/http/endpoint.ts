import type { RequestHandler, Router } from 'express';
import { DomainError } from '../errors.ts';
import { contextOf } from './request-context.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Handlers = Partial<Record<Method, RequestHandler | RequestHandler[]>>;

/**
 * Puts one address with all its methods on a router. Any other method is answered 405 with `Allow`
 * (RFC 9110 §15.5.6), and OPTIONS with `Allow` alone; HEAD follows GET.
 *
 * @param options.getActs a GET is a step of a sign-in and can be taken once: HEAD, which promises to change nothing
 *   (RFC 9110 §9.2.1), is refused, so that a scanner of links takes no step in a person's place
 */
export function endpoint(
  router: Router,
  path: string,
  handlers: Handlers,
  { getActs = false }: { getActs?: boolean } = {},
): void {
  const methods = Object.keys(handlers) as Method[];
  const allow = [...methods, ...(methods.includes('get') && !getActs ? ['head'] : []), 'options']
    .join(', ')
    .toUpperCase();
  const route = router.route(path);
  route.all((_request, response, next) => {
    contextOf(response).route = path;
    next();
  });
  const refuse: RequestHandler = (_request, response) => {
    response.setHeader('Allow', allow);
    throw new DomainError('input', 'method_not_allowed', `Use one of: ${allow}.`, { details: { allow } });
  };
  // Ahead of GET, which express would ask otherwise.
  if (getActs) route.head(refuse);
  for (const method of methods) route[method](...[handlers[method] ?? []].flat());
  route.options((_request, response) => {
    response.setHeader('Allow', allow);
    response.status(204).end();
  });
  route.all(refuse);
}
