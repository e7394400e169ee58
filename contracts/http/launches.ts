import { z } from 'zod';
import { outcomes } from '../health.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, tenantParams, toolSlug } from './values.ts';

const path = '/api/v1/tenants/{slug}/launches';

export const launchFields = z
  .object({
    launchId: z.uuid(),
    reference: z.string().describe('What people read out to a help desk'),
    from: z.enum(['lms', 'portal']),
    state: z.string().describe('How far it has come'),
    outcome: z.enum(outcomes).nullable().describe('As health counts it; null: it has not ended'),
    reason: z.string().nullable().describe('Stable code of why it failed'),
    connectionId: z.uuid().nullable(),
    deploymentId: z.string().nullable(),
    tool: z.string().nullable().describe('The tool’s short name'),
    startedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Launch' });

export const listLaunches = defineEndpoint({
  method: 'get',
  path,
  summary: 'Launches, the newest first; ids and codes, no names',
  scope: 'launches:read',
  params: tenantParams,
  query: z.object({
    reference: z.string().min(1).max(50).optional().describe('As people type it'),
    tool: toolSlug.optional(),
    connectionId: z.uuid().optional(),
    outcome: z.enum(outcomes).optional(),
    ended: z.enum(['true', 'false']).optional().describe('false: those under way'),
    reason: z.string().min(1).max(100).optional(),
    since: instant.optional().describe('Begun then or later'),
    until: instant.optional().describe('Begun before'),
    before: z.uuid().optional().describe('The last launchId of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page',
    schema: z.object({
      launches: z.array(launchFields),
      next: z.uuid().nullable().describe('What to give as `before`; null: this was the last page'),
    }),
  },
  refusals: { 400: ['reference_invalid'], 404: ['tool_unknown'] },
});

export const showLaunch = defineEndpoint({
  method: 'get',
  path: `${path}/{reference}`,
  summary: 'A launch, check by check, by the reference people read out',
  scope: 'launches:read',
  params: tenantParams.extend({ reference: z.string().max(50).describe('As people type it') }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'References are short: more than one launch may have the same',
    schema: z.object({
      launches: z.array(
        launchFields.extend({
          family: z.string().nullable().describe('The LMS’s family'),
          binding: z.string().nullable().describe('How the browser was proven to be the one that began it'),
          presentation: z.string().nullable(),
          policyVersion: z.int().nullable().describe('The release policy it went by'),
          warnings: z.array(z.string()),
          steps: z.array(
            z.object({
              check: z.string(),
              result: z.enum(['passed', 'failed', 'warned', 'not_reached']),
              specification: z.string().describe('Document and section that the check obeys'),
              note: z.string().nullable().describe('Code of the reason or the warning'),
            }),
          ),
          explanation: z
            .object({
              turn: z.enum(['you', 'school', 'partner', 'hub']).describe('Who has to act; you: the person'),
              advice: z.string().describe('For engineers, with what differs for this LMS'),
              specification: z.string(),
            })
            .nullable()
            .describe('Of the reason; null where it did not fail'),
        }),
      ),
    }),
  },
  refusals: { 400: ['reference_invalid'], 404: ['launch_unknown'] },
});
