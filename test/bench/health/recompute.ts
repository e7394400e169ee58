import type pg from 'pg';
import { backfill, type RollUpDeps, rollUp } from '../../../src/health/rollups/roll-up.ts';
import { fillStretch } from './made-history.ts';

/** Seconds, by round. */
export interface RecomputeTimes {
  /** One pass over the day that counts by series, five minutes and outcome, and keeps nothing. */
  bare: number[];
  /** The day counted anew; in the first round nothing was counted before, in all others everything was. */
  recompute: number[];
}

interface MadeDay {
  exchanges: number;
  institutions: number;
  rounds: number;
  signal: AbortSignal;
}

/** Counts the day before yesterday anew, in turns with a bare pass; after each round every grain is compared with what is there. */
export async function measureRecompute(
  client: pg.Client,
  deps: RollUpDeps,
  { exchanges, institutions, rounds, signal }: MadeDay,
): Promise<RecomputeTimes> {
  await client.query(
    'truncate exchange_5m, exchange_1h, exchange_1d, exchange_sketch_1h, exchange_sketch_1d, exchange_mark',
  );
  const from = new Date(Math.floor(Date.now() / 86_400_000 - 2) * 86_400_000);
  const range = { from, to: new Date(from.getTime() + 86_400_000) };
  await fillStretch(client, range, { exchanges, institutions });
  const times: RecomputeTimes = { bare: [], recompute: [] };
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    times.bare.push(
      await timed(() =>
        client.query(`select tenant_id, connection_id, kind, date_bin('5 minutes', ended_at, '2000-01-01'), outcome, count(*)
          from exchange group by 1, 2, 3, 4, 5`),
      ),
    );
    times.recompute.push(await timed(() => backfill(deps, range, signal)));
    await checkSums(client, exchanges);
  }
  return times;
}

/** The pass of a minute over the five minutes that run, of so many exchanges. @returns seconds */
export async function timePass(
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

/** What was counted is what is there, at every grain, outcome by outcome and series by series. */
async function checkSums(client: pg.Client, expected: number): Promise<void> {
  const sum = 'sum(success + failed_partner + failed_config + user_error)::int';
  for (const table of ['exchange_5m', 'exchange_1h', 'exchange_1d']) {
    const { rows } = await client.query<{ sum: number }>(`select ${sum} as sum from ${table}`);
    if (rows[0]?.sum !== expected) throw new Error(`${table} has ${rows[0]?.sum} of ${expected} exchanges.`);
  }
  const { rows: wrong } = await client.query(
    `select from (select tenant_id, connection_id, kind, count(*) filter (where outcome = 'success') as success,
         count(*) filter (where outcome = 'failed_partner') as failed, sum(attempts) as attempts
       from exchange group by 1, 2, 3) e
     join exchange_series s using (tenant_id, connection_id, kind)
     left join exchange_1d d using (tenant_id, series_id)
     left join (select tenant_id, series_id, sum(count) as count from exchange_sketch_1d group by 1, 2) k
       using (tenant_id, series_id)
     where (e.success, e.failed, e.attempts, e.success)
       is distinct from (d.success, d.failed_partner, d.attempts, coalesce(k.count, 0)) limit 1`,
  );
  if (wrong.length > 0) throw new Error('A series was counted wrong.');
}

/** @returns seconds */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
