import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { createCpuMeter } from '../measure/cpu.ts';
import type { Child } from '../process/parent.ts';
import type { BossSettings, BossWork } from './boss-process.ts';
import { beginRate, lanesPerProcess, processCount, type Rate, reach, startingShare } from './sides.ts';
import { bossDatabase, type GradesWorld } from './world.ts';

/** What the hub is compared with: the same payload through pg-boss alone, in as many processes. */
export interface BossSide {
  /** Sends in as many loops as the hub is given connections. */
  send(seconds: number): Promise<Rate>;
  /** Works off what waits; the rate is that of the last two thirds. */
  work(): Promise<Rate>;
  /** Both at once, until everything sent is worked off. With `posts`, every job is posted to the LMS. */
  sendAndWork(seconds: number, options: { posts: boolean }): Promise<Rate>;
}

/** Jobs a process fetches and works on at a time: workers of ten jobs each. One or four make no difference on two cores. */
export const bossWorkersPerProcess = 2;

/** @param client of the superuser, at pg-boss's database */
export async function startBossSide(
  { children, postgres }: Pick<GradesWorld, 'children' | 'postgres'>,
  client: pg.Client,
  lmsOrigin: string,
  signal: AbortSignal,
): Promise<BossSide> {
  const processes: Child[] = [];
  const databaseUrl = postgres.urlOf(bossDatabase);
  for (let index = 0; index < processCount; index++) {
    const child = children.start(new URL('./boss-process.ts', import.meta.url), { NODE_ENV: 'production' });
    await child.ask('open', { databaseUrl, create: index === 0, lmsOrigin } satisfies BossSettings);
    processes.push(child);
  }
  const meter = createCpuMeter({ pgboss: processes.map(({ pid }) => pid) }, postgres.pid);
  let sent = 0;

  const all = <Answer>(question: string, input?: unknown) =>
    Promise.all(processes.map((child) => child.ask<Answer>(question, input)));
  const send = async (seconds: number) => {
    const runs = await all<{ sent: number; seconds: number }>('send', { seconds, loops: lanesPerProcess });
    const count = runs.reduce((sum, run) => sum + run.sent, 0);
    sent += count;
    return { count, seconds: Math.max(...runs.map((run) => run.seconds)) };
  };
  const startWork = (posts: boolean) =>
    all('work', { workers: bossWorkersPerProcess, posts } satisfies BossWork);
  const handled = async () => (await all<number>('handled')).reduce((sum, count) => sum + count, 0);
  const finish = async () => {
    while ((await handled()) < sent || (await countWaiting(client)) > 0) {
      await delay(10, undefined, { signal });
    }
  };
  const rest = async () => {
    await all('rest');
    const count = await handled();
    if (count !== sent) throw new Error(`pg-boss was sent ${sent} jobs and has handled ${count}.`);
  };
  return {
    send: async (seconds) => {
      const rate = beginRate(meter);
      const run = await send(seconds);
      return rate(run.count, run.seconds);
    },
    work: async () => {
      const early = await handled();
      await startWork(false);
      const before = await reach(early + (sent - early) * startingShare, handled, signal);
      const rate = beginRate(meter);
      await finish();
      const result = rate(sent - before);
      await rest();
      return result;
    },
    sendAndWork: async (seconds, { posts }) => {
      await startWork(posts);
      const rate = beginRate(meter);
      const { count } = await send(seconds);
      await finish();
      const result = rate(count);
      await rest();
      return result;
    },
  };
}

async function countWaiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ waiting: number }>(
    `select count(*)::int as waiting from pgboss.job where name = 'score' and state < 'completed'`,
  );
  return rows[0]?.waiting ?? 0;
}
