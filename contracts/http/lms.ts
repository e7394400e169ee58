import { z } from 'zod';
import { authorizeMethods, familyNames } from '../lms.ts';
import { switchStates } from '../tools.ts';
import { defineEndpoint } from './endpoint.ts';
import { domain, reasonBody, tenantParams } from './values.ts';

const ownPath = '/api/v1/tenants/{slug}/lms';
const onePath = `${ownPath}/{connectionId}` as const;
const hubPath = '/api/v1/lms';

const params = tenantParams.extend({ connectionId: z.uuid().describe('The LMS connection') });
const hubParams = z.object({ registrationId: z.uuid().describe('The hub-wide registration') });

const address = z.string().min(1).max(2000);
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(50) });

/** Settings of a registration; each has a safe default. */
const settings = z
  .object({
    allowAnonymous: z.boolean().describe('Accept launches without a person'),
    requireBrowserProof: z.boolean().describe('Refuse a launch whose browser is not proven'),
    targetMismatch: z.enum(['warn', 'refuse']).describe('When the target changes under way'),
    iatWindowSeconds: z.int().describe('How old its tokens may be'),
    clockSkewSeconds: z.int().describe('How far its clock may be off'),
    frameAncestors: z.array(z.string().max(300)).max(50).describe('Pages that may frame a launch'),
    trustedAudiences: z.array(z.string().max(255)).max(20).describe('Accepted beside our client ID'),
    domain: domain.nullable().describe('The school’s own, under which the LMS knows the hub'),
    gradesPerSecond: z.number().optional().describe('Scores sent a second at most'),
  })
  .meta({ id: 'RegistrationSettings' });

/** What an LMS says of itself; what its family fixes need not be given. */
const given = {
  issuer: z.string().max(255).describe('Exactly as the LMS spells it'),
  clientId: z.string().min(1).max(255).describe('Ours at the LMS'),
  authorizeUrl: address,
  authorizeMethod: z.enum(authorizeMethods),
  tokenUrl: address.nullable().describe('For services'),
  tokenAudience: z.string().min(1).max(2000).nullable(),
  jwksUrl: address.nullable(),
  jwks: keySet.nullable().describe('Or its key set, where it publishes none'),
};

const shown = {
  family: z.enum(familyNames),
  ...given,
  settings,
  status: z.enum(switchStates),
  version: z.int(),
};
const registrationFields = z.object({ connectionId: z.uuid(), ...shown }).meta({ id: 'LmsRegistration' });
const hubRegistrationFields = z
  .object({ registrationId: z.uuid(), ...shown })
  .meta({ id: 'HubLmsRegistration' });

const newBody = reasonBody.extend({
  ...z.object(given).partial().shape,
  family: z.enum(familyNames),
  clientId: given.clientId,
  settings: settings.partial().optional(),
});
const changesBody = reasonBody.extend({
  ...z.object(given).partial().shape,
  settings: settings.partial().optional(),
  status: z.enum(switchStates).optional(),
});

const deploymentFields = z.object({
  deploymentId: z.string(),
  status: z.enum(switchStates),
  hubRegistrationId: z.uuid().nullable().describe('Where the school is reached by a hub-wide registration'),
});
const deploymentId = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/)
  .describe('As the LMS names the deployment (LTI Core 1.3 §3.1.3)');

const forLms = z
  .object({
    loginUrl: z.string(),
    redirectUri: z.string(),
    jwksUrl: z.string(),
    targetLinkUris: z.array(z.string()).describe('One for each tool that is on'),
  })
  .describe('What its administrator enters at the LMS');

const invalid = ['json_malformed', 'registration_invalid', 'jwks_invalid'];
const unknown = ['registration_unknown'];
const ofHub = { 403: ['tenant_only'] };

const one = (status: 200 | 201, about: string) =>
  ({
    kind: 'json',
    status,
    about,
    schema: z.object({
      registration: registrationFields,
      deployments: z.array(deploymentFields),
      forLms,
    }),
  }) as const;
const oneOfHub = (status: 200 | 201, about: string) =>
  ({
    kind: 'json',
    status,
    about,
    schema: z.object({ registration: hubRegistrationFields, forLms }),
  }) as const;

export const listLms = defineEndpoint({
  method: 'get',
  path: ownPath,
  summary: 'The LMSs an institution is connected to by registrations of its own',
  scope: 'lms:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every one, also those that are off',
    schema: z.object({ registrations: z.array(registrationFields) }),
  },
  refusals: {},
});

export const connectLms = defineEndpoint({
  method: 'post',
  path: ownPath,
  summary: 'Connect an institution to its LMS by LTI 1.3',
  scope: 'lms:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: newBody.extend({
      name: z.string().trim().min(1).max(200).optional().describe('The product’s name if not given'),
      deployments: z
        .array(deploymentId)
        .max(50)
        .default([])
        .describe('A launch of another one waits for a claim'),
    }),
  },
  reply: one(201, 'It is connected'),
  refusals: {
    400: [...invalid, 'domain_unverified', 'deployment_invalid'],
    409: ['registration_exists', 'deployment_exists'],
  },
});

export const showLms = defineEndpoint({
  method: 'get',
  path: onePath,
  summary: 'An LMS connection, and what to enter at the LMS',
  scope: 'lms:read',
  params,
  reply: one(200, 'The connection'),
  refusals: { 404: unknown },
});

export const updateLms = defineEndpoint({
  method: 'patch',
  path: onePath,
  summary: 'Change an LMS connection, or switch it off or on; what is not given stays',
  scope: 'lms:write',
  params,
  body: { kind: 'json', schema: changesBody },
  reply: one(200, 'The connection as it stands now'),
  refusals: { 400: [...invalid, 'domain_unverified'], 404: unknown, 409: ['registration_exists'] },
});

export const addDeployment = defineEndpoint({
  method: 'post',
  path: `${onePath}/deployments`,
  summary: 'Add a deployment to an LMS connection',
  scope: 'lms:write',
  params,
  body: { kind: 'json', schema: reasonBody.extend({ deploymentId }) },
  reply: one(201, 'Its launches are accepted'),
  refusals: {
    400: ['json_malformed', 'deployment_invalid'],
    404: unknown,
    409: ['deployment_exists'],
  },
});

export const setDeploymentStatus = defineEndpoint({
  method: 'patch',
  path: `${onePath}/deployments`,
  summary: 'Switch a deployment off or on again',
  scope: 'lms:write',
  params,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ deploymentId, status: z.enum(switchStates) }),
  },
  reply: one(200, 'The connection as it stands now'),
  refusals: { 400: ['json_malformed'], 404: [...unknown, 'deployment_unknown'] },
});

export const listHubLms = defineEndpoint({
  method: 'get',
  path: hubPath,
  reach: 'hub',
  summary: 'LMS vendors the hub is registered with once for all their schools',
  scope: 'lms:read',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every one',
    schema: z.object({ registrations: z.array(hubRegistrationFields) }),
  },
  refusals: ofHub,
});

export const connectHubLms = defineEndpoint({
  method: 'post',
  path: hubPath,
  reach: 'hub',
  summary: 'Register the hub once for all schools of a vendor (Blackboard, Schoology)',
  scope: 'lms:write',
  params: z.object({}),
  body: { kind: 'json', schema: newBody },
  reply: oneOfHub(201, 'It is registered; each school’s deployment says whose it is'),
  refusals: { ...ofHub, 400: invalid, 409: ['registration_exists'] },
});

export const showHubLms = defineEndpoint({
  method: 'get',
  path: `${hubPath}/{registrationId}`,
  reach: 'hub',
  summary: 'A hub-wide registration, and what to enter at the vendor',
  scope: 'lms:read',
  params: hubParams,
  reply: oneOfHub(200, 'The registration'),
  refusals: { ...ofHub, 404: unknown },
});

export const updateHubLms = defineEndpoint({
  method: 'patch',
  path: `${hubPath}/{registrationId}`,
  reach: 'hub',
  summary: 'Change a hub-wide registration, or switch it off or on; what is not given stays',
  scope: 'lms:write',
  params: hubParams,
  body: { kind: 'json', schema: changesBody },
  reply: oneOfHub(200, 'The registration as it stands now'),
  refusals: { ...ofHub, 400: invalid, 404: unknown, 409: ['registration_exists'] },
});
