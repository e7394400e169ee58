import type { ZodObject, ZodType, z } from 'zod';
import type { ApiScope } from './scopes.ts';

/**
 * One endpoint of the HTTP API: all that its server, its clients and its description have to agree on. What is in it is
 * data; the server ties a handler to it by name.
 */
export interface EndpointContract {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** From the root, with parameters in braces (OpenAPI 3.1 §4.8.8). */
  readonly path: `/api/v1/${string}`;
  readonly summary: string;
  /** What a caller must be allowed; or that a session at the console is enough, whatever it allows; or nothing at all. */
  readonly scope: ApiScope | 'session' | 'anyone';
  /** What others will be allowed by it: whoever uses it has to be allowed all of that as well. */
  readonly lends?: readonly ApiScope[];
  /** What stands in the path; `slug` is the tenant. */
  readonly params: ZodObject;
  /**
   * It is about all tenants: callers of one tenant do not reach it. Otherwise it is about the tenant of the path, or, where
   * no scope is asked for, about the caller.
   */
  readonly reach?: 'hub';
  readonly query?: ZodObject;
  readonly body?: JsonBody | StreamBody;
  readonly reply: JsonReply | TextReply;
  /** Codes of refusals beside those that every endpoint has, by status. */
  readonly refusals: Readonly<Record<number, readonly string[]>>;
}

export interface JsonBody<Schema extends ZodType = ZodType> {
  readonly kind: 'json';
  readonly schema: Schema;
}

/** Bytes that are handled as they come. */
export interface StreamBody {
  readonly kind: 'stream';
  readonly mediaTypes: readonly string[];
  readonly about: string;
}

export interface JsonReply<Schema extends ZodType = ZodType> {
  readonly kind: 'json';
  readonly status: 200 | 201 | 202;
  readonly about: string;
  readonly schema: Schema;
}

/** Text that is sent as it is made. */
export interface TextReply {
  readonly kind: 'text';
  readonly status: 200;
  readonly about: string;
  readonly mediaType: string;
  /** What a browser calls the file, where it is one. */
  readonly fileName?: string;
}

/** What a handler is given. */
export interface EndpointInput<Contract extends EndpointContract> {
  params: z.output<Contract['params']>;
  query: Contract extends { query: infer Query extends ZodObject } ? z.output<Query> : undefined;
  body: Contract extends { body: infer Body } ? BodyOf<Body> : undefined;
}

type BodyOf<Body> = Body extends JsonBody<infer Schema> ? z.output<Schema> : AsyncIterable<Buffer>;

/** What a handler gives. */
export type EndpointOutput<Contract extends EndpointContract> =
  Contract['reply'] extends JsonReply<infer Schema> ? z.input<Schema> : AsyncIterable<string>;

/** Whether it is about a tenant, and not about the whole hub or the caller. */
export function isOfTenant({ reach, scope }: Pick<EndpointContract, 'reach' | 'scope'>): boolean {
  return reach !== 'hub' && scope !== 'session' && scope !== 'anyone';
}

/** Defines an endpoint; what its handler takes and gives follows from it. */
export function defineEndpoint<const Contract extends EndpointContract>(contract: Contract): Contract {
  return contract;
}

/** What any endpoint may answer instead of its reply. */
export const commonRefusals: Readonly<Record<number, readonly string[]>> = {
  400: ['request_invalid'],
  401: ['token_missing', 'token_invalid', 'token_expired', 'session_ended'],
  403: ['insufficient_scope', 'cross_site', 'csrf_token_wrong', 'session_needed'],
  404: ['tenant_unknown'],
  405: ['method_not_allowed'],
  429: ['too_many_requests'],
  500: ['internal'],
  503: ['database_unavailable'],
};
