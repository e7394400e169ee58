import { z } from 'zod';
import { defineQueue, type Worker, workOn } from '../platform/jobs/queue.ts';
import { deriveAllChanges } from './changes/derive.ts';
import { evaluateHealth } from './incidents/evaluate.ts';
import { type SendDeps, sendNews } from './notifications/send.ts';
import { advanceAll } from './onboarding/advance.ts';
import { settleStable } from './onboarding/settle-stable.ts';
import { type ProbeDeps, runProbes } from './probes/run-probes.ts';
import { mailReports } from './reports/mail.ts';
import { type SinkDeps, sendOut } from './sink/send-out.ts';
import { purgeHealth } from './store.ts';

const nothing = z.strictObject({});

/** Derives changes from the audit trail, then looks for what fails and tells people. */
const evaluateIncidents = defineQueue({
  name: 'evaluate_incidents',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Sends the news of incidents that is due. */
const sendNotifications = defineQueue({
  name: 'send_notifications',
  payload: nothing,
  policy: 'short',
  schedule: '* * * * *',
});

/** Makes integrations stable whose seventh good day is over. */
const settleOnboardings = defineQueue({
  name: 'settle_onboardings',
  payload: nothing,
  policy: 'short',
  schedule: '41 * * * *',
});

/** Moves new integrations on by what shows how far they are. */
const advanceOnboardings = defineQueue({
  name: 'advance_onboardings',
  payload: nothing,
  policy: 'short',
  schedule: '3-58/5 * * * *',
});

/** Asks quiet partners without people. */
const probeConnections = defineQueue({
  name: 'probe_connections',
  payload: nothing,
  policy: 'short',
  retries: 0,
  schedule: '*/5 * * * *',
});

/** Begins a launch at every tool, without people. */
const probeTools = defineQueue({
  name: 'probe_tools',
  payload: nothing,
  policy: 'short',
  retries: 0,
  schedule: '4,19,34,49 * * * *',
});

/** Deletes what nobody looks back at. */
const purgeHealthWork = defineQueue({
  name: 'purge_health_work',
  payload: nothing,
  policy: 'short',
  schedule: '23 2 * * *',
});

/** Mails the report of the last month to whoever gets it, and tries again what was refused. */
const mailMonthlyReports = defineQueue({
  name: 'mail_monthly_reports',
  payload: nothing,
  policy: 'short',
  schedule: '7,22,37,52 * * * *',
});

/** Sends out to the sinks what has ended. */
const sendToSinks = defineQueue({
  name: 'send_to_sinks',
  payload: nothing,
  policy: 'short',
  schedule: '*/5 * * * *',
});

export const healthWorkQueues = [
  sendToSinks,
  mailMonthlyReports,
  evaluateIncidents,
  sendNotifications,
  settleOnboardings,
  advanceOnboardings,
  probeConnections,
  probeTools,
  purgeHealthWork,
];

/** What asks connections and tools without people. */
export function probeWorkers(deps: ProbeDeps & { askTools(signal: AbortSignal): Promise<void> }): Worker[] {
  return [
    workOn(probeConnections, (_payload, { signal }) => runProbes(deps, signal)),
    workOn(probeTools, (_payload, { signal }) => deps.askTools(signal)),
  ];
}

const purgeBatch = 500;

/** Deletes news, incidents, answers and work items past their retention (migrations/0023_health_more.sql). */
export async function purgeAll({ db }: Pick<SendDeps, 'db'>, signal?: AbortSignal): Promise<void> {
  for (let gone = 1; gone > 0 && signal?.aborted !== true; ) {
    gone = await db.withRollup((tx) => purgeHealth(tx, purgeBatch));
  }
}

/** What is done in the background about changes, incidents and onboardings. */
export function healthWorkWorkers(deps: SendDeps & SinkDeps): Worker[] {
  return [
    workOn(sendToSinks, (_payload, { signal }) => sendOut(deps, signal)),
    workOn(mailMonthlyReports, (_payload, { signal }) => mailReports(deps, signal)),
    workOn(evaluateIncidents, async (_payload, { signal }) => {
      await deriveAllChanges(deps, signal);
      await evaluateHealth(deps, signal);
      await sendNews(deps, signal);
    }),
    workOn(sendNotifications, (_payload, { signal }) => sendNews(deps, signal)),
    workOn(purgeHealthWork, (_payload, { signal }) => purgeAll(deps, signal)),
    workOn(advanceOnboardings, (_payload, { signal }) => advanceAll(deps, signal)),
    workOn(settleOnboardings, (_payload, { signal }) => settleStable(deps, signal)),
  ];
}
