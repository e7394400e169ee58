import { z } from 'zod';
import { deliveryStates, routeStates } from '../grades.ts';
import { outcomes } from '../health.ts';
import { defineEndpoint } from './endpoint.ts';
import { instant, pageLimit, reasonBody, tenantParams, toolSlug } from './values.ts';

const path = '/api/v1/tenants/{slug}/grades';

const count = z.int().nonnegative();
const turn = z
  .enum(['lms', 'tool', 'hub', 'nobody'])
  .describe('Who has to act: the school at its LMS, the tool’s maker, the hub’s operator');

const deliveryFields = z
  .object({
    deliveryId: z.uuid(),
    connectionId: z.uuid(),
    tool: z.string().nullable().describe('The tool’s short name'),
    lineItemId: z.uuid(),
    personId: z.uuid(),
    state: z.enum(deliveryStates),
    outcome: z.enum(outcomes).nullable().describe('As health counts it; null: it has not ended'),
    reason: z
      .string()
      .nullable()
      .describe('Stable code of why it ended, or how the last try ended; of a delivered one a warning'),
    happened: z.string().nullable().describe('The reason in plain words'),
    turn: turn.nullable().describe('Null: there is no reason'),
    attempts: count,
    acceptedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Delivery' });

/** What deliveries have in common; what is absent does not matter. */
const filterFields = {
  connectionId: z.uuid().optional(),
  tool: toolSlug.optional(),
  lineItemId: z.uuid().optional(),
  reason: z.string().min(1).max(100).optional().describe('Code of the reason'),
  since: instant.optional().describe('Accepted then or later'),
};

const unknownParts = ['connection_unknown', 'tool_unknown'];

export const listDeliveries = defineEndpoint({
  method: 'get',
  path: `${path}/deliveries`,
  summary: 'Scores on their way, the newest first; never the scores themselves',
  scope: 'grades:read',
  params: tenantParams,
  query: z.object({
    ...filterFields,
    state: z.enum(deliveryStates).optional(),
    before: z.uuid().optional().describe('The last deliveryId of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page',
    schema: z.object({
      deliveries: z.array(deliveryFields),
      next: z.uuid().nullable().describe('What to give as `before`; null: this was the last page'),
    }),
  },
  refusals: { 404: unknownParts },
});

export const showDelivery = defineEndpoint({
  method: 'get',
  path: `${path}/deliveries/{deliveryId}`,
  summary: 'A score on its way: its tries, whose turn it is and what mends it',
  scope: 'grades:read',
  params: tenantParams.extend({ deliveryId: z.uuid().describe('The delivery') }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'The delivery, explained',
    schema: z.object({
      delivery: deliveryFields.extend({
        partner: z.string(),
        beingSent: z.boolean().describe('At this moment'),
        dueAt: instant.nullable().describe('When it is looked at next; null: it does not wait'),
        route: z.object({ state: z.enum(routeStates), reason: z.string().nullable() }),
        scoreKept: z.boolean().describe('The hub still has the score, so that it can be sent again'),
        scoreTimestamp: instant.describe('The tool’s own time of the score'),
        tries: z.array(
          z.object({
            attempt: z.int(),
            outcome: z.string(),
            reason: z.string().nullable(),
            httpStatus: z.int().nullable(),
            startedAt: instant,
            endedAt: instant,
          }),
        ),
      }),
      explanation: z.object({
        happened: z.string(),
        advice: z.string().nullable().describe('For engineers; null: nothing has to be done'),
        turn,
      }),
    }),
  },
  refusals: { 404: ['delivery_unknown'] },
});

/** Most deliveries one call names by their ids. */
export const mostNamedDeliveries = 500;

/** Which deliveries are meant, in one way: by their ids, by what they have in common, or all. */
const whichBody = reasonBody
  .extend({
    deliveryIds: z.array(z.uuid()).min(1).max(mostNamedDeliveries).optional(),
    filter: z
      .strictObject(filterFields)
      .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
        error: 'Say what they have in common, or give all.',
      })
      .optional()
      .describe('Those that have all of this in common'),
    all: z.literal(true).optional().describe('Every one of the institution'),
    after: z.uuid().optional().describe('With a filter or all: go on behind this one, as `next` said'),
  })
  .refine(
    ({ deliveryIds, filter, all }) =>
      [deliveryIds, filter, all].filter((way) => way !== undefined).length === 1,
    { error: 'Say which in one way: deliveryIds, filter or all.' },
  )
  .refine(({ deliveryIds, after }) => deliveryIds === undefined || after === undefined, {
    error: 'Only a filter or all go on from page to page.',
    path: ['after'],
  });

const repair = <const Verb extends string, const Counts extends z.ZodRawShape>(
  verb: Verb,
  summary: string,
  counts: Counts,
) =>
  defineEndpoint({
    method: 'post',
    path: `${path}/${verb}`,
    summary,
    scope: 'grades:write',
    params: tenantParams,
    body: { kind: 'json', schema: whichBody },
    reply: {
      kind: 'json',
      status: 200,
      about: 'How many ended how',
      schema: z.object({
        counts: z.object(counts),
        unknown: count.describe('Ids that are not of this institution'),
        next: z
          .uuid()
          .nullable()
          .describe('There are more: call again with this as `after`. Null: that was all'),
      }),
    },
    refusals: { 400: ['json_malformed'], 404: unknownParts },
  });

export const replayDeliveries = repair(
  'replay',
  'Send refused and given-up scores again, unless a newer one has taken their place',
  {
    replayed: count.describe('Sent again'),
    newer_stands: count.describe('Left: a newer score of the person waits or has arrived'),
    score_removed: count.describe('Left: the hub no longer keeps the score'),
    not_ended_so: count.describe('Left: neither refused nor given up'),
  },
);

export const discardDeliveries = repair('discard', 'Give up scores that wait: they are not sent', {
  discarded: count.describe('Given up'),
  being_sent: count.describe('Left: being sent at this moment'),
  ended_already: count.describe('Left: ended already'),
});

const routeFields = z
  .object({
    connectionId: z.uuid(),
    partner: z.string(),
    state: z.enum(routeStates),
    reason: z
      .string()
      .nullable()
      .describe('Why it was paused, in somebody’s words, or the code of the fault'),
    advice: z.string().nullable().describe('What starts it again'),
    changedAt: instant.nullable().describe('In this state since then'),
    blockedUntil: instant.nullable().describe('The hub leaves it alone until then'),
    failures: count.describe('Of the host, in a row'),
    pending: count.describe('Scores that wait'),
    due: count.describe('Of these, those that could be sent now'),
    oldestPending: instant.nullable(),
  })
  .meta({ id: 'GradeRoute' });

export const listGradeRoutes = defineEndpoint({
  method: 'get',
  path: `${path}/routes`,
  summary: 'How scores go, connection by connection: running, paused or stopped, and what waits',
  scope: 'grades:read',
  params: tenantParams,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Every connection that scores go over',
    schema: z.object({ routes: z.array(routeFields) }),
  },
  refusals: {},
});

const routeParams = tenantParams.extend({ connectionId: z.uuid().describe('The connection') });
const oneRoute = {
  kind: 'json',
  status: 200,
  about: 'The connection as it stands now',
  schema: z.object({ route: routeFields }),
} as const;

export const pauseGrades = defineEndpoint({
  method: 'post',
  path: `${path}/routes/{connectionId}/pause`,
  summary: 'Hold scores back from a connection; they are still accepted and wait',
  scope: 'grades:write',
  params: routeParams,
  body: {
    kind: 'json',
    schema: z.strictObject({
      reason: z.string().trim().min(1).max(200).describe('Why, for the audit trail and for who asks later'),
    }),
  },
  reply: oneRoute,
  refusals: { 400: ['json_malformed'], 404: ['connection_unknown'] },
});

export const resumeGrades = defineEndpoint({
  method: 'post',
  path: `${path}/routes/{connectionId}/resume`,
  summary: 'Send on what waits for a connection, after a pause or a stop',
  scope: 'grades:write',
  params: routeParams,
  body: { kind: 'json', schema: reasonBody },
  reply: oneRoute,
  refusals: { 400: ['json_malformed'], 404: ['connection_unknown'] },
});

export const compareGrades = defineEndpoint({
  method: 'post',
  path: `${path}/routes/{connectionId}/compare`,
  summary: 'Read results back over a connection soon, and compare those that were not compared within a day',
  scope: 'grades:write',
  params: routeParams,
  body: { kind: 'json', schema: reasonBody },
  reply: {
    kind: 'json',
    status: 202,
    about: 'It is in the queue; what differs is listed as drift',
    schema: z.object({ connectionId: z.uuid() }),
  },
  refusals: { 400: ['json_malformed'], 404: ['connection_unknown'] },
});

export const listGradeDrift = defineEndpoint({
  method: 'get',
  path: `${path}/drift`,
  summary: 'Results that, when they were last read back, were not as they had been sent',
  scope: 'grades:read',
  params: tenantParams,
  query: z.object({
    connectionId: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'Compared once a day, by the hub itself',
    schema: z.object({
      drift: z.array(
        z.object({
          connectionId: z.uuid(),
          lineItemId: z.uuid(),
          personId: z.uuid(),
          drift: z.enum(['differs', 'missing']).describe('How it stands at the LMS'),
          comparedAt: instant,
        }),
      ),
      due: z.array(z.uuid()).describe('Connections with results that were not compared within a day'),
    }),
  },
  refusals: { 404: ['connection_unknown'] },
});
