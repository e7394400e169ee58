import { z } from 'zod';
import { actions, purposes, templateNames } from '../privacy.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, ownToolParams, reasonBody } from './values.ts';

const ownToolPath = '/api/v1/tenants/{slug}/tools/{tool}';

const rules = z
  .partialRecord(z.enum(purposes), z.record(z.string().max(210), z.enum(actions)))
  .describe('Purpose, then field; everything else is dropped');

const policyFields = z.object({ version: z.int(), rules, createdAt: instant }).meta({ id: 'ReleasePolicy' });

export const showPolicy = defineEndpoint({
  method: 'get',
  path: `${ownToolPath}/policy`,
  summary: 'What a tool may see of an institution’s people, with every version before',
  scope: 'tools:read',
  params: ownToolParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The policy in force',
    schema: z.object({
      policy: policyFields,
      versions: z.array(policyFields).describe('The newest first'),
      templates: z.record(z.enum(templateNames), rules).describe('Policies to begin with'),
      fields: z
        .array(z.object({ field: z.string(), title: z.string(), kind: z.enum(['text', 'list']) }))
        .describe('All there is to release; custom.<name> beside them. A list is not hashed'),
    }),
  },
  refusals: { 404: ['tool_unknown'], 409: ['tool_not_enabled'] },
});

export const setPolicy = defineEndpoint({
  method: 'put',
  path: `${ownToolPath}/policy`,
  summary: 'Change what a tool may see; the new version is in force at once',
  scope: 'tools:write',
  params: ownToolParams,
  body: {
    kind: 'json',
    schema: reasonBody
      .extend({
        template: z.enum(templateNames).optional(),
        rules: rules.optional().describe('All of them: what is not named is dropped'),
        basedOn: z
          .int()
          .optional()
          .describe('The version somebody looked at; refused where another is in force by now'),
      })
      .refine(({ template, rules: given }) => (template === undefined) !== (given === undefined), {
        error: 'Give either a template or rules.',
      }),
  },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is in force',
    schema: z.object({ policy: policyFields }),
  },
  refusals: {
    400: ['json_malformed', 'policy_invalid'],
    404: ['tool_unknown'],
    409: ['tool_not_enabled', 'policy_changed_meanwhile'],
  },
});

export const previewPolicy = defineEndpoint({
  method: 'get',
  path: `${ownToolPath}/policy/preview`,
  summary: 'What a tool would see of a made-up pupil, protocol by protocol and field by field',
  scope: 'tools:read',
  params: ownToolParams,
  query: z.object({
    template: z.enum(templateNames).optional().describe('As if this template were in force'),
    rules: z
      .string()
      .max(20_000)
      .optional()
      .describe('As if these rules (JSON, as for setting a policy) were in force'),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Nothing is changed',
    schema: z.object({
      version: z.int().nullable().describe('Null: of no stored policy'),
      purposes: z.array(
        z.object({
          purpose: z.enum(purposes),
          fields: z.array(
            z.object({
              field: z.string(),
              action: z.enum(actions),
              released: z
                .union([z.string(), z.array(z.string())])
                .nullable()
                .describe('What leaves; null: nothing'),
            }),
          ),
          alwaysSent: z.record(z.string(), z.string()).describe('Set for the tool by the institution itself'),
        }),
      ),
    }),
  },
  refusals: { 400: ['policy_invalid'], 404: ['tool_unknown'], 409: ['tool_not_enabled'] },
});
