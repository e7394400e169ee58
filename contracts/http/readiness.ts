import { z } from 'zod';
import { onboardingKinds, waitingSides } from '../onboarding.ts';
import { evidenceSubjects, readinessChecks, readinessStates } from '../readiness.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const tenantPath = '/api/v1/tenants/{slug}';
const nothing = z.object({});
const read = { method: 'get', scope: 'health:read' } as const;
const write = { method: 'post', scope: 'health:write' } as const;
const ofHub = { 403: ['tenant_only'] };
const connectionParams = tenantParams.extend({ connectionId: z.uuid().describe('The connection') });
const noConnection = { 400: ['json_malformed'], 404: ['connection_unknown'] };
const reply = <Schema extends z.ZodType>(about: string, schema: Schema) =>
  ({ kind: 'json', status: 200, about, schema }) as const;
const done = reply('Done', z.object({ done: z.literal(true) }));

const checks = z.array(
  z.object({
    check: z.enum(readinessChecks),
    state: z.enum(readinessStates),
    ageMs: z.number().nullable().describe('Age of the evidence, in milliseconds'),
    todo: z.string().nullable().describe('What is missing'),
    facts: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe('What `todo` tells in particular, by name, for those who say it in other words'),
    waitingOn: z.enum(waitingSides).nullable().describe('Who does it'),
  }),
);
const planFields = z.object({
  at: instant,
  present: z.int().describe('Rows that there were'),
  created: z.int(),
  removed: z.int(),
  sizes: z.record(z.string(), z.int()).describe('Rows after it, by what they are'),
});
const connectionFields = z.object({
  connectionId: z.uuid(),
  kind: z.enum(onboardingKinds),
  partner: z.string(),
  isReady: z.boolean(),
  checks,
  plans: z
    .object({ latest: planFields.nullable(), lastYear: planFields.nullable() })
    .describe('Of a roster: its last plan, and the greatest about the beginning of last year’s term'),
});

export const showReadiness = defineEndpoint({
  ...read,
  path: `${tenantPath}/readiness`,
  summary: 'How ready a school is for its next term: evidence, its age, what is missing and who does it',
  params: tenantParams,
  reply: reply(
    'The institution and each connection',
    z.object({
      term: z.object({ name: z.string(), startsAt: instant, endsAt: instant }).nullable(),
      isReady: z.boolean(),
      checks,
      connections: z.array(connectionFields),
    }),
  ),
  refusals: {},
});

export const showHubReadiness = defineEndpoint({
  ...read,
  path: '/api/v1/readiness',
  reach: 'hub',
  summary: 'How ready the hub is for the beginning of term, and a partner at every school',
  params: nothing,
  query: z.object({ partner: z.string().min(1).max(100).optional() }),
  reply: reply(
    'The hub, and the connections of the partner that is named',
    z.object({
      isReady: z.boolean(),
      forecast: z.number().describe('Exchanges in the busiest five minutes that are expected'),
      checks,
      connections: z.array(connectionFields.extend({ tenantId: z.uuid() })),
    }),
  ),
  refusals: ofHub,
});

export const noteReadiness = defineEndpoint({
  ...write,
  path: `${tenantPath}/readiness/evidence`,
  summary: 'Note that a school’s contacts were asked, or that a grade came back over a connection',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      subject: z.enum(evidenceSubjects).exclude(['load_test']),
      connectionId: z.uuid().optional().describe('Of a grade'),
    }),
  },
  reply: done,
  refusals: { 400: ['json_malformed', 'evidence_invalid'], 404: ['connection_unknown'] },
});

export const noteLoadTest = defineEndpoint({
  ...write,
  path: '/api/v1/readiness/load-test',
  reach: 'hub',
  summary: 'Note what load the hub bore in a test',
  params: nothing,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      amount: z.int().min(1).max(1e12).describe('Exchanges in its best five minutes'),
    }),
  },
  reply: done,
  refusals: { ...ofHub, 400: ['json_malformed'] },
});

export const setSecretTerm = defineEndpoint({
  ...write,
  method: 'put',
  path: `${tenantPath}/connections/{connectionId}/secret-term`,
  summary: 'Say when a secret ends that the hub was given',
  params: connectionParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: z.string().trim().min(1).max(100).describe('The setting that holds it'),
      notAfter: z.iso.datetime({ offset: true }),
    }),
  },
  reply: done,
  refusals: noConnection,
});
