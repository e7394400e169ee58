import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody } from './values.ts';

const nothing = z.object({});
const read = { method: 'get', scope: 'health:read' } as const;
const write = { method: 'post', scope: 'health:write' } as const;
const ofHub = { 403: ['tenant_only'] };
const reply = <Schema extends z.ZodType>(about: string, schema: Schema) =>
  ({ kind: 'json', status: 200, about, schema }) as const;
const done = reply('Done', z.object({ done: z.literal(true) }));

export const listDownHosts = defineEndpoint({
  ...read,
  path: '/api/v1/partner-hosts',
  reach: 'hub',
  summary: 'Hosts of partners that are down, and left alone until they answer again',
  params: nothing,
  reply: reply(
    'The longest one first',
    z.object({
      hosts: z.array(
        z.object({
          host: z.string().describe('`tool/<slug>`: one tool, which answers with a fault'),
          state: z.enum(['open', 'half_open']).describe('half_open: one call tries it now'),
          failures: z.int().describe('In a row'),
          reason: z.string(),
          openedAt: instant,
          until: instant.describe('When it is tried next'),
        }),
      ),
    }),
  ),
  refusals: ofHub,
});

export const resetHost = defineEndpoint({
  ...write,
  path: '/api/v1/partner-hosts/reset',
  reach: 'hub',
  summary: 'Let calls to a host pass again',
  params: nothing,
  body: { kind: 'json', schema: reasonBody.extend({ host: z.string().min(1).max(300) }) },
  reply: done,
  refusals: { ...ofHub, 400: ['json_malformed'], 404: ['host_not_down'] },
});
