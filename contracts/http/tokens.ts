import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { apiScopes } from './scopes.ts';
import { instant, pageLimit, reasonBody, tenantParams } from './values.ts';

const path = '/api/v1/tokens';

const tokenFields = z
  .object({
    tokenId: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    tenant: z.string().nullable().describe('Slug of the one institution it reaches; null: every one'),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.nullable().describe('To the minute'),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiToken' });

const ofHub = { 403: ['tenant_only'] };

export const listTokens = defineEndpoint({
  method: 'get',
  path,
  reach: 'hub',
  summary: 'Tokens for programs, the newest first; never the tokens themselves',
  scope: 'tokens:read',
  params: z.object({}),
  query: z.object({
    after: z.uuid().optional().describe('What the page before gave as `next`'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page of them, also of those that have ended',
    schema: z.object({
      tokens: z.array(tokenFields),
      next: z.uuid().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: ofHub,
});

export const createToken = defineEndpoint({
  method: 'post',
  path,
  reach: 'hub',
  summary: 'Make a token for a program; it is shown this once',
  scope: 'tokens:write',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: z.string().trim().min(1).max(200).describe('What it is for, so that somebody can tell later'),
      scopes: z
        .array(z.enum(apiScopes))
        .min(1)
        .max(apiScopes.length)
        .describe('None that whoever makes it lacks'),
      tenant: tenantParams.shape.slug
        .optional()
        .describe('The one institution it reaches; every one if not given'),
      days: z.int().min(1).max(3650).default(90).describe('How long it lives'),
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'The token is kept nowhere: it cannot be shown again',
    schema: z.object({ token: z.string(), apiToken: tokenFields }),
  },
  refusals: {
    400: ['json_malformed', 'api_token_invalid'],
    403: ['tenant_only', 'scope_beyond_own'],
    404: ['tenant_unknown'],
  },
});

export const revokeToken = defineEndpoint({
  method: 'post',
  path: `${path}/{tokenId}/revoke`,
  reach: 'hub',
  summary: 'End a token at once',
  scope: 'tokens:write',
  params: z.object({ tokenId: z.uuid().describe('The token') }),
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is refused from now on',
    schema: z.object({ apiToken: tokenFields }),
  },
  refusals: { ...ofHub, 400: ['json_malformed'], 404: ['api_token_unknown'] },
});
