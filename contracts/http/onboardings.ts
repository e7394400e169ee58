import { z } from 'zod';
import {
  onboardingKinds,
  onboardingStages,
  onboardingStates,
  stageEvidence,
  waitingSides,
} from '../onboarding.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, reasonBody, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/onboardings';
const params = tenantParams.extend({ onboardingId: z.uuid().describe('The onboarding') });
const ms = z.number().nonnegative();

const onboardingFields = z
  .object({
    onboardingId: z.uuid(),
    name: z.string(),
    partner: z.string(),
    kind: z.enum(onboardingKinds),
    connectionId: z.uuid().nullable(),
    stage: z.enum(onboardingStates),
    waitingOn: z.enum(waitingSides),
    promisedOn: z.iso.date().nullable(),
    requestedAt: instant,
    endedAt: instant.nullable().describe('When it became stable or was withdrawn'),
    version: z.int(),
  })
  .meta({ id: 'Onboarding' });

const one = (status: 200 | 201) =>
  ({
    kind: 'json',
    status,
    about: 'The onboarding',
    schema: z.object({ onboarding: onboardingFields }),
  }) as const;
const unknown = ['onboarding_unknown'];

export const listOnboardings = defineEndpoint({
  method: 'get',
  path,
  summary: 'A school’s new integrations, the oldest first',
  scope: 'health:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'All of them',
    schema: z.object({ onboardings: z.array(onboardingFields) }),
  },
  refusals: {},
});

export const requestOnboarding = defineEndpoint({
  method: 'post',
  path,
  summary: 'Begin a new integration, with the day it was asked for',
  scope: 'health:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      name: z.string().trim().min(1).max(200),
      partner: z.string().trim().min(1).max(100),
      kind: z.enum(onboardingKinds),
      connectionId: z.uuid().optional(),
      promisedOn: z.iso.date().optional(),
    }),
  },
  reply: one(201),
  refusals: { 400: ['json_malformed'], 404: ['connection_unknown'], 409: ['connection_has_onboarding'] },
});

export const forecastFields = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('forecast'),
      early: instant.describe('15 of a hundred like it are stable by then'),
      likely: instant.describe('50 of a hundred'),
      late: instant.describe('85 of a hundred'),
      basis: z.enum(['partner_and_kind', 'kind', 'everybody']).describe('Whose history it rests on'),
      samples: z.int().describe('Of the stage that has the fewest'),
      isSmall: z.boolean(),
    }),
    z.object({
      kind: z.enum(['unknown', 'overdue']).describe('Too few before it; or it takes longer than all of them'),
      stage: z.enum(onboardingStages),
      samples: z.int(),
    }),
  ])
  .nullable()
  .describe('Null: it is over');

export const showOnboarding = defineEndpoint({
  method: 'get',
  path: `${path}/{onboardingId}`,
  summary: 'How long each stage took, whom it waited for, and when it will be stable',
  scope: 'health:read',
  params,
  reply: {
    kind: 'json',
    status: 200,
    about: 'The onboarding with its history',
    schema: z.object({
      onboarding: onboardingFields,
      history: z.array(
        z.object({
          stage: z.enum(onboardingStates),
          waitingOn: z.enum(waitingSides),
          at: instant,
          actor: z.string(),
          evidence: z
            .enum(stageEvidence)
            .nullable()
            .describe('What has shown the hub that it is there; null: somebody has said so'),
        }),
      ),
      dwellMs: z
        .record(z.enum(onboardingStages), ms.nullable())
        .describe('All times it was entered together'),
      reentries: z.record(z.enum(onboardingStages), z.int()),
      waitingMs: z.record(z.enum(waitingSides), ms),
      forecast: forecastFields,
    }),
  },
  refusals: { 404: unknown },
});

export const moveOnboarding = defineEndpoint({
  method: 'post',
  path: `${path}/{onboardingId}/move`,
  summary: 'Move it to its next stage or back to an earlier one, or say what is known of it',
  scope: 'health:write',
  params,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      event: z
        .discriminatedUnion('type', [
          z.strictObject({ type: z.literal('advance') }),
          z.strictObject({ type: z.literal('return'), to: z.enum(onboardingStages) }),
          z.strictObject({ type: z.literal('wait'), on: z.enum(waitingSides) }),
          z.strictObject({ type: z.literal('withdraw') }),
        ])
        .optional()
        .describe('It becomes stable by itself'),
      connectionId: z.uuid().optional().describe('The connection it has become'),
      promisedOn: z.iso.date().nullable().optional().describe('Null: nothing is promised any more'),
    }),
  },
  reply: one(200),
  refusals: {
    400: ['json_malformed'],
    404: [...unknown, 'connection_unknown'],
    409: ['onboarding_refused', 'connection_has_onboarding'],
  },
});

export const hubLeadTimes = defineEndpoint({
  method: 'get',
  path: '/api/v1/lead-times',
  reach: 'hub',
  summary: 'How long new integrations took over all schools, from the request to seven good days',
  scope: 'health:read',
  params: z.object({}),
  reply: {
    kind: 'json',
    status: 200,
    about: 'By the month they became stable in, with the age of those that are open',
    schema: z.object({
      cohorts: z.array(
        z.object({ month: z.string(), count: z.int(), p50: ms, p85: ms, isSmall: z.boolean() }),
      ),
      openAges: z.array(ms).describe('Milliseconds since their request'),
    }),
  },
  refusals: { 403: ['tenant_only'] },
});
