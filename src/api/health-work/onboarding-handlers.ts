import type { z } from 'zod';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { showOnboarding as showOnboardingContract } from '../../../contracts/http/onboardings.ts';
import type { ConnectionId, OnboardingId } from '../../../contracts/ids.ts';
import { type OnboardingStage, onboardingStages } from '../../../contracts/onboarding.ts';
import type { ForecastResult } from '../../health/onboarding/forecast.ts';
import {
  changeOnboarding,
  getOnboarding,
  listOnboardings,
  type Onboarding,
  readLeadTimes,
  requestOnboarding,
} from '../../health/onboarding/onboardings.ts';
import type { Database } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import type { Handlers } from '../router.ts';

type OnboardingEndpoint =
  | 'listOnboardings'
  | 'requestOnboarding'
  | 'showOnboarding'
  | 'moveOnboarding'
  | 'hubLeadTimes';

/** What is done for the endpoints about new integrations. */
export function onboardingHandlers(db: Database): Pick<Handlers<typeof endpoints>, OnboardingEndpoint> {
  return {
    listOnboardings: async ({ tenant }) => {
      const found = await db.withTenant(tenant.tenantId, listOnboardings);
      return { onboardings: found.map(show) };
    },
    requestOnboarding: async ({ tenant, body, by }) => {
      const { name, partner, kind, connectionId, promisedOn } = body;
      const input = { name, partner, kind, ...defined({ connectionId, promisedOn }) };
      return { onboarding: show(await requestOnboarding(db, tenant.tenantId, input, by)) };
    },
    showOnboarding: async ({ tenant, params, by }) => {
      const view = await getOnboarding(db, tenant.tenantId, params.onboardingId as OnboardingId, by.now);
      const { onboarding, entries, dwell, forecast } = view;
      return {
        onboarding: show(onboarding),
        history: entries.flatMap(({ stage, waitingOn, at, actor, evidence }) => {
          const known = onboardingStages.find((each) => each === stage);
          return known === undefined
            ? []
            : [{ stage: known, waitingOn, at: at.toISOString(), actor, evidence }];
        }),
        ...{ dwellMs: dwell.stages, reentries: dwell.reentries, waitingMs: dwell.waiting },
        forecast: forecast === undefined ? null : showForecast(forecast),
      };
    },
    moveOnboarding: async ({ tenant, params, body, by }) => {
      const { event, promisedOn } = body;
      const connectionId = body.connectionId as ConnectionId | undefined;
      const changes = { event, promisedOn, connectionId };
      const onboardingId = params.onboardingId as OnboardingId;
      return { onboarding: show(await changeOnboarding(db, tenant.tenantId, onboardingId, changes, by)) };
    },
    hubLeadTimes: ({ by }) => readLeadTimes(db, by.now),
  };
}

function show({ requestedAt, endedAt, ...rest }: Onboarding) {
  return { ...rest, requestedAt: requestedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}

type ShownForecast = z.input<(typeof showOnboardingContract)['reply']['schema']>['forecast'];

export function showForecast(forecast: ForecastResult): ShownForecast {
  if (forecast.kind !== 'forecast') {
    const { kind, stage, samples }: { kind: typeof forecast.kind; stage: OnboardingStage; samples: number } =
      forecast;
    return { kind, stage, samples };
  }
  const { early, likely, late, ...ground } = forecast.forecast;
  const at = (time: number) => new Date(time).toISOString();
  return { kind: 'forecast', early: at(early), likely: at(likely), late: at(late), ...ground };
}
