import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { reasonBody, rosterParams, tenantParams } from './values.ts';

const personPath = '/api/v1/tenants/{slug}/people/{personId}';

const personParams = tenantParams.extend({ personId: z.uuid().describe('The person, by the hub’s id') });

/** For what cannot be undone. */
const reasonGiven = z.strictObject({
  reason: z.string().trim().min(1).max(1000).describe('Why, for the audit trail'),
});

const erasureFields = z
  .object({
    personIds: z
      .array(z.uuid())
      .describe('Theirs, and those of everybody they were merged with: events keep them'),
    tools: z
      .array(z.uuid())
      .describe(
        'Tools that have known them by a name of their own, and are to be asked to erase them as well',
      ),
    counts: z
      .record(z.string(), z.int().nonnegative())
      .describe('How many links, sessions, scores … there were'),
  })
  .meta({ id: 'Erasure' });

const erasureReply = (about: string) =>
  ({ kind: 'json', status: 200, about, schema: z.object({ erasure: erasureFields }) }) as const;
const conflicts = ['roster_being_applied', 'score_being_sent'];

export const previewErasure = defineEndpoint({
  method: 'get',
  path: `${personPath}/erasure`,
  summary: 'What erasing a person would forget; nothing is changed',
  scope: 'people:read',
  params: personParams,
  reply: erasureReply('By ids and numbers'),
  refusals: { 404: ['person_unknown'], 409: conflicts },
});

export const erasePerson = defineEndpoint({
  method: 'post',
  path: `${personPath}/erase`,
  summary: 'Erase a person for good: only ids are left, in events, and rosters do not bring them back',
  scope: 'people:write',
  params: personParams,
  body: { kind: 'json', schema: reasonGiven },
  reply: erasureReply('They are erased, and signed in nowhere any more'),
  refusals: { 400: ['json_malformed'], 404: ['person_unknown'], 409: conflicts },
});

export const readmitPerson = defineEndpoint({
  method: 'post',
  path: '/api/v1/tenants/{slug}/rosters/{connectionId}/readmit',
  summary: 'Let a roster bring back somebody who was erased, as somebody new, with the next full run',
  scope: 'people:write',
  params: rosterParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      sourcedId: z.string().min(1).max(255).describe('The user’s, as the roster has it'),
    }),
  },
  reply: {
    kind: 'json',
    status: 200,
    about: 'Runs leave them out no more',
    schema: z.object({ sourcedId: z.string() }),
  },
  refusals: { 400: ['json_malformed'], 404: ['roster_unknown', 'person_not_erased'] },
});
