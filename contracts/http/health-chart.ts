import { z } from 'zod';
import { calendarPeriods, spanKinds } from '../calendars.ts';
import { changeTypes } from '../changes.ts';
import { chartSteps } from '../health.ts';
import { incidentCauses, severities } from '../incidents.ts';
import { defineEndpoint } from './endpoint.ts';
import { filterQuery, numbersFields, rangeQuery, tenantQuery } from './health-fields.ts';
import { instant, tenantParams } from './values.ts';

const stretch = { from: instant, to: instant };

const chartQuery = rangeQuery.extend(filterQuery.omit({ period: true }).shape).extend({
  step: z
    .enum(chartSteps)
    .optional()
    .describe('How long a point is; without it, the finest that makes at most a hundred of them'),
});

const chartFields = z
  .object({
    from: instant.describe('Where the first point begins: a whole step by the clocks of `zone`'),
    to: instant,
    step: z.enum(chartSteps),
    zone: z
      .string()
      .describe('Whose midnights days begin at: the school’s own where it has a calendar, else UTC'),
    points: z
      .array(
        z.object({
          ...stretch,
          isOver: z.boolean().describe('False: its numbers still grow'),
          numbers: numbersFields,
        }),
      )
      .describe('In order, without gaps; one in which nothing ended has numbers of nothing'),
    bands: z
      .array(z.object({ kind: z.enum(spanKinds), name: z.string(), ...stretch }))
      .describe(
        'Terms, exams and breaks that touch the time, from first to last midnight; they may reach beyond it and lie over one another. None where no one school is asked for',
      ),
    periods: z
      .array(z.object({ period: z.enum(calendarPeriods), ...stretch }))
      .describe(
        'The part of the school year at each moment, in order, without gaps; none where nobody knows it',
      ),
    changes: z
      .array(
        z.object({
          changeId: z.uuid(),
          tenantId: z.string().describe('Whose; of releases of the hub the nil id'),
          type: z.enum(changeTypes),
          action: z.string(),
          connectionId: z.uuid().nullable().describe('Null: of no single connection'),
          toolId: z.uuid().nullable(),
          at: instant,
        }),
      )
      .describe('What could have broken it, the oldest first: with a filter, also what is of no single one'),
    incidents: z
      .array(
        z.object({
          incidentId: z.uuid(),
          tenantId: z.string(),
          severity: z.enum(severities),
          cause: z.enum(incidentCauses),
          partner: z.string().nullable(),
          connectionId: z.uuid().nullable(),
          changeId: z.uuid().nullable().describe('The change that is suspected'),
          from: instant.describe('Its first failure'),
          openedAt: instant,
          to: instant.nullable().describe('Back in target; null: not yet'),
        }),
      )
      .describe('Incidents that touch the time, by their first failures'),
    isCut: z.boolean().describe('There are more changes or incidents: only the latest 500 of each are told'),
  })
  .meta({ id: 'HealthChart' });

const shared = {
  method: 'get',
  scope: 'health:read',
  reply: { kind: 'json', status: 200, about: 'All that a chart draws', schema: chartFields },
} as const;
const wrong = ['range_invalid', 'step_too_short'];

export const tenantHealthChart = defineEndpoint({
  ...shared,
  path: '/api/v1/tenants/{slug}/health/chart',
  summary: 'A school’s numbers over time, with its terms, exams and breaks, changes and incidents',
  params: tenantParams,
  query: chartQuery,
  refusals: { 400: wrong },
});

export const hubHealthChart = defineEndpoint({
  ...shared,
  path: '/api/v1/health/chart',
  reach: 'hub',
  summary: 'The same of all schools, or of the one that is named',
  params: z.object({}),
  query: chartQuery.extend(tenantQuery.shape),
  refusals: { 400: wrong, 403: ['tenant_only'] },
});
