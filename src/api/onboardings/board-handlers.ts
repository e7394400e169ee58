import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import { createBoardReader } from '../../health/onboarding/board.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { showForecast } from '../health-work/onboarding-handlers.ts';
import { pageOf } from '../page.ts';
import { readPlace, writePlace } from '../place.ts';
import type { Handlers } from '../router.ts';

/** What is done for the endpoint about what is under way at every institution. */
export function boardHandlers(
  db: Database,
  clock: Clock,
): Pick<Handlers<typeof consoleEndpoints>, 'hubOnboardings'> {
  const readBoard = createBoardReader(db, clock);
  return {
    hubOnboardings: async ({ query: { limit, after, overdue, ...query }, by: { now } }) => {
      const today = new Date(now).toISOString().slice(0, 10);
      // One more than asked for tells whether there is a next page.
      const page = { ...query, isOverdue: overdue === 'true', limit: limit + 1, today, now };
      const found = await readBoard({ ...page, after: readPlace(after) });
      const { rows, next } = pageOf(found.rows, limit, ({ key, onboardingId: id }) =>
        writePlace({ key, id }),
      );
      const inStage = found.stages.filter(({ stage }) => query.stage === undefined || stage === query.stage);
      return {
        onboardings: rows.map(({ requestedAt, forecast, ...row }) => ({
          ...row,
          requestedAt: requestedAt.toISOString(),
          forecast: showForecast(forecast),
        })),
        stages: found.stages,
        total: inStage.reduce((sum, { open }) => sum + open, 0),
        next,
      };
    },
  };
}
