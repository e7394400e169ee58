import { z } from 'zod';
import { onboardingKinds, onboardingStages, waitingSides } from '../onboarding.ts';
import { defineEndpoint } from './endpoint.ts';
import { forecastFields } from './onboardings.ts';
import { instant, pageLimit, searchText, sortOrder } from './values.ts';

const count = z.int().nonnegative();
const ms = z.number().nonnegative();

/** What the board can be ordered by. */
export const boardSorts = ['promisedOn', 'requestedAt', 'stage', 'dwell', 'institution'] as const;

/** How a promised day stands against the forecast. */
export const promiseOutlooks = ['on_time', 'at_risk', 'overdue', 'unknown'] as const;

const rowFields = z
  .object({
    institution: z.object({ slug: z.string(), name: z.string() }),
    onboardingId: z.uuid(),
    partner: z.string(),
    kind: z.enum(onboardingKinds),
    stage: z.enum(onboardingStages),
    dwellMs: ms.describe('In this stage, all times it was entered together'),
    waitingOn: z.enum(waitingSides),
    requestedAt: instant,
    promisedOn: z.iso.date().nullable(),
    outlook: z
      .enum(promiseOutlooks)
      .nullable()
      .describe(
        'overdue: the promised day has gone by. at_risk: it will probably be stable later. unknown: nothing can be forecast. Null: nothing is promised',
      ),
    forecast: forecastFields,
  })
  .meta({ id: 'BoardRow' });

export const hubOnboardings = defineEndpoint({
  method: 'get',
  path: '/api/v1/onboardings',
  reach: 'hub',
  summary:
    'New integrations under way at every institution: by stage, whom they wait for, promise and forecast',
  scope: 'health:read',
  params: z.object({}),
  query: z.object({
    search: searchText.optional().describe('Part of an institution’s or partner’s name'),
    stage: z.enum(onboardingStages).optional(),
    kind: z.enum(onboardingKinds).optional(),
    waitingOn: z.enum(waitingSides).optional(),
    overdue: z.literal('true').optional().describe('The promised day has gone by'),
    sort: z.enum(boardSorts).default('promisedOn'),
    order: sortOrder,
    after: z.string().min(1).max(1000).optional().describe('What the page before gave as `next`'),
    limit: pageLimit,
  }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'One page of them, and how many are in each stage on all pages',
    schema: z.object({
      onboardings: z.array(rowFields),
      stages: z
        .array(
          z.object({
            stage: z.enum(onboardingStages),
            open: count,
            overdue: count,
            typicalAgeMs: ms
              .nullable()
              .describe('Half of them were requested longer ago; null: there are none'),
          }),
        )
        .describe('Of those that were asked for, whatever stage was asked for'),
      total: count.describe('How many there are on all pages'),
      next: z.string().nullable().describe('What to give as `after`; null: this was the last page'),
    }),
  },
  refusals: { 400: ['cursor_invalid'], 403: ['tenant_only'] },
});
