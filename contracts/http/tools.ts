import { z } from 'zod';
import { presentations, switchStates } from '../tools.ts';
import { defineEndpoint } from './endpoint.ts';
import { pageLimit, reasonBody, searchText, toolSlug } from './values.ts';

const hubPath = '/api/v1/tools';
const toolPath = `${hubPath}/{tool}` as const;

const hubToolParams = z.object({ tool: toolSlug });

const count = z.int().nonnegative();
const address = z.string().min(1).max(2000);
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(50) });

/** What the hub is told of a tool. */
const settingFields = {
  name: z.string().trim().min(1).max(200),
  loginInitiationUrl: address.describe('Where the tool begins a login (LTI 1.3, third-party login)'),
  targetLinkUri: address.describe('Where a launch leads'),
  redirectUris: z.array(address).min(1).max(20).describe('Where the tool takes id_tokens'),
  jwksUrl: address.nullable().describe('Where the tool publishes its keys'),
  jwks: keySet.nullable().describe('Or its key set, where it publishes none'),
  presentation: z.enum(presentations),
  supportsStorage: z.boolean().describe('It speaks the LTI postMessage storage'),
  scopes: z.array(z.string().max(200)).max(50).describe('What it may ask access tokens for'),
};

const toolFields = z
  .object({
    toolId: z.uuid(),
    slug: z.string(),
    ...settingFields,
    clientId: z.string().describe('What the tool knows itself by at the hub'),
    status: z.enum(switchStates),
    version: z.int(),
  })
  .meta({ id: 'Tool' });

const forDeveloper = z
  .object({
    clientId: z.string(),
    issuer: z.string(),
    openidConfiguration: z.string(),
    authorizeUrl: z.string(),
    tokenUrl: z.string(),
    jwksUrl: z.string(),
  })
  .describe('What its developer enters to know the hub as an LTI platform');

const oneTool = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ tool: toolFields, forDeveloper }) }) as const;
const ofHub = { 403: ['tenant_only'] };

export const listTools = defineEndpoint({
  method: 'get',
  path: hubPath,
  reach: 'hub',
  summary: 'Tools with how many institutions use each',
  scope: 'tools:read',
  params: z.object({}),
  query: z.object({
    search: searchText.optional(),
    status: z.enum(switchStates).optional(),
    after: toolSlug.optional().describe('The last short name of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page, by short name',
    schema: z.object({
      tools: z.array(
        z.object({
          toolId: z.uuid(),
          slug: z.string(),
          name: z.string(),
          clientId: z.string(),
          presentation: z.enum(presentations),
          status: z.enum(switchStates),
          tenants: count.describe('Institutions it is on for'),
        }),
      ),
      next: z.string().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: ofHub,
});

export const registerTool = defineEndpoint({
  method: 'post',
  path: hubPath,
  reach: 'hub',
  summary: 'Register a tool with the hub, once for all institutions',
  scope: 'tools:write',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      slug: toolSlug,
      ...settingFields,
      ...z
        .object(settingFields)
        .pick({
          jwksUrl: true,
          jwks: true,
          presentation: true,
          supportsStorage: true,
          scopes: true,
        })
        .partial().shape,
    }),
  },
  reply: oneTool(201, 'It is registered; it is on for no institution yet'),
  refusals: { ...ofHub, 400: ['json_malformed', 'tool_invalid', 'jwks_invalid'], 409: ['tool_slug_taken'] },
});

export const showTool = defineEndpoint({
  method: 'get',
  path: toolPath,
  reach: 'hub',
  summary: 'A tool, and what its developer needs to know of the hub',
  scope: 'tools:read',
  params: hubToolParams,
  reply: oneTool(200, 'The tool'),
  refusals: { ...ofHub, 404: ['tool_unknown'] },
});

export const updateTool = defineEndpoint({
  method: 'patch',
  path: toolPath,
  reach: 'hub',
  summary: 'Change a tool’s settings, or switch it off or on for everybody; what is not given stays',
  scope: 'tools:write',
  params: hubToolParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ ...settingFields, status: z.enum(switchStates) }).partial(),
  },
  reply: oneTool(200, 'The tool as it stands now'),
  refusals: { ...ofHub, 400: ['json_malformed', 'tool_invalid', 'jwks_invalid'], 404: ['tool_unknown'] },
});

export const listToolTenants = defineEndpoint({
  method: 'get',
  path: `${toolPath}/tenants`,
  reach: 'hub',
  summary: 'Who uses a tool',
  scope: 'tools:read',
  params: hubToolParams,
  query: z.object({
    after: z.string().min(1).max(63).optional().describe('The last slug of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page of institutions the tool was ever on for, by short name',
    schema: z.object({
      tenants: z.array(z.object({ slug: z.string(), name: z.string(), status: z.enum(switchStates) })),
      next: z.string().nullable(),
    }),
  },
  refusals: { ...ofHub, 404: ['tool_unknown'] },
});
