import { z } from 'zod';
import { notificationChannels, severities } from '../incidents.ts';
import { defineEndpoint } from './endpoint.ts';
import { reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const read = { method: 'get', scope: 'health:read' } as const;
const write = { method: 'post', scope: 'health:write' } as const;
const reply = <Schema extends z.ZodType>(about: string, schema: Schema) =>
  ({ kind: 'json', status: 200, about, schema }) as const;

const target = z.object({
  targetId: z.uuid(),
  channel: z.enum(notificationChannels),
  name: z.string(),
  leastSeverity: z.enum(severities),
  status: z.enum(['active', 'paused']),
});

export const listTargets = defineEndpoint({
  ...read,
  path: `${tenantPath}/notification-targets`,
  summary: 'Who is told of a school’s incidents; addresses stay sealed',
  params: tenantParams,
  reply: reply('The targets', z.object({ targets: z.array(target) })),
  refusals: {},
});

export const addTarget = defineEndpoint({
  ...write,
  path: `${tenantPath}/notification-targets`,
  summary: 'Tell somebody of a school’s incidents: by mail, webhook or chat',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      channel: z.enum(notificationChannels),
      name: z.string().trim().min(1).max(200),
      to: z.array(z.string().max(320)).max(20).optional().describe('Of mail: the addresses'),
      url: z.string().max(2_000).optional().describe('Of a webhook or chat'),
      leastSeverity: z.enum(severities).default('page'),
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'The target, and of a webhook the secret its messages are signed with, shown only now',
    schema: z.object({ target, secret: z.string().nullable() }),
  },
  refusals: {
    400: ['json_malformed', 'target_invalid', 'outbound_url_invalid', 'outbound_scheme_refused'],
  },
});

export const removeTarget = defineEndpoint({
  ...write,
  method: 'delete',
  path: `${tenantPath}/notification-targets/{targetId}`,
  summary: 'Tell somebody of incidents no more',
  params: tenantParams.extend({ targetId: z.uuid().describe('The target') }),
  query: reasonBody,
  reply: reply('What it was', z.object({ target })),
  refusals: { 404: ['target_unknown'] },
});
