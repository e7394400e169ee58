import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant } from './values.ts';

const count = z.int().nonnegative();
const ofHub = { 403: ['tenant_only'] };
const read = { method: 'get', scope: 'hub:read', reach: 'hub', params: z.object({}) } as const;

export const listQueues = defineEndpoint({
  ...read,
  path: '/api/v1/jobs',
  summary: 'Queues of background work: what waits, is under way and has failed',
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every queue, counted now',
    schema: z.object({
      queues: z.array(
        z.object({
          queue: z.string(),
          schedule: z
            .string()
            .nullable()
            .describe('Five cron fields, UTC; null: it is not put in by the clock'),
          waiting: count.describe('That could be taken up now'),
          later: count.describe('That are to be taken up later, or tried again'),
          active: count,
          failed: count.describe('Given up in the last three days'),
          oldestWaiting: instant.nullable().describe('Could have been taken up since then'),
          lastDoneAt: instant.nullable(),
          lastFailedAt: instant.nullable(),
        }),
      ),
    }),
  },
  refusals: ofHub,
});

export const showSettings = defineEndpoint({
  ...read,
  path: '/api/v1/settings',
  summary: 'How this hub is set up; no secrets',
  reply: {
    kind: 'json',
    status: 200,
    about: 'As the copy that answers was started',
    schema: z.object({
      version: z.string(),
      settings: z.array(
        z.object({
          name: z.string().describe('The environment variable'),
          value: z.string().nullable().describe('Null: nothing is set'),
          secret: z.boolean().describe('Then the value says only that it is set'),
          about: z.string(),
        }),
      ),
    }),
  },
  refusals: ofHub,
});
