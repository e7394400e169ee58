import { z } from 'zod';
import { runStates } from '../sync.ts';
import { defineEndpoint } from './endpoint.ts';
import { entityName, instant, runParams } from './values.ts';

const count = z.int().nonnegative();

/** What an event `progress` holds, as JSON. The last one, of a run that has ended or waits for somebody, is called `end`. */
export const runProgress = z
  .object({
    state: z.enum(runStates),
    reason: z.string().nullable(),
    at: instant,
    read: count.describe('Rows read and staged so far'),
    byEntity: z.array(z.object({ entity: entityName, rows: count, done: z.boolean() })),
    planned: count.nullable().describe('Rows the plan changes; null: there is no plan yet'),
    applied: count.nullable().describe('Of these, those that were changed'),
    rowsPerSecond: z.number().nonnegative().nullable().describe('Of late; null: not known yet'),
    secondsLeft: z.number().nonnegative().nullable().describe('If it goes on so; null: nobody can tell'),
  })
  .meta({ id: 'RunProgress' });
export type RunProgress = z.output<typeof runProgress>;

export const followRun = defineEndpoint({
  method: 'get',
  path: '/api/v1/tenants/{slug}/rosters/{connectionId}/runs/{runId}/events',
  summary: 'A run’s progress as it happens (server-sent events `progress`, and one `end`)',
  scope: 'rosters:read',
  params: runParams,
  reply: {
    kind: 'text',
    status: 200,
    about:
      'The data of each event is a RunProgress as JSON; it ends with the run, or when it waits for somebody',
    mediaType: 'text/event-stream',
  },
  refusals: { 404: ['roster_unknown', 'run_unknown'], 429: ['too_many_streams'] },
});
