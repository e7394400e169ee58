import { z } from 'zod';
import { outcomes } from '../health.ts';
import { probeKinds } from '../probes.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const read = { method: 'get', scope: 'health:read' } as const;
const write = { method: 'post', scope: 'health:write' } as const;
const connectionParams = tenantParams.extend({ connectionId: z.uuid().describe('The connection') });
const noConnection = { 400: ['json_malformed'], 404: ['connection_unknown'] };
const reply = <Schema extends z.ZodType>(about: string, schema: Schema) =>
  ({ kind: 'json', status: 200, about, schema }) as const;
const done = reply('Done', z.object({ done: z.literal(true) }));

export const listProbes = defineEndpoint({
  ...read,
  path: `${tenantPath}/probes`,
  summary: 'What asking a school’s connections without people has told; none of it counts in rates',
  params: tenantParams,
  query: z.object({ limit: pageLimit }),
  reply: reply(
    'The newest first',
    z.object({
      probes: z.array(
        z.object({
          probeId: z.uuid(),
          connectionId: z.uuid(),
          kind: z.enum(probeKinds),
          outcome: z.enum(outcomes),
          reason: z.string().nullable(),
          startedAt: instant,
          endedAt: instant,
        }),
      ),
      off: z.array(z.uuid()).describe('Connections that are not asked'),
    }),
  ),
  refusals: {},
});

export const setProbing = defineEndpoint({
  ...write,
  method: 'put',
  path: `${tenantPath}/connections/{connectionId}/probing`,
  summary: 'Say whether a connection is asked without people',
  params: connectionParams,
  body: { kind: 'json', schema: reasonBody.extend({ isOn: z.boolean() }) },
  reply: done,
  refusals: noConnection,
});
