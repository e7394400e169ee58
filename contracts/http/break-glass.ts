import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { scopeName } from './operator-fields.ts';
import { raisableScopes } from './roles.ts';
import { instant, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/break-glass';

const raiseFields = z
  .object({
    raiseId: z.uuid(),
    operatorId: z.uuid().describe('Who'),
    scopes: z.array(scopeName),
    reason: z.string(),
    startedAt: instant,
    endsAt: instant,
    endedAt: instant.nullable().describe('Where it was ended before its time'),
    active: z.boolean(),
  })
  .meta({ id: 'RaisedRights' });

export const listRaisedRights = defineEndpoint({
  method: 'get',
  path,
  summary: 'Who was allowed more here for a while, and why; the newest first',
  scope: 'break-glass:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The last 200',
    schema: z.object({ raisedRights: z.array(raiseFields) }),
  },
  refusals: {},
});

export const raiseRights = defineEndpoint({
  method: 'post',
  path,
  summary: 'Be allowed more at one institution for a while; the institution sees it',
  scope: 'break-glass:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: z.strictObject({
      scopes: z
        .array(scopeName)
        .min(1)
        .max(raisableScopes.length)
        .refine((scopes) => scopes.every((scope) => raisableScopes.includes(scope)), {
          error: 'Rights over accounts cannot be raised.',
        }),
      reason: z.string().trim().min(10, { error: 'Say why, in a sentence.' }).max(1000),
      minutes: z.int().min(5).max(240).default(60),
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'It holds until it ends by itself. The session goes on under another cookie',
    schema: z.object({ raise: raiseFields, csrfToken: z.string() }),
  },
  refusals: { 400: ['json_malformed'] },
});

export const endRaisedRights = defineEndpoint({
  method: 'post',
  path: `${path}/{raiseId}/end`,
  summary: 'End raised rights before their time',
  scope: 'break-glass:write',
  params: tenantParams.extend({ raiseId: z.uuid().describe('The raise') }),
  body: { kind: 'json', schema: z.strictObject({}) },
  reply: { kind: 'json', status: 200, about: 'It is over', schema: z.object({ raise: raiseFields }) },
  refusals: { 400: ['json_malformed'], 404: ['raise_unknown'] },
});
