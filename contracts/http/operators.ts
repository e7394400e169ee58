import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import {
  hubRoleList,
  invitationFields,
  operatorEmail,
  operatorFields,
  operatorName,
  operatorPage,
  operatorPageReply,
} from './operator-fields.ts';
import { reasonBody } from './values.ts';

const path = '/api/v1/operators';
const nothing = z.object({});
const operatorParams = z.object({ operatorId: z.uuid().describe('The operator') });
const linkParams = z.object({ linkId: z.uuid().describe('The invitation') });
const base = { scope: 'operators:write', reach: 'hub' } as const;
const oneOperator = {
  kind: 'json',
  status: 200,
  about: 'As it is now',
  schema: z.object({ operator: operatorFields }),
} as const;
const unknown = { 404: ['operator_unknown'] } as const;
const tenantOnly = { 403: ['tenant_only'] } as const;
/** Nobody lets others do what they may not do themselves. */
const beyondOwn = { 403: ['tenant_only', 'scope_beyond_own'] } as const;
const lastOwner = { 409: ['last_owner'] } as const;

export const invitationReply = z.object({
  invitation: invitationFields,
  link: z.url().describe('To be handed over by a way one trusts; shown this once'),
});

export const listOperators = defineEndpoint({
  method: 'get',
  path,
  summary: 'Staff of the hub, and who is invited',
  scope: 'operators:read',
  reach: 'hub',
  params: nothing,
  query: operatorPage,
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page, by name; with the first page the newest invitations',
    schema: operatorPageReply,
  },
  refusals: { ...tenantOnly, 400: ['cursor_invalid'] },
});

export const inviteOperator = defineEndpoint({
  ...base,
  method: 'post',
  path: `${path}/invitations`,
  summary: 'Invite somebody to the staff of the hub',
  params: nothing,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: operatorName,
      email: operatorEmail,
      roles: hubRoleList,
      days: z.int().min(1).max(30).default(3).describe('How long the link is good'),
    }),
  },
  reply: { kind: 'json', status: 201, about: 'The invitation', schema: invitationReply },
  refusals: { ...beyondOwn, 400: ['json_malformed'], 409: ['operator_exists'] },
});

export const revokeInvitation = defineEndpoint({
  ...base,
  method: 'delete',
  path: `${path}/invitations/{linkId}`,
  summary: 'Take an invitation back',
  params: linkParams,
  query: reasonBody,
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is good no more',
    schema: z.object({ invitation: invitationFields }),
  },
  refusals: { ...tenantOnly, 404: ['invitation_unknown'] },
});

export const changeOperatorRoles = defineEndpoint({
  ...base,
  method: 'put',
  path: `${path}/{operatorId}/roles`,
  summary: 'Say what somebody may do; their sessions end',
  params: operatorParams,
  body: { kind: 'json', schema: reasonBody.extend({ roles: hubRoleList }) },
  reply: oneOperator,
  refusals: { ...beyondOwn, 400: ['json_malformed'], ...unknown, ...lastOwner },
});

export const disableOperator = defineEndpoint({
  ...base,
  method: 'post',
  path: `${path}/{operatorId}/disable`,
  summary: 'Let somebody in no more; their sessions end',
  params: operatorParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneOperator,
  refusals: { ...tenantOnly, 400: ['json_malformed'], ...unknown, ...lastOwner },
});

export const enableOperator = defineEndpoint({
  ...base,
  method: 'post',
  path: `${path}/{operatorId}/enable`,
  summary: 'Let somebody in again',
  params: operatorParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneOperator,
  refusals: { ...tenantOnly, 400: ['json_malformed'], ...unknown },
});

export const resetSecondFactor = defineEndpoint({
  ...base,
  method: 'post',
  path: `${path}/{operatorId}/reset-second-factor`,
  summary: 'Take the authenticator off somebody who has lost it; their sessions end',
  params: operatorParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneOperator,
  refusals: { ...tenantOnly, 400: ['json_malformed'], ...unknown },
});

export const makePasswordLink = defineEndpoint({
  ...base,
  method: 'post',
  path: `${path}/{operatorId}/password-link`,
  summary: 'Make a one-time link for setting a new password',
  params: operatorParams,
  body: { kind: 'json', schema: reasonBody },
  reply: { kind: 'json', status: 201, about: 'The link', schema: invitationReply },
  refusals: { ...beyondOwn, 400: ['json_malformed'], ...unknown, 409: ['operator_disabled'] },
});
