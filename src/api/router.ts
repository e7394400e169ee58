import { type Request, type RequestHandler, type Response, Router } from 'express';
import {
  type EndpointContract,
  type EndpointInput,
  type EndpointOutput,
  isOfTenant,
} from '../../contracts/http/endpoint.ts';
import type { ApiScope } from '../../contracts/http/scopes.ts';
import type { SignedInOperator } from '../operators/sessions/operator-sessions.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { defined } from '../platform/defined.ts';
import { DomainError } from '../platform/errors.ts';
import { jsonBody } from '../platform/http/body.ts';
import { networkOf } from '../platform/http/client-address.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { limitBy, limitByAddress } from '../platform/http/rate-limit.ts';
import { contextOf, forPrograms } from '../platform/http/request-context.ts';
import { parseInput } from '../platform/input.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import type { Tenant } from '../tenants/tenants.ts';
import {
  type Caller,
  findRight,
  getReachedTenant,
  readCaller,
  refuseOtherSites,
  requireAllowed,
  requireSignedIn,
  requireWholeHub,
} from './authenticate.ts';
import { type Browser, browserOf } from './browser.ts';
import { requireOwnScopes } from './own-scopes.ts';
import { replyJson, replyText } from './reply.ts';
import { streamBody } from './stream-body.ts';

/** A call whose caller may make it, with everything in it parsed. */
export interface Call<Contract extends EndpointContract> extends EndpointInput<Contract> {
  /** The tenant of the path; none where it is about all of them, or about the caller. */
  tenant: Contract extends { reach: 'hub' } | { scope: 'session' | 'anyone' } ? undefined : Tenant;
  /** Who calls; for `session` it is certain that it is somebody at the console. */
  signedIn: Contract extends { scope: 'session' } ? SignedInOperator : SignedInOperator | undefined;
  /** What the caller may do by itself; nothing that is raised for a while. */
  scopes: readonly string[];
  /** Whether the caller may do this besides, now, also by what is raised. */
  may(scope: ApiScope): Promise<boolean>;
  /** The browser or program that asks, for those who sign in and out. */
  browser: Browser;
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
  /** Of one token, or of one person at the console, in this copy. */
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
  const byCaller = limitBy(
    { name: 'token', clock, ...tokenLimit },
    (_request, response) => callerOf(response).actor,
    'Too many requests of this caller. Try again shortly.',
  );
  const authenticate: RequestHandler = async (request, response, next) => {
    const caller = await readCaller(request, options);
    Object.assign(contextOf(response).facts, caller.facts);
    (response.locals as Locals)[callerKey] = caller;
    next();
  };
  const ofOwnSite: RequestHandler = (request, _response, next) => {
    refuseOtherSites(request);
    next();
  };
  for (const [path, methods] of groupByPath(contracts)) {
    const handle = ([name, contract]: [string, EndpointContract]) => [
      forPrograms,
      byAddress,
      refuseNul,
      ...(contract.scope === 'anyone' ? [ofOwnSite] : [authenticate, byCaller]),
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

const callerKey = Symbol('gatehouse.caller');
type Locals = { [callerKey]?: Caller };

function callerOf(response: Response): Caller {
  const caller = (response.locals as Locals)[callerKey];
  if (caller === undefined) throw new Error('The request was not authenticated');
  return caller;
}

function groupByPath(contracts: Contracts): Map<string, [string, EndpointContract][]> {
  return Map.groupBy(Object.entries(contracts), ([, { path }]) => path);
}

/** PostgreSQL keeps no NUL in a text, so that nothing could be found by it (the bodies' rule, for addresses). */
const refuseNul: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.includes('%00')) {
    throw new DomainError('input', 'request_invalid', 'The address holds NUL. Leave such characters out.');
  }
  next();
};

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
    const caller = contract.scope === 'anyone' ? undefined : callerOf(response);
    const tenant = await admit(contract, request, response, options);
    if (tenant !== undefined) contextOf(response).facts.tenantId = tenant.tenantId;
    const input = readInput(contract, request, options);
    const output = await handle({
      ...input,
      // As with the input: which contract it is, is not known here.
      tenant: tenant as Tenant,
      signedIn: caller?.signedIn,
      scopes: caller?.scopes ?? [],
      may: async (scope) =>
        caller !== undefined && (await findRight(options, caller, scope, tenant?.tenantId)) !== undefined,
      browser: browserOf(request, response),
      by: attribute(caller, input.body ?? input.query, { now: options.clock.now(), address: request.ip }),
      signal: untilClosed(response),
    });
    if (contract.reply.kind === 'json') replyJson(response, contract.reply, output);
    else await replyText(response, contract.reply, output as AsyncIterable<string>);
  };
}

/**
 * Whether the caller may do this. Whom it may not reach comes first, so that nobody is told of an institution by what else they
 * lack.
 *
 * @returns the tenant that is asked about, where it is about one
 * @throws DomainError where the caller may not
 */
async function admit(
  contract: EndpointContract,
  request: Request,
  response: Response,
  options: RouterOptions,
): Promise<Tenant | undefined> {
  const { scope } = contract;
  if (scope === 'anyone') return undefined;
  const caller = callerOf(response);
  if (scope === 'session') {
    requireSignedIn(caller.signedIn);
    return undefined;
  }
  const tenant = isOfTenant(contract)
    ? await getReachedTenant(options.db, String(request.params.slug), caller)
    : requireWholeHub(caller);
  const isRaised = await requireAllowed(options, caller, scope, tenant?.tenantId);
  if (isRaised) contextOf(response).facts.raised = true;
  requireOwnScopes(caller.scopes, contract.lends ?? []);
  return tenant;
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

function attribute(
  caller: Caller | undefined,
  given: unknown,
  { now, address }: { now: number; address: string | undefined },
): ChangeBy {
  const isObject = typeof given === 'object' && given !== null;
  const reason = isObject && 'reason' in given ? given.reason : undefined;
  const { actor, behind } = caller ?? { actor: 'visitor', behind: [] };
  const from = networkOf(address);
  return {
    actor,
    now,
    behind,
    ...defined({ reason: typeof reason === 'string' ? reason : undefined, from }),
  };
}

function untilClosed(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
