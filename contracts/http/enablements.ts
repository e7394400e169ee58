import { z } from 'zod';
import { templateNames } from '../privacy.ts';
import { switchStates } from '../tools.ts';
import { defineEndpoint } from './endpoint.ts';
import { ownToolParams, reasonBody, tenantParams } from './values.ts';

const ownPath = '/api/v1/tenants/{slug}/tools';
const ownToolPath = `${ownPath}/{tool}` as const;

const custom = z
  .record(z.string().max(100), z.string().max(2000))
  .describe('Custom parameters of every launch (LTI Core 1.3 §5.4.6)');

const enablementFields = z
  .object({
    toolId: z.uuid(),
    slug: z.string(),
    name: z.string(),
    hubStatus: z.enum(switchStates).describe('disabled: it is off for everybody'),
    status: z.enum(switchStates).describe('Here'),
    deploymentId: z.string().describe('What the tool knows the institution by'),
    custom,
    policyVersion: z.int(),
    targetLinkUri: z.string().describe('The link’s address, for the LMS'),
  })
  .meta({ id: 'Enablement' });

const oneEnablement = (about: string) =>
  ({ kind: 'json', status: 200, about, schema: z.object({ enablement: enablementFields }) }) as const;

export const listEnablements = defineEndpoint({
  method: 'get',
  path: ownPath,
  summary: 'The tools of an institution: those that are on, those that were, and those it could have',
  scope: 'tools:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'By short name',
    schema: z.object({
      enablements: z.array(enablementFields),
      available: z
        .array(z.object({ slug: z.string(), name: z.string() }))
        .describe('Never on here, and on at the hub'),
    }),
  },
  refusals: {},
});

export const enableTool = defineEndpoint({
  method: 'post',
  path: `${ownToolPath}/enable`,
  summary: 'Switch a tool on for an institution',
  scope: 'tools:write',
  params: ownToolParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      policy: z
        .enum(templateNames)
        .optional()
        .describe('What it may see of people: the policy it had, else anonymous'),
      custom: custom.optional(),
    }),
  },
  reply: oneEnablement('It is on'),
  refusals: {
    400: ['json_malformed', 'custom_invalid'],
    404: ['tool_unknown'],
    409: ['tool_disabled', 'tool_already_enabled', 'policy_changed_meanwhile'],
  },
});

export const disableToolFor = defineEndpoint({
  method: 'post',
  path: `${ownToolPath}/disable`,
  summary: 'Switch a tool off for an institution',
  scope: 'tools:write',
  params: ownToolParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneEnablement('It is off'),
  refusals: { 400: ['json_malformed'], 404: ['tool_unknown'], 409: ['tool_not_enabled'] },
});

export const setToolCustom = defineEndpoint({
  method: 'put',
  path: `${ownToolPath}/custom`,
  summary: 'Set the custom parameters a tool gets in every launch of an institution: these and no others',
  scope: 'tools:write',
  params: ownToolParams,
  body: { kind: 'json', schema: reasonBody.extend({ custom }) },
  reply: oneEnablement('They are sent from now on'),
  refusals: {
    400: ['json_malformed', 'custom_invalid'],
    404: ['tool_unknown'],
    409: ['tool_not_enabled'],
  },
});
