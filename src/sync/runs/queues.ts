import { z } from 'zod';
import type { RunId, TenantId } from '../../../contracts/ids.ts';
import { defineQueue } from '../../platform/jobs/queue.ts';

const run = z.strictObject({
  tenantId: z.uuid().transform((id) => id as TenantId),
  runId: z.uuid().transform((id) => id as RunId),
});
const nothing = z.strictObject({});

/**
 * Works on one run from wherever it stands. The run's own row is the job: a lost hint is found by the sweep, and a copy that
 * dies loses its lease within a minute, so that the queue itself tries nothing again.
 */
export const workRosterRun = defineQueue({
  name: 'work_roster_run',
  payload: run,
  policy: 'short',
  retries: 0,
  // The longest that the queue knows.
  expireSeconds: 86_399,
});

/** Ties the people of an applied run to those the hub knows. */
export const linkRosterPeople = defineQueue({
  name: 'link_roster_people',
  payload: run,
  expireSeconds: 3_600,
});

/** Goes on with linking in a tenant where whoever was at it has died. */
export const goOnLinkingPeople = defineQueue({
  name: 'go_on_linking_people',
  payload: z.strictObject({ tenantId: run.shape.tenantId }),
  policy: 'short',
  expireSeconds: 3_600,
});

/** Asks for the runs that schedules are due for, and finds those that nobody works on. */
export const planRosterRuns = defineQueue({
  name: 'plan_roster_runs',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Takes out findings, former values and removed rows that are past their time. */
export const removeOldRosterData = defineQueue({
  name: 'remove_old_roster_data',
  payload: nothing,
  policy: 'short',
  expireSeconds: 3 * 3_600,
  schedule: '23 4 * * *',
});
