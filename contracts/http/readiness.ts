import { z } from 'zod';
import { outcomes } from '../health.ts';
import { onboardingKinds, waitingSides } from '../onboarding.ts';
import { probeKinds } from '../probes.ts';
import { evidenceSubjects, readinessChecks, readinessStates } from '../readiness.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, reasonBody, tenantParams } from './values.ts';

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
          host: z.string(),
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

const checks = z.array(
  z.object({
    check: z.enum(readinessChecks),
    state: z.enum(readinessStates),
    ageMs: z.number().nullable().describe('Age of the evidence, in milliseconds'),
    todo: z.string().nullable().describe('What is missing'),
    waitingOn: z.enum(waitingSides).nullable().describe('Who does it'),
  }),
);
const connectionFields = z.object({
  connectionId: z.uuid(),
  kind: z.enum(onboardingKinds),
  partner: z.string(),
  isReady: z.boolean(),
  checks,
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
