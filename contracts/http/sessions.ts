import { z } from 'zod';
import { portalRoles } from '../sso.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonText, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/sessions';

const sessionFields = z
  .object({
    sessionId: z.uuid(),
    personId: z.uuid(),
    connectionId: z.uuid().describe('The identity connection it began by'),
    role: z.string().nullable().describe(`From the groups of the other side, such as ${portalRoles[0]}`),
    startedAt: instant,
    seenAt: instant.describe('To the minute'),
    idleUntil: instant.describe('Without a request it ends then'),
    endsAt: instant.describe('It ends then however busy'),
  })
  .meta({ id: 'Session' });

export const listSessions = defineEndpoint({
  method: 'get',
  path,
  summary: 'Who is signed in, the newest first; ids and no names',
  scope: 'sessions:read',
  params: tenantParams,
  query: z.object({
    personId: z.uuid().optional(),
    connectionId: z.uuid().optional(),
    before: z.uuid().optional().describe('The last session of the page before'),
    limit: z.coerce.number().int().min(1).max(500).default(20),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Sessions that have not ended',
    schema: z.object({ sessions: z.array(sessionFields) }),
  },
  refusals: { 404: ['identity_unknown'] },
});

export const revokeSessions = defineEndpoint({
  method: 'post',
  path: `${path}/revoke`,
  summary: 'End one session, all of a person, or all that began by a connection',
  scope: 'sessions:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: z
      .strictObject({
        sessionId: z.uuid().optional(),
        personId: z.uuid().optional(),
        connectionId: z.uuid().optional(),
        reason: reasonText,
      })
      .refine(
        ({ sessionId, personId, connectionId }) =>
          [sessionId, personId, connectionId].filter((id) => id !== undefined).length === 1,
        { error: 'Give one of sessionId, personId and connectionId.' },
      )
      .describe('One of the three ids'),
  },
  reply: {
    kind: 'json',
    status: 200,
    about: 'They have ended, in every copy',
    schema: z.object({ ended: z.int().nonnegative().describe('How many were open') }),
  },
  refusals: { 400: ['json_malformed'], 404: ['session_unknown', 'identity_unknown'] },
});
