import { z } from 'zod';
import { linkFields, reviewReasons, reviewStates, shownOfPeople } from '../people.ts';
import { defineEndpoint } from './endpoint.ts';
import { givenUuid, instant, pageLimit, reasonBody, tenantParams } from './values.ts';

const people = '/api/v1/tenants/{slug}/people';
const reviewPath = `${people}/reviews/{reviewId}` as const;
const reviewParams = tenantParams.extend({ reviewId: z.uuid().describe('The item') });

const count = z.int().nonnegative();

const reviewFields = z
  .object({
    reviewId: z.uuid(),
    reason: z.enum(reviewReasons),
    state: z.enum(reviewStates),
    connectionId: z.uuid().describe('The roster whose user gave the reason'),
    personId: z.uuid(),
    otherId: z
      .uuid()
      .describe('The same as personId: it is about one person whose roster user has become somebody else'),
    agree: z.array(z.string()).describe('Names of fields that agree, none of their values'),
    differ: z.array(z.string()),
    foundAt: instant,
    mergeId: z.uuid().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'Review' });

export const listReviews = defineEndpoint({
  method: 'get',
  path: `${people}/reviews`,
  summary: 'Who may be one person and who may not, the oldest first; ids and reasons, no names',
  scope: 'people:read',
  params: tenantParams,
  query: z.object({
    state: z.enum(reviewStates).default('open'),
    reason: z.enum(reviewReasons).optional(),
    connectionId: z.uuid().optional(),
    after: z.uuid().optional().describe('The last reviewId of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page',
    schema: z.object({
      reviews: z.array(reviewFields),
      next: z.uuid().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: {},
});

const sideFields = z
  .object({
    personId: z.uuid(),
    tools: count.describe('Tools that know this person'),
    name: z.string().nullable().optional().describe('Only where names were asked for'),
    links: z.array(
      z.object({
        connectionId: z.uuid(),
        kind: z.string(),
        subject: z.string().optional().describe('Only where identifiers were asked for'),
      }),
    ),
  })
  .nullable()
  .describe('Null: this person is no longer there');

const reviewDetails = reviewFields.extend({
  sourcedId: z.string().optional().describe('The roster’s own; only where identifiers were asked for'),
  person: sideFields,
  other: sideFields,
});

const oneReview = (about: string) =>
  ({ kind: 'json', status: 200, about, schema: z.object({ review: reviewDetails }) }) as const;
const unknown = ['review_unknown'];

export const showReview = defineEndpoint({
  method: 'get',
  path: reviewPath,
  summary: 'One item: both sides, and which fields agree and differ; no names',
  scope: 'people:read',
  params: reviewParams,
  reply: oneReview('The item'),
  refusals: { 404: unknown },
});

export const discloseReview = defineEndpoint({
  method: 'post',
  path: `${reviewPath}/disclose`,
  summary:
    'Show what the two of an item are called, or what LMSs and rosters call them; that is put on record',
  scope: 'people:write',
  params: reviewParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ show: z.array(z.enum(shownOfPeople)).min(1).max(shownOfPeople.length) }),
  },
  reply: oneReview('The item with what was asked for'),
  refusals: { 400: ['json_malformed'], 404: unknown },
});

const decided = ['review_decided', 'review_overtaken'];
const mergeConflicts = [
  ...['same_person', 'person_merged', 'same_lms', 'tools_know_both', 'grades_of_both', 'grades_being_sent'],
];

export const joinReview = defineEndpoint({
  method: 'post',
  path: `${reviewPath}/join`,
  summary: 'Decide that the two are one person; undoing the merge takes it back',
  scope: 'people:write',
  params: reviewParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      keep: givenUuid.optional().describe('Which of the two is kept; by default the one tools know'),
      retireNames: z
        .boolean()
        .default(false)
        .describe('Tools that know both are given the kept one’s name from now on'),
    }),
  },
  reply: oneReview('They are one'),
  refusals: {
    400: ['json_malformed', 'kept_person_invalid'],
    404: [...unknown, 'person_unknown'],
    409: [...decided, ...mergeConflicts],
  },
});

const decision = <const Verb extends string>(verb: Verb, summary: string, about: string) =>
  defineEndpoint({
    method: 'post',
    path: `${reviewPath}/${verb}`,
    summary,
    scope: 'people:write',
    params: reviewParams,
    body: { kind: 'json', schema: reasonBody },
    reply: oneReview(about),
    refusals: { 400: ['json_malformed'], 404: unknown, 409: decided },
  });

export const keepReviewApart = decision(
  'keep-apart',
  'Decide that the two are not one person; they are not offered for joining again',
  'They stay two',
);
export const dismissReview = decision(
  'dismiss',
  'Leave an item as it is, decided neither way',
  'It is closed',
);

const mergeFields = z
  .object({
    mergeId: z.uuid(),
    keptId: z.uuid(),
    absorbedId: z.uuid(),
    mergedBy: z.string(),
    mergedAt: instant,
    undoneBy: z.string().nullable(),
    undoneAt: instant.nullable().describe('Null: it stands'),
    moved: z.object({
      links: count,
      tools: count.describe('That go on using the name they know'),
      retired: count.describe('That are given the kept person’s name'),
      lineItems: count,
    }),
  })
  .meta({ id: 'Merge' });

const oneMerge = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ merge: mergeFields }) }) as const;

export const listMerges = defineEndpoint({
  method: 'get',
  path: `${people}/merges`,
  summary: 'Persons who were made one, the newest first; by ids of the hub',
  scope: 'people:read',
  params: tenantParams,
  query: z.object({
    personId: z.uuid().optional().describe('Those this person had a part in'),
    before: z.uuid().optional().describe('The last mergeId of the page before'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page',
    schema: z.object({
      merges: z.array(mergeFields),
      next: z.uuid().nullable().describe('What to give as `before`; null: this was the last page'),
    }),
  },
  refusals: {},
});

export const mergePeople = defineEndpoint({
  method: 'post',
  path: `${people}/merges`,
  summary: 'Make two persons one; it can be undone',
  scope: 'people:write',
  params: tenantParams,
  body: {
    kind: 'json',
    schema: reasonBody.extend({
      keep: givenUuid.describe('Who is kept'),
      absorb: givenUuid.describe('Whose links, names and scores go to the one that is kept'),
      retireNames: z.boolean().default(false),
    }),
  },
  reply: oneMerge(201, 'They are one'),
  refusals: { 400: ['json_malformed'], 404: ['person_unknown'], 409: mergeConflicts },
});

export const unmergePeople = defineEndpoint({
  method: 'post',
  path: `${people}/merges/{mergeId}/undo`,
  summary: 'Take apart two persons who were merged: everything goes back to whom it belonged to',
  scope: 'people:write',
  params: tenantParams.extend({ mergeId: z.uuid().describe('The merge') }),
  body: { kind: 'json', schema: reasonBody },
  reply: oneMerge(200, 'They are two again'),
  refusals: {
    400: ['json_malformed'],
    404: ['merge_unknown'],
    409: ['merge_undone', 'merge_not_last', 'merge_overtaken', 'grades_being_sent'],
  },
});

const ruleFields = z
  .object({
    rosterColumn: z
      .string()
      .min(1)
      .max(100)
      .describe('Of roster users: sourcedId, identifier, userMasterIdentifier, username or userIds:<type>'),
    linkField: z.enum(linkFields).describe('Of people from launches'),
  })
  .nullable()
  .describe('Null: roster users and people from launches meet nowhere by themselves');

export const showMatchRule = defineEndpoint({
  method: 'get',
  path: `${people}/match-rule`,
  summary: 'The field by which roster users and people from launches are the same',
  scope: 'people:read',
  params: tenantParams,
  reply: { kind: 'json', status: 200, about: 'The rule', schema: z.object({ rule: ruleFields }) },
  refusals: {},
});

export const setMatchRule = defineEndpoint({
  method: 'put',
  path: `${people}/match-rule`,
  summary:
    'Choose the field by which roster users and people from launches are the same; who was joined stays so',
  scope: 'people:write',
  params: tenantParams,
  body: { kind: 'json', schema: reasonBody.extend({ rule: ruleFields }) },
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is in force',
    schema: z.object({
      rule: ruleFields,
      joined: count.describe('Who was found to be one by it'),
      reviews: count.describe('Doubtful pairs, for somebody to decide'),
    }),
  },
  refusals: { 400: ['json_malformed', 'match_rule_invalid'] },
});
