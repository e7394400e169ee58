import { systemClock } from '../../../src/platform/clock.ts';
import { openDatabase } from '../../../src/platform/db.ts';
import type { Bench } from '../main.ts';
import { median } from '../measure/statistics.ts';
import { withClient } from '../world/postgres.ts';
import { describeHealth, type HealthMeasurements } from './health-report.ts';
import { openHealthWorld } from './health-world.ts';
import { fillRollUps, institutionsOf } from './made-history.ts';
import { measurePages } from './pages.ts';
import { measureRecompute, timePass } from './recompute.ts';
import { measureRecordCost } from './record-cost.ts';

const exchanges = 100_000_000;
const dayExchanges = 5_000_000;
/** Each of them takes about a minute. */
const mostRecomputes = 3;

export const healthBench: Bench = {
  summary:
    'what counting costs launches, a manager’s page over 100 M exchanges, and a day of 5 M counted anew',
  run: async (options, signal, say) => {
    const { scale } = options;
    const institutions = institutionsOf(scale);
    const cost = await measureRecordCost({ options, signal, say });
    const world = await openHealthWorld();
    try {
      const database = await openDatabase({
        url: world.url,
        applicationName: 'gatehouse bench',
        connections: 4,
        statementTimeoutMs: world.statementTimeoutMs,
        onError: (error) => {
          throw error;
        },
      });
      try {
        say(`Making roll-ups of ${scale * exchanges} exchanges …`);
        const now = Date.now();
        const measured = await withClient(world.url, async (client) => {
          await fillRollUps(client, institutions, exchanges * scale);
          const pages = await measurePages(database, client, { now, signal });
          say(`Making a day of ${scale * dayExchanges} exchanges …`);
          const deps = { database, clock: systemClock };
          const day = await measureRecompute(client, deps, {
            ...{ exchanges: Math.round(dayExchanges * scale), institutions, signal },
            rounds: Math.min(options.rounds, mostRecomputes),
          });
          const ofFiveMinutes = Math.round(median(cost.without) * 300);
          const fiveMinutes = await timePass(client, deps, { exchanges: ofFiveMinutes, institutions });
          return { pages, day, fiveMinutes };
        });
        const all: HealthMeasurements = { cost, ...measured, scale, postgresVersion: world.version };
        return describeHealth(all, {
          exchanges: exchanges * scale,
          dayExchanges: dayExchanges * scale,
          series: 4 * institutions,
        });
      } finally {
        await database.close();
      }
    } finally {
      await world.close();
    }
  },
};
