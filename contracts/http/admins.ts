import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  invitationFields,
  operatorEmail,
  operatorFields,
  operatorName,
  operatorPage,
  operatorPageReply,
  setupLinkFields,
} from './operator-fields.ts';
import { invitationReply } from './operators.ts';
import { lentToAdmins, setupSteps } from './roles.ts';
import { reasonBody, tenantParams } from './values.ts';

const admins = '/api/v1/tenants/{slug}/admins';
const links = '/api/v1/tenants/{slug}/setup-links';
const adminParams = tenantParams.extend({ operatorId: z.uuid().describe('The admin') });
const base = { scope: 'admins:write' } as const;
const oneAdmin = {
  kind: 'json',
  status: 200,
  about: 'As it is now',
  schema: z.object({ operator: operatorFields }),
} as const;
const unknown = { 404: ['operator_unknown'] } as const;

export const listAdmins = defineEndpoint({
  method: 'get',
  path: admins,
  summary: 'Admins of an institution, and who is invited',
  scope: 'admins:read',
  params: tenantParams,
  query: operatorPage,
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page, by name; with the first page the newest invitations',
    schema: operatorPageReply,
  },
  refusals: { 400: ['cursor_invalid'] },
});

export const inviteAdmin = defineEndpoint({
  ...base,
  method: 'post',
  path: `${admins}/invitations`,
  summary: 'Invite somebody to the admins of an institution, with an account of their own',
  lends: lentToAdmins,
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: operatorName,
      email: operatorEmail,
      days: z.int().min(1).max(30).default(7).describe('How long the link is good'),
    }),
  },
  reply: { kind: 'json', status: 201, about: 'The invitation', schema: invitationReply },
  refusals: { 400: ['json_malformed'], 403: ['scope_beyond_own'], 409: ['operator_exists'] },
});

export const revokeAdminInvitation = defineEndpoint({
  ...base,
  method: 'delete',
  path: `${admins}/invitations/{linkId}`,
  summary: 'Take an invitation back',
  params: tenantParams.extend({ linkId: z.uuid().describe('The invitation') }),
  query: reasonBody,
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is good no more',
    schema: z.object({ invitation: invitationFields }),
  },
  refusals: { 404: ['invitation_unknown'] },
});

export const disableAdmin = defineEndpoint({
  ...base,
  method: 'post',
  path: `${admins}/{operatorId}/disable`,
  summary: 'Let an admin in no more; their sessions end',
  params: adminParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneAdmin,
  refusals: { 400: ['json_malformed'], ...unknown },
});

export const enableAdmin = defineEndpoint({
  ...base,
  method: 'post',
  path: `${admins}/{operatorId}/enable`,
  summary: 'Let an admin in again',
  lends: lentToAdmins,
  params: adminParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneAdmin,
  refusals: { 400: ['json_malformed'], 403: ['scope_beyond_own'], ...unknown },
});

export const resetAdminSecondFactor = defineEndpoint({
  ...base,
  method: 'post',
  path: `${admins}/{operatorId}/reset-second-factor`,
  summary: 'Take the authenticator off an admin who has lost it; their sessions end',
  lends: lentToAdmins,
  params: adminParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneAdmin,
  refusals: { 400: ['json_malformed'], 403: ['scope_beyond_own'], ...unknown },
});

export const listSetupLinks = defineEndpoint({
  method: 'get',
  path: links,
  summary: 'Set-up links of an institution, the newest first; never the links themselves',
  scope: 'admins:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Also those that are over',
    schema: z.object({ setupLinks: z.array(setupLinkFields) }),
  },
  refusals: {},
});

export const makeSetupLink = defineEndpoint({
  ...base,
  method: 'post',
  path: links,
  summary: 'Make a link by which an institution’s admin sets up what it is for, once',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: operatorName,
      email: operatorEmail,
      steps: z.array(z.enum(setupSteps)).min(1).max(setupSteps.length),
      days: z.int().min(1).max(30).default(7).describe('How long the link is good'),
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'The link',
    schema: z.object({
      setupLink: setupLinkFields,
      link: z.url().describe('To be handed over by a way one trusts; shown this once'),
    }),
  },
  refusals: { 400: ['json_malformed'], 409: ['operator_exists'] },
});

export const revokeSetupLink = defineEndpoint({
  ...base,
  method: 'delete',
  path: `${links}/{linkId}`,
  summary: 'Take a set-up link back; whoever came by it is signed out',
  params: tenantParams.extend({ linkId: z.uuid().describe('The set-up link') }),
  query: reasonBody,
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is good no more',
    schema: z.object({ setupLink: setupLinkFields }),
  },
  refusals: { 404: ['setup_link_unknown'] },
});
