import { z } from 'zod';
import { defineQueue, type Worker, workOn } from '../platform/jobs/queue.ts';
import { deriveAllChanges } from './changes/derive.ts';
import { evaluateHealth } from './incidents/evaluate.ts';
import { type SendDeps, sendNews } from './notifications/send.ts';
import { settleStable } from './onboarding/settle-stable.ts';

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

export const healthWorkQueues = [evaluateIncidents, sendNotifications, settleOnboardings];

/** What is done in the background about changes, incidents and onboardings. */
export function healthWorkWorkers(deps: SendDeps): Worker[] {
  return [
    workOn(evaluateIncidents, async (_payload, { signal }) => {
      await deriveAllChanges(deps, signal);
      await evaluateHealth(deps, signal);
      await sendNews(deps, signal);
    }),
    workOn(sendNotifications, (_payload, { signal }) => sendNews(deps, signal)),
    workOn(settleOnboardings, (_payload, { signal }) => settleStable(deps, signal)),
  ];
}
