import type pg from 'pg';
import { readOverview } from '../../../src/health/metrics/overview.ts';
import { backfill, type RollUpDeps, rollUp } from '../../../src/health/rollups/roll-up.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import type { Bench } from '../main.ts';
import { median } from '../measure/statistics.ts';
import { withClient } from '../world/postgres.ts';
import { describeHealth, type HealthMeasurements } from './health-report.ts';
import { openHealthWorld } from './health-world.ts';
import { fillRollUps, fillStretch, institutionsOf } from './made-history.ts';
import { measureRecordCost } from './record-cost.ts';

const exchanges = 100_000_000;
const dayExchanges = 5_000_000;
const pages = 200;

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
          const page = await measurePages(database, now, signal);
          say(`Making a day of ${scale * dayExchanges} exchanges …`);
          await client.query(
            'truncate exchange_5m, exchange_1h, exchange_1d, exchange_sketch_1h, exchange_sketch_1d, exchange_mark',
          );
          const day = new Date(Math.floor(now / 86_400_000 - 2) * 86_400_000);
          const range = { from: day, to: new Date(day.getTime() + 86_400_000) };
          await fillStretch(client, range, { exchanges: Math.round(dayExchanges * scale), institutions });
          const bare = await timed(() =>
            client.query(`select tenant_id, connection_id, kind, date_bin('5 minutes', ended_at, '2000-01-01'), outcome, count(*)
              from exchange group by 1, 2, 3, 4, 5`),
          );
          const deps = { database, clock: systemClock };
          const recompute = await timed(() => backfill(deps, range));
          await checkSums(client, Math.round(dayExchanges * scale));
          const fiveMinutes = await timePass(client, deps, {
            exchanges: Math.round(median(cost.without) * 300),
            institutions,
          });
          return { page, bare, recompute, fiveMinutes };
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

/** The first page, again and again, each answer looked at. @returns milliseconds */
async function measurePages(database: Database, now: number, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < pages + 20; n++) {
    signal.throwIfAborted();
    // As time goes on windows begin and end elsewhere.
    const at = now - (n % 12) * 300_000;
    let ended = 0;
    const ms = await timed(async () => {
      ended = (await readOverview({ db: database }, {}, at)).total['28d'].ended;
    });
    if (ended === 0) throw new Error('The page is empty.');
    if (n >= 20) times.push(ms * 1_000);
  }
  return times;
}

/** The pass of a minute over the five minutes that run, of so many exchanges. @returns seconds */
async function timePass(
  client: pg.Client,
  deps: RollUpDeps,
  made: { exchanges: number; institutions: number },
): Promise<number> {
  const stretch = Math.floor(Date.now() / 300_000) * 300_000;
  await fillStretch(client, { from: new Date(stretch), to: new Date(stretch + 300_000) }, made);
  return timed(async () => {
    await client.query("insert into exchange_mark values ('5m', $1)", [new Date(stretch)]);
    await rollUp(deps);
  });
}

/** What was counted is what is there, at every grain. */
async function checkSums(client: pg.Client, expected: number): Promise<void> {
  const sum = 'sum(success + failed_partner + failed_config + user_error)::int';
  for (const table of ['exchange_5m', 'exchange_1h', 'exchange_1d']) {
    const { rows } = await client.query<{ sum: number }>(`select ${sum} as sum from ${table}`);
    if (rows[0]?.sum !== expected) throw new Error(`${table} has ${rows[0]?.sum} of ${expected} exchanges.`);
  }
}

/** @returns seconds */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
