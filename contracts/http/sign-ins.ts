import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { instant, tenantParams } from './values.ts';

const path = '/api/v1/tenants/{slug}/sign-ins';

const signInFields = z
  .object({
    signInId: z.uuid(),
    reference: z.string().describe('What people read out to a help desk'),
    connectionId: z.uuid(),
    protocol: z.string(),
    outcome: z.string().describe('As health counts it'),
    reason: z.string().nullable().describe('Stable code of why somebody was not let in'),
    personId: z.uuid().nullable(),
    how: z.string().nullable().describe('How the person was found'),
    test: z.boolean().describe('It showed what would happen, and signed nobody in'),
    at: instant,
  })
  .meta({ id: 'SignIn' });

export const listSignIns = defineEndpoint({
  method: 'get',
  path,
  summary: 'Tries to sign in, the newest first; ids and codes, no names',
  scope: 'sign-ins:read',
  params: tenantParams,
  query: z.object({
    connectionId: z.uuid().optional(),
    before: z.uuid().optional().describe('The last signInId of the page before'),
    limit: z.coerce.number().int().min(1).max(500).default(20),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Those that were let in, those that were not, and tests',
    schema: z.object({ signIns: z.array(signInFields) }),
  },
  refusals: { 404: ['identity_unknown'] },
});

export const showSignIn = defineEndpoint({
  method: 'get',
  path: `${path}/{reference}`,
  summary: 'A try to sign in, rule by rule, by the reference people read out',
  scope: 'sign-ins:read',
  params: tenantParams.extend({ reference: z.string().max(50).describe('As people type it') }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'References are short: more than one try may have the same',
    schema: z.object({
      signIns: z.array(
        signInFields.extend({
          trace: z.array(z.object({ rule: z.string(), passed: z.boolean() })),
          explanation: z
            .object({
              turn: z.enum(['you', 'school', 'partner', 'hub']).describe('Who has to act; you: the person'),
              advice: z.string().describe('For engineers'),
              helpDesk: z.string().describe('What a help desk asks or does first'),
              specification: z.string(),
            })
            .nullable()
            .describe('Of the reason; null after a success'),
        }),
      ),
    }),
  },
  refusals: { 400: ['reference_invalid'], 404: ['sign_in_unknown'] },
});
