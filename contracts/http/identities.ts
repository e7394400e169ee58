import { z } from 'zod';
import { protocols } from '../sso.ts';
import { defineEndpoint } from './endpoint.ts';
import { identityChangesBody, identityFields, identityParams, newIdentityBody } from './identity-fields.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const identityPath = `${tenantPath}/identities/{connectionId}` as const;

const oneIdentity = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ identity: identityFields }) }) as const;
const settingsCodes = ['json_malformed', 'identity_invalid', 'identity_settings_invalid'];

export const listIdentityProtocols = defineEndpoint({
  method: 'get',
  path: `${tenantPath}/identity-protocols`,
  summary: 'The protocols by which people can sign in, with their settings',
  scope: 'identities:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every protocol of this hub',
    schema: z.object({
      protocols: z.array(
        z.object({
          protocol: z.enum(protocols),
          presets: z.array(z.string()).describe('Products whose differences are known'),
          suggested: z
            .record(z.string(), z.record(z.string(), z.unknown()))
            .describe('By preset, the settings that a connection begins with; what is given counts more'),
          settings: z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12'),
          secrets: z.array(z.string()).describe('Names of the settings that are secret'),
        }),
      ),
    }),
  },
  refusals: {},
});

export const listIdentities = defineEndpoint({
  method: 'get',
  path: `${tenantPath}/identities`,
  summary: 'The tenant’s identity connections: where its people sign in',
  scope: 'identities:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every connection, the oldest first, also those that are switched off',
    schema: z.object({ identities: z.array(identityFields) }),
  },
  refusals: {},
});

export const connectIdentity = defineEndpoint({
  method: 'post',
  path: `${tenantPath}/identities`,
  summary: 'Connect an identity provider or a directory',
  scope: 'identities:write',
  params: tenantParams,
  body: { kind: 'json', schema: newIdentityBody },
  reply: oneIdentity(201, 'It is connected; nobody was asked yet'),
  refusals: { 400: [...settingsCodes, 'preset_unknown'] },
});

export const showIdentity = defineEndpoint({
  method: 'get',
  path: identityPath,
  summary: 'One identity connection',
  scope: 'identities:read',
  params: identityParams,
  reply: oneIdentity(200, 'The connection'),
  refusals: { 404: ['identity_unknown'] },
});

export const updateIdentity = defineEndpoint({
  method: 'patch',
  path: identityPath,
  summary: 'Change an identity connection; what is not given stays, and sign-ins under way begin again',
  scope: 'identities:write',
  params: identityParams,
  body: { kind: 'json', schema: identityChangesBody },
  reply: oneIdentity(200, 'The connection as it stands now'),
  refusals: { 400: settingsCodes, 403: ['scope_beyond_own'], 404: ['identity_unknown'] },
});

const statusChange = (verb: 'pause' | 'resume' | 'disable', summary: string) =>
  defineEndpoint({
    method: 'post',
    path: `${identityPath}/${verb}`,
    summary,
    scope: 'identities:write',
    params: identityParams,
    body: { kind: 'json', schema: reasonBody },
    reply: oneIdentity(200, 'The connection as it stands now'),
    refusals: {
      400: ['json_malformed'],
      // Where admins come to the console by it, letting people in again takes the rights of one.
      ...(verb === 'resume' && { 403: ['scope_beyond_own'] }),
      404: ['identity_unknown'],
    },
  });

export const pauseIdentity = statusChange(
  'pause',
  'Let nobody sign in by it for now; who is signed in stays so',
);
export const resumeIdentity = statusChange('resume', 'Let people sign in by it again');
export const disableIdentity = statusChange(
  'disable',
  'Switch it off, and end the sessions that began by it',
);

export const checkIdentity = defineEndpoint({
  method: 'post',
  path: `${identityPath}/check`,
  summary: 'Ask the other side once whether the settings work; nobody signs in',
  scope: 'identities:write',
  params: identityParams,
  body: { kind: 'json', schema: z.strictObject({}) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'How each step went, also where one has failed',
    schema: z.object({
      well: z.boolean(),
      steps: z.array(
        z.object({
          at: z.string().describe('Host and port, or an address'),
          step: z.string(),
          ms: z.int().describe('How long it took'),
          reason: z.string().nullable().describe('Stable code of why it failed'),
          advice: z.string().nullable().describe('What to do'),
        }),
      ),
    }),
  },
  refusals: { 400: ['json_malformed'], 404: ['identity_unknown'], 409: ['identity_not_checkable'] },
});

export const showOwnSide = defineEndpoint({
  method: 'get',
  path: `${identityPath}/own-side`,
  summary: 'What the institution enters on its side: our addresses, and what it has to send',
  scope: 'identities:read',
  params: identityParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'No address where the other side needs to know nothing of ours',
    schema: z.object({
      addresses: z.array(z.object({ name: z.string(), value: z.string() })),
      advice: z.string().nullable(),
    }),
  },
  refusals: { 404: ['identity_unknown'] },
});

export const makeTestLink = defineEndpoint({
  method: 'post',
  path: `${identityPath}/test-links`,
  summary: 'Make an address for one test sign-in, which shows what would happen and signs nobody in',
  scope: 'identities:write',
  params: identityParams,
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 201,
    about: 'For whoever looks after the connection: it shows what the other side says of the account',
    schema: z.object({ address: z.url(), expiresAt: instant }),
  },
  refusals: { 400: ['json_malformed'], 404: ['identity_unknown'], 409: ['identity_disabled'] },
});
