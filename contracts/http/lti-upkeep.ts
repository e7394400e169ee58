import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, reasonBody, tenantParams, toolSlug } from './values.ts';

const keysPath = '/api/v1/tenants/{slug}/legacy-keys';
const noticesPath = '/api/v1/tenants/{slug}/notices';

const holderId = z.uuid().describe('The connection or the tool that the key is kept for');
const legacyKey = z
  .object({
    holder: z.enum(['connection', 'tool']),
    holderId,
    consumerKey: z.string(),
    changedAt: instant,
  })
  .meta({ id: 'LegacyKey' });
const oneKey = z.object({ key: legacyKey });

export const listLegacyKeys = defineEndpoint({
  method: 'get',
  path: keysPath,
  summary: 'Keys of LTI 1.1 by which an LMS or a tool recognises whom it knew before; never their secrets',
  scope: 'lms:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The keys that are kept',
    schema: z.object({ keys: z.array(legacyKey) }),
  },
  refusals: {},
});

export const setLegacyKey = defineEndpoint({
  method: 'put',
  path: keysPath,
  summary: 'Keep a key of LTI 1.1 for an LMS connection or a tool, in place of its earlier one',
  scope: 'lms:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody
      .extend({
        connectionId: z.uuid().optional().describe('The LMS connection that signs with it'),
        tool: toolSlug.optional().describe('Or the tool that knew the school by it'),
        consumerKey: z.string().trim().min(1).max(255),
        secret: z.string().min(1).max(4_000).describe('The shared secret: kept sealed, and told to nobody'),
      })
      .refine(({ connectionId, tool }) => (connectionId === undefined) !== (tool === undefined), {
        error: 'Name a connection or a tool, and not both.',
      }),
  },
  reply: { kind: 'json', status: 200, about: 'The key as it is kept', schema: oneKey },
  refusals: { 400: ['json_malformed'], 404: ['registration_unknown', 'tool_unknown'] },
});

export const removeLegacyKey = defineEndpoint({
  method: 'delete',
  path: `${keysPath}/{holderId}`,
  summary: 'Forget a key of LTI 1.1',
  scope: 'lms:write',
  params: tenantParams.extend({ holderId }),
  reply: { kind: 'json', status: 200, about: 'The key as it was', schema: oneKey },
  refusals: { 404: ['legacy_key_unknown'] },
});

const states = ['waiting', 'delivered', 'dead'] as const;

export const listNotices = defineEndpoint({
  method: 'get',
  path: noticesPath,
  summary: 'Notices of LMSs on their way to tools (Platform Notification Service), the newest first',
  scope: 'lms:read',
  params: tenantParams,
  query: z.object({
    state: z.enum(states).optional().describe('Those that stand so'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'How each stands',
    schema: z.object({
      notices: z.array(
        z
          .object({
            noticeId: z.uuid(),
            toolId: z.uuid(),
            connectionId: z.uuid().nullable().describe('Null where the hub itself tells something'),
            type: z.string(),
            state: z.enum(states),
            tries: z.int().nonnegative(),
            failure: z.string().nullable().describe('A stable code of the last try’s end'),
            createdAt: instant,
          })
          .meta({ id: 'Notice' }),
      ),
    }),
  },
  refusals: {},
});

export const replayNotices = defineEndpoint({
  method: 'post',
  path: `${noticesPath}/replay`,
  summary: 'Send notices again that were given up: one, or all of the school',
  scope: 'lms:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      noticeId: z.uuid().optional().describe('One; without it all that are dead'),
    }),
  },
  reply: {
    kind: 'json',
    status: 200,
    about: 'How many are sent again',
    schema: z.object({ replayed: z.int().nonnegative() }),
  },
  refusals: { 400: ['json_malformed'], 404: ['notice_unknown'] },
});

/** What is looked after beside launches: keys of LTI 1.1, and notices. */
export const ltiUpkeepEndpoints = {
  listLegacyKeys,
  setLegacyKey,
  removeLegacyKey,
  listNotices,
  replayNotices,
} as const;
