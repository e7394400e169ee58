import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { EndpointContract, EndpointInput, EndpointOutput } from '../../contracts/http/endpoint.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { jsonBody } from '../platform/http/body.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { limitBy, limitByAddress } from '../platform/http/rate-limit.ts';
import { contextOf, forPrograms } from '../platform/http/request-context.ts';
import { parseInput } from '../platform/input.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import type { Tenant } from '../tenants/tenants.ts';
import { getReachedTenant, readCaller, requireScope, requireWholeHub } from './authenticate.ts';
import { replyJson, replyText } from './reply.ts';
import { streamBody } from './stream-body.ts';
import type { ApiToken } from './tokens/token.ts';
import { subjectOf } from './tokens/tokens.ts';

/** A call whose caller may make it, with everything in it parsed. */
export interface Call<Contract extends EndpointContract> extends EndpointInput<Contract> {
  /** The tenant of the path; none where it is about all of them. */
  tenant: Contract extends { reach: 'hub' } ? undefined : Tenant;
  /** Attribution of what it changes. */
  by: ChangeBy;
  /** Ends when the caller goes away. */
  signal: AbortSignal;
}

export type Handler<Contract extends EndpointContract> = (
  call: Call<Contract>,
) => Promise<EndpointOutput<Contract>> | EndpointOutput<Contract>;

export type Contracts = Readonly<Record<string, EndpointContract>>;
export type Handlers<Of extends Contracts> = { readonly [Name in keyof Of]: Handler<Of[Name]> };

export interface RateLimit {
  perSecond: number;
  burst: number;
}

export interface RouterOptions {
  db: Database;
  clock: Clock;
  /** Largest streamed body. */
  uploadBytes: number;
  /** Of one address, whoever calls: bounds what guessing tokens costs. */
  addressLimit: RateLimit;
  /** Of one token, in this copy. */
  tokenLimit: RateLimit;
}

const largestJson = 256 * 1024;

/** Puts a handler behind each contract. */
export function createContractRouter<const Of extends Contracts>(
  contracts: Of,
  handlers: Handlers<Of>,
  options: RouterOptions,
): Router {
  const { clock, addressLimit, tokenLimit } = options;
  const router = Router({ caseSensitive: true });
  const byAddress = limitByAddress({ name: 'api', clock, ...addressLimit });
  const byToken = limitBy(
    { name: 'token', clock, ...tokenLimit },
    (_request, response) => callerOf(response).tokenId,
    'Too many requests with this API token. Try again shortly.',
  );
  const authenticate: RequestHandler = async (request, response, next) => {
    const caller = await readCaller(request, options);
    contextOf(response).facts.apiTokenId = caller.tokenId;
    (response.locals as Locals)[callerKey] = caller;
    next();
  };
  for (const [path, methods] of groupByPath(contracts)) {
    const handle = ([name, contract]: [string, EndpointContract]) => [
      forPrograms,
      byAddress,
      authenticate,
      byToken,
      ...(contract.body?.kind === 'json' ? [optionalJson] : []),
      answer(contract, handlers[name] as Handler<EndpointContract>, options),
    ];
    endpoint(
      router,
      path.replaceAll(/\{(\w+)\}/g, ':$1'),
      Object.fromEntries(methods.map((each) => [each[1].method, handle(each)])),
    );
  }
  return router;
}

const callerKey = Symbol('gatehouse.api_token');
type Locals = { [callerKey]?: ApiToken };

function callerOf(response: Response): ApiToken {
  const caller = (response.locals as Locals)[callerKey];
  if (caller === undefined) throw new Error('The request was not authenticated');
  return caller;
}

function groupByPath(contracts: Contracts): Map<string, [string, EndpointContract][]> {
  return Map.groupBy(Object.entries(contracts), ([, { path }]) => path);
}

const readJson = jsonBody(largestJson, ['application/json']);

/** No body at all stands for an empty object (RFC 9112 §6: a request has a body exactly if one of these fields says so). */
const optionalJson: RequestHandler = (request, response, next) => {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    return readJson(request, response, next);
  }
  request.body = {};
  next();
};

function answer(
  contract: EndpointContract,
  handle: Handler<EndpointContract>,
  options: RouterOptions,
): RequestHandler {
  return async (request, response) => {
    const caller = callerOf(response);
    requireScope(caller, contract.scope);
    const tenant = await reachFor(contract, request, caller, options);
    if (tenant !== undefined) contextOf(response).facts.tenantId = tenant.tenantId;
    const input = readInput(contract, request, options);
    const output = await handle({
      ...input,
      // As with the input: which contract it is, is not known here.
      tenant: tenant as Tenant,
      by: attribute(caller, input.body ?? input.query, options.clock.now()),
      signal: untilClosed(response),
    });
    if (contract.reply.kind === 'json') replyJson(response, contract.reply, output);
    else await replyText(response, contract.reply, output as AsyncIterable<string>);
  };
}

/** The tenant that is asked about, where it is about one. @throws DomainError where the token does not reach it */
async function reachFor(
  contract: EndpointContract,
  request: Request,
  caller: ApiToken,
  { db }: RouterOptions,
): Promise<Tenant | undefined> {
  if (contract.reach === 'hub') return requireWholeHub(caller);
  return getReachedTenant(db, String(request.params.slug), caller);
}

/** @throws DomainError input `request_invalid` naming each wrong field */
function readInput(
  { params, query, body }: EndpointContract,
  request: Request,
  { uploadBytes }: RouterOptions,
): EndpointInput<EndpointContract> {
  const parsed = {
    params: parseInput(params, request.params, 'request_invalid'),
    query: query && parseInput(query.strict(), { ...request.query }, 'request_invalid'),
    body:
      body?.kind === 'json'
        ? parseInput(body.schema, request.body, 'request_invalid')
        : body && streamBody(request, { mediaTypes: body.mediaTypes, limitBytes: uploadBytes }),
  };
  // Which contract it is, is not known here; the handler's type is tied to the contract's.
  return parsed as EndpointInput<EndpointContract>;
}

function attribute({ tokenId }: ApiToken, given: unknown, now: number): ChangeBy {
  const isObject = typeof given === 'object' && given !== null;
  const reason = isObject && 'reason' in given ? given.reason : undefined;
  return { actor: subjectOf(tokenId), now, ...(typeof reason === 'string' ? { reason } : {}) };
}

function untilClosed(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
