import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody } from './values.ts';

const path = '/api/v1/keys';
const ofHub = { 403: ['tenant_only'] };

const changes = {
  kind: 'json',
  status: 200,
  about: 'What has changed; nothing where a next key is published already',
  schema: z.object({
    changes: z.array(z.object({ kid: z.string(), from: z.string().nullable(), to: z.string() })),
  }),
} as const;

export const listKeys = defineEndpoint({
  method: 'get',
  path,
  reach: 'hub',
  summary: 'The hub’s signing keys, the newest first; never their private halves',
  scope: 'hub:read',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every one ever made',
    schema: z.object({
      keys: z.array(z.object({ kid: z.string(), state: z.string(), createdAt: instant, changedAt: instant })),
    }),
  },
  refusals: ofHub,
});

export const rotateKeys = defineEndpoint({
  method: 'post',
  path: `${path}/rotate`,
  reach: 'hub',
  summary: 'Publish the next signing key, which signs after a day',
  scope: 'hub:write',
  params: z.object({}),
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      immediately: z
        .boolean()
        .default(false)
        .describe('It signs at once: those who cached the key set refuse it for a while'),
    }),
  },
  reply: changes,
  refusals: { ...ofHub, 400: ['json_malformed'] },
});

export const revokeKey = defineEndpoint({
  method: 'post',
  path: `${path}/{kid}/revoke`,
  reach: 'hub',
  summary: 'Emergency: take a signing key out of use and out of the key set at once',
  scope: 'hub:write',
  params: z.object({ kid: z.string().min(1).max(200).describe('The key') }),
  body: { kind: 'json', schema: reasonBody },
  reply: changes,
  refusals: { ...ofHub, 400: ['json_malformed'], 404: ['signing_key_not_found'] },
});
