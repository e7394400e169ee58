import type { z } from 'zod';
import type { JsonBody, JsonReply } from '../../../contracts/http/endpoint.ts';
import { endpoints } from '../../../contracts/http/endpoints.ts';
import type { CallRight } from '../../../contracts/http/roles.ts';

export type EndpointName = keyof typeof endpoints;
type ContractOf<Name extends EndpointName> = (typeof endpoints)[Name];

type QueryPart<Of> = Of extends { query: infer Query extends z.ZodType }
  ? { query?: z.input<Query> }
  : { query?: never };
type BodyPart<Of> = Of extends { body: JsonBody<infer Schema> }
  ? { body: z.input<Schema> }
  : Of extends { body: unknown }
    ? { body: Blob }
    : { body?: never };
type ParamsPart<Of> = Of extends { params: infer Params extends z.ZodType }
  ? z.input<Params> extends Record<string, never>
    ? { params?: never }
    : { params: z.input<Params> }
  : never;

type InputsByName = {
  [Name in EndpointName]: ParamsPart<ContractOf<Name>> &
    QueryPart<ContractOf<Name>> &
    BodyPart<ContractOf<Name>>;
};

/** What a call of an endpoint takes: parameters of the path, query and body. */
export type CallInput<Name extends EndpointName> = InputsByName[Name];

/** What an endpoint gives, parsed from JSON; text where it is a file. */
export type Reply<Name extends EndpointName> =
  ContractOf<Name>['reply'] extends JsonReply<infer Schema> ? z.output<Schema> : string;

/** Endpoints that only read, so that their replies may be kept and asked for again. */
export type ReadName = {
  [Name in EndpointName]: ContractOf<Name>['method'] extends 'get' ? Name : never;
}[EndpointName];
export type WriteName = Exclude<EndpointName, ReadName>;

/** Method and path of an endpoint: with who may call it, all that is left of the contracts in a browser. */
export function lineOf(name: EndpointName): { method: string; path: string } {
  const { method, path } = endpoints[name];
  return { method: method.toUpperCase(), path };
}

/** Who may call an endpoint. */
export function rightOf(name: EndpointName): CallRight {
  return endpoints[name];
}
