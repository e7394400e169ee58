import { z } from 'zod';
import { outcomes } from '../health.ts';
import { bringableFields, familyNames } from '../lms.ts';
import { serviceScopes } from '../scopes.ts';
import { presentations } from '../tools.ts';
import { defineEndpoint } from './endpoint.ts';
import { domain, instant, reasonBody, tenantParams, toolSlug } from './values.ts';

const lmsPath = '/api/v1/tenants/{slug}/lms-invitations';
const toolPath = '/api/v1/tool-invitations';

const invitationId = z.uuid().describe('The invitation');
const days = z.int().min(1).max(30).default(7).describe('How long it lives');

const common = {
  invitationId: z.uuid(),
  state: z.enum(['open', 'busy', 'used', 'revoked', 'expired', 'exhausted']),
  createdAt: instant,
  expiresAt: instant,
  usedAt: instant.nullable(),
  attempts: z.int().nonnegative().describe('How many tries have begun'),
  tries: z
    .array(
      z.object({
        reference: z.string().describe('What the person was shown'),
        endedAt: instant,
        outcome: z.enum(outcomes),
        reason: z.string().nullable().describe('A stable code; null after a success'),
        host: z.string().nullable().describe('Where the other side said it is'),
        httpStatus: z.int().nullable(),
      }),
    )
    .describe('What came of them, the newest first'),
};
const lmsInvitation = z
  .object({
    ...common,
    family: z.enum(familyNames),
    hosts: z.array(z.string()),
    name: z.string().nullable(),
    domain: z.string().nullable().describe('The school’s own, under which the LMS is to know the hub'),
    connectionId: z.uuid().nullable().describe('The connection that came of it'),
  })
  .meta({ id: 'LmsInvitation' });
const toolInvitation = z
  .object({
    ...common,
    tool: toolSlug,
    scopes: z.array(z.string()),
    presentation: z.enum(presentations),
    toolId: z.uuid().nullable().describe('The tool that came of it'),
  })
  .meta({ id: 'ToolInvitation' });

const ofHub = { 403: ['tenant_only'] };

export const listLmsInvitations = defineEndpoint({
  method: 'get',
  path: lmsPath,
  summary: 'Set-up links by which LMSs connect themselves, with what came of each try',
  scope: 'lms:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'At most 200, the newest first; never the links themselves',
    schema: z.object({ invitations: z.array(lmsInvitation) }),
  },
  refusals: {},
});

export const inviteLms = defineEndpoint({
  method: 'post',
  path: lmsPath,
  summary: 'Make a set-up link, which an LMS uses once to connect itself by dynamic registration',
  scope: 'lms:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      family: z.enum(familyNames).describe('`generic` takes any product'),
      hosts: z
        .array(z.string().min(1).max(255))
        .max(10)
        .default([])
        .describe('Hosts the LMS may have beside its issuer’s and its vendor’s'),
      name: z.string().trim().min(1).max(200).optional().describe('The product’s name if not given'),
      domain: domain
        .optional()
        .describe('A verified domain of the school’s own; the hub’s address if not given'),
      days,
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'The link, which is shown this once',
    schema: z.object({ invitation: lmsInvitation, link: z.string() }),
  },
  refusals: {
    400: ['json_malformed', 'invitation_invalid', 'registration_not_offered', 'domain_unverified'],
  },
});

export const revokeLmsInvitation = defineEndpoint({
  method: 'post',
  path: `${lmsPath}/{invitationId}/revoke`,
  summary: 'End a set-up link that nobody has used',
  scope: 'lms:write',
  params: tenantParams.extend({ invitationId }),
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It works no more',
    schema: z.object({ invitationId: z.uuid() }),
  },
  refusals: { 400: ['json_malformed'], 404: ['invitation_unknown'] },
});

export const showLmsSetup = defineEndpoint({
  method: 'get',
  path: '/api/v1/tenants/{slug}/lms-setup',
  summary: 'What is entered by hand at an LMS, under the names of its own form',
  scope: 'lms:read',
  params: tenantParams,
  query: z.object({
    family: z.enum(familyNames),
    site: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe('The LMS’s address, for links into it'),
    domain: domain
      .optional()
      .describe('A verified domain of the school’s own, in place of the hub’s address'),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Values in the order of the form',
    schema: z.object({
      family: z.enum(familyNames),
      title: z.string(),
      where: z.string().describe('Where in the product they are entered'),
      link: z.string().nullable(),
      fields: z.array(
        z.object({
          name: z.string(),
          value: z.string(),
          ifAsked: z.boolean().describe('It counts only where the form has a field for it'),
        }),
      ),
      document: z.string().nullable().describe('To paste in place of fields'),
      afterwards: z.string(),
      offersRegistration: z.boolean().describe('Whether a set-up link does it by itself'),
      hubWide: z.boolean().describe('One registration serves all schools; each tells its deployment'),
      toBringBack: z
        .array(z.enum(bringableFields))
        .describe('What connecting it by hand takes beside the client ID; the rest is known'),
    }),
  },
  refusals: { 400: ['domain_unverified'] },
});

export const findPlatform = defineEndpoint({
  method: 'post',
  path: '/api/v1/tenants/{slug}/lms-setup/platform',
  summary: 'Ask an LMS for its own addresses, so that nobody has to copy them; nothing is stored',
  scope: 'lms:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: z.strictObject({
      site: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .describe('The LMS’s address, or that of its OpenID configuration'),
    }),
  },
  reply: {
    kind: 'json',
    status: 200,
    about: 'What it tells of itself',
    schema: z.object({
      issuer: z.string(),
      authorizeUrl: z.string(),
      tokenUrl: z.string(),
      jwksUrl: z.string(),
    }),
  },
  refusals: { 400: ['json_malformed'], 502: ['platform_not_found'] },
});

export const listToolInvitations = defineEndpoint({
  method: 'get',
  path: toolPath,
  reach: 'hub',
  summary: 'Registration tokens by which tools register themselves, with what came of each try',
  scope: 'tools:read',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'At most 200, the newest first; never the tokens themselves',
    schema: z.object({ invitations: z.array(toolInvitation) }),
  },
  refusals: ofHub,
});

export const inviteTool = defineEndpoint({
  method: 'post',
  path: toolPath,
  reach: 'hub',
  summary: 'Make a registration token, which a tool uses once to register itself by dynamic registration',
  scope: 'tools:write',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      tool: toolSlug,
      scopes: z
        .array(z.string().max(200))
        .max(50)
        .default([...serviceScopes])
        .describe('What it may ask access tokens for, at most'),
      presentation: z.enum(presentations).default('framed'),
      days,
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'The token, which is shown this once',
    schema: z.object({
      invitation: toolInvitation,
      openidConfiguration: z.string().describe('What the tool reads first'),
      registrationToken: z.string(),
    }),
  },
  refusals: { ...ofHub, 400: ['json_malformed', 'invitation_invalid'], 409: ['tool_slug_taken'] },
});

export const revokeToolInvitation = defineEndpoint({
  method: 'post',
  path: `${toolPath}/{invitationId}/revoke`,
  reach: 'hub',
  summary: 'End a registration token that no tool has used',
  scope: 'tools:write',
  params: z.object({ invitationId }),
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It works no more',
    schema: z.object({ invitationId: z.uuid() }),
  },
  refusals: { ...ofHub, 400: ['json_malformed'], 404: ['invitation_unknown'] },
});
