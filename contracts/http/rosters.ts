import { z } from 'zod';
import { deltaKinds } from '../sync.ts';
import { defineEndpoint } from './endpoint.ts';
import { newRosterBody, rosterChangesBody, rosterFields } from './roster-fields.ts';
import { entityName, reasonBody, rosterParams, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const rosterPath = `${tenantPath}/rosters/{connectionId}` as const;

const uploadId = z.uuid().optional().describe('The package to look into, where the source is an upload');

const oneRoster = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ roster: rosterFields }) }) as const;
const settingsCodes = ['json_malformed', 'roster_invalid', 'roster_settings_invalid', 'connector_unknown'];

export const listConnectors = defineEndpoint({
  method: 'get',
  path: `${tenantPath}/roster-connectors`,
  summary: 'The kinds of source a roster can come from, with their settings',
  scope: 'rosters:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every connector of this hub',
    schema: z.object({
      connectors: z.array(
        z.object({
          id: z.string(),
          version: z.string(),
          title: z.string(),
          entities: z.array(entityName),
          delta: z.enum(deltaKinds),
          settings: z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12'),
          secrets: z.array(z.string()).describe('Names of the settings that are secret'),
        }),
      ),
    }),
  },
  refusals: {},
});

export const listRosters = defineEndpoint({
  method: 'get',
  path: `${tenantPath}/rosters`,
  summary: 'The tenant’s rosters: where each comes from',
  scope: 'rosters:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every roster, also those that are switched off',
    schema: z.object({ rosters: z.array(rosterFields) }),
  },
  refusals: {},
});

export const connectRoster = defineEndpoint({
  method: 'post',
  path: `${tenantPath}/rosters`,
  summary: 'Connect a source',
  scope: 'rosters:write',
  params: tenantParams,
  body: { kind: 'json', schema: newRosterBody },
  reply: oneRoster(201, 'It is connected; nothing was read yet'),
  refusals: { 400: settingsCodes },
});

export const showRoster = defineEndpoint({
  method: 'get',
  path: rosterPath,
  summary: 'One roster’s source',
  scope: 'rosters:read',
  params: rosterParams,
  reply: oneRoster(200, 'The source'),
  refusals: { 404: ['roster_unknown'] },
});

export const updateRoster = defineEndpoint({
  method: 'patch',
  path: rosterPath,
  summary: 'Change a roster’s source; what is not given stays',
  scope: 'rosters:write',
  params: rosterParams,
  body: { kind: 'json', schema: rosterChangesBody },
  reply: oneRoster(200, 'The source as it stands now'),
  refusals: { 400: settingsCodes, 404: ['roster_unknown'] },
});

const statusChange = <const Verb extends string>(verb: Verb, summary: string) =>
  defineEndpoint({
    method: 'post',
    path: `${rosterPath}/${verb}`,
    summary,
    scope: 'rosters:write',
    params: rosterParams,
    body: { kind: 'json', schema: reasonBody },
    reply: oneRoster(200, 'The source as it stands now'),
    refusals: { 400: ['json_malformed'], 404: ['roster_unknown'] },
  });

export const pauseRoster = statusChange('pause', 'Begin no more runs by the schedule');
export const resumeRoster = statusChange('resume', 'Begin runs by the schedule again');
export const disableRoster = statusChange('disable', 'Switch a roster’s source off: nothing runs');

export const checkRoster = defineEndpoint({
  method: 'post',
  path: `${rosterPath}/check`,
  summary: 'Ask the source once whether the settings work',
  scope: 'rosters:write',
  params: rosterParams,
  body: { kind: 'json', schema: z.strictObject({ uploadId }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It answers',
    schema: z.object({
      source: z.string(),
      entities: z.array(entityName),
      warnings: z.array(z.string()),
    }),
  },
  refusals: { 404: ['roster_unknown', 'package_unknown'], 502: [] },
});

export const listSchools = defineEndpoint({
  method: 'get',
  path: `${rosterPath}/schools`,
  summary: 'The schools the source has, asked now',
  scope: 'rosters:read',
  params: rosterParams,
  query: z.object({ uploadId }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'The schools',
    schema: z.object({ schools: z.array(z.object({ sourcedId: z.string(), name: z.string() })) }),
  },
  refusals: { 404: ['roster_unknown', 'package_unknown'], 502: [] },
});

export const uploadPackage = defineEndpoint({
  method: 'post',
  path: `${rosterPath}/uploads`,
  summary: 'Hand over a package of files; a run that names it reads it',
  scope: 'rosters:write',
  params: rosterParams,
  query: z.object({
    name: z.string().min(1).max(255).default('package.zip').describe('What the file is called'),
  }),
  body: {
    kind: 'stream',
    mediaTypes: ['application/zip', 'application/octet-stream'],
    about: 'The archive itself, 2 GiB at most',
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'It is kept until a run has read it',
    schema: z.object({ uploadId: z.uuid() }),
  },
  refusals: {
    400: ['body_incomplete', 'package_empty', 'package_name_invalid'],
    404: ['roster_unknown'],
    409: ['package_not_read'],
    413: ['body_too_large', 'package_too_large'],
    415: ['unsupported_media_type'],
  },
});
