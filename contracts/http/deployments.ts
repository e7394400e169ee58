import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}/deployment-claims';
const hubPath = '/api/v1/deployment-claims';

const deploymentId = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/)
  .describe('As the LMS names the deployment (LTI Core 1.3 §3.1.3)');

const claimFields = {
  deploymentId: z.string(),
  status: z.enum(['waiting', 'claimed', 'refused']),
  launches: z.int().describe('How many launches have come from it'),
  firstSeenAt: instant,
  lastSeenAt: instant,
};
const ownClaim = z.object({ connectionId: z.uuid(), ...claimFields }).meta({ id: 'DeploymentClaim' });
const hubClaim = z.object({ registrationId: z.uuid(), ...claimFields }).meta({ id: 'HubDeploymentClaim' });

const next = z.string().nullable().describe('What to give as `after`; null: this was the last page');

const query = z.object({
  status: z.enum(['waiting', 'claimed', 'refused']).optional().describe('Those that stand so'),
  after: z.string().min(1).max(1000).optional().describe('What the page before gave as `next`'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const deployment = z.object({
  connectionId: z.uuid(),
  deploymentId: z.string(),
  hubRegistrationId: z.uuid().nullable(),
  status: z.enum(['active', 'disabled']),
});
const claimed = {
  kind: 'json',
  status: 200,
  about: 'The deployment; launches that wait for it go on',
  schema: z.object({ deployment }),
} as const;
const refused = {
  kind: 'json',
  status: 200,
  about: 'What was refused; a claim takes it back',
  schema: z.object({ deploymentId: z.string(), status: z.literal('refused') }),
} as const;

const ownBody = {
  kind: 'json',
  schema: reasonBody.extend({ connectionId: z.uuid(), deploymentId }),
} as const;
const ofHub = { 403: ['tenant_only'] };
const refusals = { 400: ['json_malformed'], 404: ['claim_unknown'] };

export const listDeploymentClaims = defineEndpoint({
  method: 'get',
  path: tenantPath,
  summary: 'Deployments of a school’s own LMS registrations that nobody had claimed, the newest first',
  scope: 'lms:read',
  params: tenantParams,
  query: query.extend({ connectionId: z.uuid().optional().describe('Those of one connection') }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'What waits, and what was decided',
    schema: z.object({ claims: z.array(ownClaim), next }),
  },
  refusals: { 400: ['cursor_invalid'] },
});

export const claimDeployment = defineEndpoint({
  method: 'post',
  path: `${tenantPath}/claim`,
  summary: 'Say that a waiting deployment is this school’s',
  scope: 'lms:write',
  params: tenantParams,
  body: ownBody,
  reply: claimed,
  refusals: {
    ...refusals,
    404: ['claim_unknown', 'registration_unknown'],
    409: ['deployment_exists'],
  },
});

export const refuseDeployment = defineEndpoint({
  method: 'post',
  path: `${tenantPath}/refuse`,
  summary: 'Say that a waiting deployment is not this school’s',
  scope: 'lms:write',
  params: tenantParams,
  body: ownBody,
  reply: refused,
  refusals,
});

export const listHubDeploymentClaims = defineEndpoint({
  method: 'get',
  path: hubPath,
  summary: 'Deployments of hub-wide registrations that are no school’s yet, the newest first',
  scope: 'lms:read',
  params: z.object({}),
  reach: 'hub',
  query,
  reply: {
    kind: 'json',
    status: 200,
    about: 'What waits, and what was decided',
    schema: z.object({ claims: z.array(hubClaim), next }),
  },
  refusals: { ...ofHub, 400: ['cursor_invalid'] },
});

const hubBody = reasonBody.extend({ registrationId: z.uuid(), deploymentId });

export const claimHubDeployment = defineEndpoint({
  method: 'post',
  path: `${hubPath}/claim`,
  summary: 'Say which school a waiting deployment of a hub-wide registration is',
  scope: 'lms:write',
  params: z.object({}),
  reach: 'hub',
  body: { kind: 'json', schema: hubBody.extend({ slug: tenantParams.shape.slug }) },
  reply: claimed,
  refusals: {
    ...ofHub,
    ...refusals,
    404: ['claim_unknown', 'registration_unknown', 'tenant_unknown'],
    409: ['deployment_taken', 'deployment_exists'],
  },
});

export const refuseHubDeployment = defineEndpoint({
  method: 'post',
  path: `${hubPath}/refuse`,
  summary: 'Say that a waiting deployment of a hub-wide registration is no school of ours',
  scope: 'lms:write',
  params: z.object({}),
  reach: 'hub',
  body: { kind: 'json', schema: hubBody },
  reply: refused,
  refusals: { ...ofHub, ...refusals },
});
