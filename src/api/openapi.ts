import { type ZodObject, type ZodType, z } from 'zod';
import { commonRefusals, type EndpointContract, type TextReply } from '../../contracts/http/endpoint.ts';
import { problem } from '../../contracts/http/problem.ts';

type Json = Record<string, unknown>;

/** Describes the API (OpenAPI 3.1.1), made from its contracts alone. */
export function describeApi(contracts: Readonly<Record<string, EndpointContract>>): Json {
  const schemas: Json = { Problem: toSchema(problem, 'output', {}) };
  const paths: Record<string, Json> = {};
  for (const [name, contract] of Object.entries(contracts)) {
    const operation = { [contract.method]: describeOperation(name, contract, schemas) };
    paths[contract.path] = { ...paths[contract.path], ...operation };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Gatehouse operator API',
      version: '1',
      description:
        'Rosters of the tenants of a hub: where they come from, their runs, plans and findings. Where their people sign in, who is signed in, and why somebody was not let in. How well integrations go. Institutions with their LMSs and tools, what tools may see, launches, grades on their way, who is one person, and what was changed by whom. Who works at the console signs in here too. Tokens are made with `npm run hub -- api-token create`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ apiToken: [] }],
    paths,
    components: {
      schemas,
      responses: describeCommonRefusals(),
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'An API token of the hub (RFC 6750)' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-gho',
          description: 'Somebody signed in at the console; what changes something needs X-CSRF-Token besides',
        },
      },
    },
  };
}

function describeOperation(name: string, contract: EndpointContract, schemas: Json): Json {
  const { summary, scope, params, query, body, reply } = contract;
  return {
    operationId: name,
    summary,
    // OpenAPI 3.1 §4.8.30: for schemes other than OAuth2 the list names roles.
    security: describeSecurity(scope),
    parameters: [
      ...describeParameters(params, 'path', schemas),
      ...(query === undefined ? [] : describeParameters(query, 'query', schemas)),
    ],
    ...(body === undefined ? {} : { requestBody: describeBody(body, schemas) }),
    responses: {
      [reply.status]: {
        description: reply.about,
        content:
          reply.kind === 'json'
            ? { 'application/json': { schema: toSchema(reply.schema, 'output', schemas) } }
            : { [mediaTypeOf(reply)]: { schema: { type: 'string' } } },
      },
      ...describeRefusals(contract),
    },
  };
}

/** A media type without its parameters (RFC 9110 §8.3.1). */
function mediaTypeOf({ mediaType }: TextReply): string {
  return mediaType.split(';', 1)[0] ?? mediaType;
}

function describeSecurity(scope: EndpointContract['scope']): Json[] {
  if (scope === 'anyone') return [];
  return scope === 'session' ? [{ session: [] }] : [{ apiToken: [scope] }, { session: [scope] }];
}

function describeParameters(object: ZodObject, place: 'path' | 'query', schemas: Json): Json[] {
  const whole = toSchema(object, 'input', schemas);
  const required = new Set(whole.required as string[] | undefined);
  return Object.entries(whole.properties as Record<string, Json>).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: place,
      required: required.has(name),
      ...(description === undefined ? {} : { description }),
      schema,
    }),
  );
}

function describeBody(body: NonNullable<EndpointContract['body']>, schemas: Json): Json {
  if (body.kind === 'json') {
    const schema = toSchema(body.schema, 'input', schemas);
    const isRequired = ((schema.required as string[] | undefined) ?? []).length > 0;
    return { required: isRequired, content: { 'application/json': { schema } } };
  }
  // OpenAPI 3.1 §4.8.14.2: bytes have a media type and no schema.
  const content = Object.fromEntries(body.mediaTypes.map((mediaType) => [mediaType, {}]));
  return { required: true, description: body.about, content };
}

/** Refusals that an endpoint has beyond the common ones are spelled out; the others stand once, under components. */
function describeRefusals({ refusals }: EndpointContract): Json {
  const statuses = new Set([...Object.keys(commonRefusals), ...Object.keys(refusals)]);
  return Object.fromEntries(
    [...statuses].sort().map((status) => {
      const own = refusals[Number(status)] ?? [];
      const common = commonRefusals[Number(status)] ?? [];
      const isCommon = own.length === 0 && common.length > 0;
      return [
        status,
        isCommon ? { $ref: `#/components/responses/Refused${status}` } : describeRefusal([...common, ...own]),
      ];
    }),
  );
}

function describeRefusal(codes: readonly string[]): Json {
  return {
    description: codes.length === 0 ? 'The source’s own failure' : `code is one of: ${codes.join(', ')}`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function describeCommonRefusals(): Json {
  return Object.fromEntries(
    Object.entries(commonRefusals).map(([status, codes]) => [`Refused${status}`, describeRefusal(codes)]),
  );
}

/** JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Named schemas go to `schemas` and are referred to. */
function toSchema(type: ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema: _dialect, $defs, ...schema } = z.toJSONSchema(type, { io }) as Json;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { id: _id, ...rest } = definition;
    schemas[id] = retarget(rest);
  }
  return retarget(schema) as Json;
}

/** JSON Schema 2020-12, Validation §7.3.1 and §7.3.5. */
const knownFormats = new Set(['uuid', 'date-time', 'date']);

function retarget(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(retarget);
  if (typeof value !== 'object' || value === null) return value;
  // A format that everybody knows says it all; the library's patterns beside them would be half of the description.
  const isKnown = 'format' in value && knownFormats.has(String(value.format));
  const entries = Object.entries(value).filter(([name]) => !(isKnown && name === 'pattern'));
  return Object.fromEntries(
    entries.map(([name, each]) => [
      name,
      name === '$ref' && typeof each === 'string'
        ? each.replace('#/$defs/', '#/components/schemas/')
        : retarget(each),
    ]),
  );
}
