import { z } from 'zod';
import { notificationChannels, severities } from '../incidents.ts';
import { reportLanguages } from '../reports.ts';
import { defineEndpoint } from './endpoint.ts';
import { reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const hubPath = '/api/v1/notification-targets';
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
  reportLanguage: z
    .enum(reportLanguages)
    .nullable()
    .describe('In which the report of each month is mailed there; null: it is not'),
});
const targetId = z.uuid().describe('The target');
const list = reply('The targets', z.object({ targets: z.array(target) }));
const newTarget = reasonBody.extend({
  channel: z.enum(notificationChannels),
  name: z.string().trim().min(1).max(200),
  to: z.array(z.string().max(320)).max(20).optional().describe('Of mail: the addresses'),
  url: z.string().max(2_000).optional().describe('Of a webhook or chat'),
  leastSeverity: z.enum(severities).default('page'),
});
const added = {
  kind: 'json',
  status: 201,
  about: 'The target, and of a webhook the secret its messages are signed with, shown only now',
  schema: z.object({ target, secret: z.string().nullable() }),
} as const;
const refused = {
  400: ['json_malformed', 'target_invalid', 'outbound_url_invalid', 'outbound_scheme_refused'],
};
const unknown = { 404: ['target_unknown'] };
const reportBody = {
  kind: 'json',
  schema: reasonBody.extend({ language: z.enum(reportLanguages).nullable().describe('Null: no more') }),
} as const;
const done = reply('Done', z.object({ done: z.literal(true) }));
const ofHub = { 403: ['tenant_only'] };

export const listTargets = defineEndpoint({
  ...read,
  path: `${tenantPath}/notification-targets`,
  summary: 'Who is told of a school’s incidents; addresses stay sealed',
  params: tenantParams,
  reply: list,
  refusals: {},
});

export const addTarget = defineEndpoint({
  ...write,
  path: `${tenantPath}/notification-targets`,
  summary: 'Tell somebody of a school’s incidents: by mail, webhook or chat',
  params: tenantParams,
  body: { kind: 'json', schema: newTarget },
  reply: added,
  refusals: refused,
});

export const removeTarget = defineEndpoint({
  ...write,
  method: 'delete',
  path: `${tenantPath}/notification-targets/{targetId}`,
  summary: 'Tell somebody of incidents no more',
  params: tenantParams.extend({ targetId }),
  query: reasonBody,
  reply: reply('What it was', z.object({ target })),
  refusals: unknown,
});

export const setReportMail = defineEndpoint({
  ...write,
  method: 'put',
  path: `${tenantPath}/notification-targets/{targetId}/report`,
  summary: 'Mail a school’s report of each month to a target of mail, or no more',
  params: tenantParams.extend({ targetId }),
  body: reportBody,
  reply: done,
  refusals: { 400: ['json_malformed'], ...unknown },
});

export const listHubTargets = defineEndpoint({
  ...read,
  path: hubPath,
  reach: 'hub',
  summary: 'Who is told of every school’s incidents; addresses stay sealed',
  params: z.object({}),
  reply: list,
  refusals: ofHub,
});

export const addHubTarget = defineEndpoint({
  ...write,
  path: hubPath,
  reach: 'hub',
  summary: 'Tell somebody of every school’s incidents: by mail, webhook or chat',
  params: z.object({}),
  body: { kind: 'json', schema: newTarget },
  reply: added,
  refusals: { ...refused, ...ofHub },
});

export const removeHubTarget = defineEndpoint({
  ...write,
  method: 'delete',
  path: `${hubPath}/{targetId}`,
  reach: 'hub',
  summary: 'Tell somebody of every school’s incidents no more',
  params: z.object({ targetId }),
  query: reasonBody,
  reply: reply('What it was', z.object({ target })),
  refusals: { ...unknown, ...ofHub },
});

export const setHubReportMail = defineEndpoint({
  ...write,
  method: 'put',
  path: `${hubPath}/{targetId}/report`,
  reach: 'hub',
  summary: 'Mail the report of each month over all schools to a target of mail, or no more',
  params: z.object({ targetId }),
  body: reportBody,
  reply: done,
  refusals: { 400: ['json_malformed'], ...unknown, ...ofHub },
});
