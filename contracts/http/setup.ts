import { z } from 'zod';
import { waitingSides } from '../onboarding.ts';
import { defineEndpoint } from './endpoint.ts';
import { setupSteps } from './roles.ts';
import { connectionStates } from './tenants.ts';
import { instant, reasonBody, tenantParams, toolSlug } from './values.ts';

const path = '/api/v1/tenants/{slug}/setup';

/** How far a step has come: nothing is there, it is connected, it was tried with success. */
export const setupStates = ['open', 'connected', 'done'] as const;
export type SetupState = (typeof setupStates)[number];

/** How a try went: a launch, a sign-in, a run of a roster up to its plan. */
export const tryResults = ['under_way', 'well', 'badly'] as const;

/** What is connected in set-up steps; grades go the way of the LMS or the roster. */
export const setupKinds = ['lms', 'identity', 'roster'] as const;

const setupConnection = z
  .object({
    connectionId: z.uuid(),
    kind: z.enum(setupKinds),
    partner: z.string(),
    name: z.string(),
    state: z.enum(connectionStates),
    lastTry: z
      .object({
        reference: z.string().describe('Of the launch or the sign-in; the id of the run'),
        result: z.enum(tryResults),
        at: instant,
      })
      .nullable()
      .describe('Null: nobody has tried it in the last seven days'),
    verifiedAt: instant.nullable().describe('When it last went well; null: never'),
  })
  .meta({ id: 'SetupConnection' });

const sharedTool = z
  .object({
    slug: toolSlug,
    name: z.string(),
    policyVersion: z.int().describe('Of the release policy in force'),
    agreed: z.boolean().describe('The institution has agreed to this version'),
  })
  .meta({ id: 'SharedTool' });

export const showSetup = defineEndpoint({
  method: 'get',
  path,
  summary: 'How far an institution’s set-up has come, step by step, and whose turn it is',
  scope: 'setup:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Made from what is there: connections, tries and agreements',
    schema: z.object({
      name: z.string().describe('What the institution is called'),
      finished: z.boolean().describe('Every step that was asked for is done'),
      steps: z.array(
        z.object({
          step: z.enum(setupSteps),
          wanted: z.boolean().describe('A set-up link asks for it; where there is none, all are wanted'),
          state: z.enum(setupStates),
          waitingOn: z.enum(waitingSides).nullable().describe('Null: it is done, or nobody wants it'),
        }),
      ),
      connections: z.array(setupConnection).describe('The oldest first, also those that are off'),
      tools: z.array(sharedTool).describe('Those that are on, by short name'),
      agreedAt: instant.nullable().describe('When it was last agreed what is shared'),
      unconfirmed: z
        .object({
          agreementId: z.uuid(),
          mayConfirm: z
            .boolean()
            .describe('Whoever asks has neither agreed nor had a hand in how whoever agreed came in'),
          countsFrom: instant.nullable().describe('When it counts though nobody confirms it; null: never'),
        })
        .nullable()
        .describe(
          'Whoever agreed had a way in that somebody outside the institution handed out lately: it waits until somebody else knows of it',
        ),
    }),
  },
  refusals: {},
});

/** Who has handed a way in out, when, and until when that counts. */
const handed = {
  by: z
    .array(z.object({ actor: z.string(), name: z.string().nullable() }))
    .describe('Who has handed it out, as in the audit trail, with the name of the hub’s people'),
  at: instant,
  until: instant.describe('What whoever comes by it agrees to until then waits for somebody else'),
};

export const listHandedWays = defineEndpoint({
  method: 'get',
  path: '/api/v1/tenants/{slug}/handed-ways',
  summary: 'Ways in to an institution’s accounts that were handed out lately, and what waits because of that',
  scope: 'admins:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about:
      'By somebody outside the institution, within a week; whoever agreed to what waits, and then the latest, first',
    schema: z.object({
      accounts: z
        .array(z.object({ operatorId: z.uuid(), name: z.string(), ...handed }))
        .describe('Whose link was taken, or second step taken off'),
      more: z.boolean().describe('There are more accounts than are looked at at once (100)'),
      signIns: z
        .array(z.object({ connectionId: z.uuid(), name: z.string(), ...handed }))
        .describe('The institution’s own sign-ins of which somebody has said whom they trust'),
      waiting: z
        .object({
          agreementId: z.uuid(),
          agreedAt: instant,
          countsFrom: instant.nullable().describe('Null: not before somebody confirms it'),
        })
        .nullable()
        .describe('What was agreed to last, where it does not count yet'),
    }),
  },
  refusals: {},
});

export const agreeToSharing = defineEndpoint({
  method: 'post',
  path: `${path}/agreement`,
  summary: 'Agree, for the institution, to what is shared with its tools',
  scope: 'setup:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      tools: z
        .array(z.strictObject({ slug: toolSlug, policyVersion: z.int().positive() }))
        .min(1)
        .max(1000)
        .describe('What somebody has looked at: every tool that is on, with its policy’s version'),
    }),
  },
  reply: {
    kind: 'json',
    status: 201,
    about: 'It is kept, and stands in the audit trail',
    schema: z.object({ agreedAt: instant }),
  },
  refusals: { 400: ['json_malformed'], 409: ['sharing_changed'] },
});

export const confirmSharing = defineEndpoint({
  method: 'post',
  path: `${path}/agreement/confirmation`,
  summary: 'Confirm that the institution has agreed, where somebody else could have done so in its name',
  scope: 'admins:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody.extend({ agreementId: z.uuid() }) },
  reply: {
    kind: 'json',
    status: 201,
    about: 'It counts from now on',
    schema: z.object({ agreementId: z.uuid() }),
  },
  refusals: { 400: ['json_malformed'], 403: ['own_agreement', 'session_needed'], 409: ['agreement_over'] },
});
