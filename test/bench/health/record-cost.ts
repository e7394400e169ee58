import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { startHubSide } from '../launch/hub-side.ts';
import { introductions, tenantCount } from '../launch/population.ts';
import { openWorld } from '../launch/world.ts';
import { type CpuUse, createCpuMeter } from '../measure/cpu.ts';
import { median, spread } from '../measure/statistics.ts';
import type { BenchOptions } from '../options.ts';
import { createChildren } from '../process/parent.ts';
import { withClient } from '../world/postgres.ts';

export interface RecordCost {
  /** Launches a second, by round, with nothing copied and while copying never rests for want of work. */
  without: number[];
  during: number[];
  /** Exchanges copied a second meanwhile. */
  copied: number[];
  /** CPU milliseconds of hubs and PostgreSQL for a launch, and of copying and PostgreSQL for an exchange, each by itself. */
  launchCpu: number[];
  exchangeCpu: number[];
  /** The same of an exchange that is copied beside launches, as what they leave of both: a small rest of large figures. */
  besideCpu: number[];
  /** How much slower launches were, as a share, for as many exchanges as there were launches. */
  rateShare: number;
  noise: number;
}

interface Parts {
  options: BenchOptions;
  signal: AbortSignal;
  say(line: string): void;
}

/** What it costs launches that they are counted, on the same cores, round by round in turns. */
export async function measureRecordCost({ options, signal, say }: Parts): Promise<RecordCost> {
  const children = createChildren();
  const closers: (() => Promise<unknown>)[] = [];
  try {
    say('Starting PostgreSQL, the LMS, 200 tenants, two hubs and what copies …');
    const world = await openWorld();
    closers.push(() => world.close());
    closers.push(() => children.stopAll());
    const hub = await startHubSide(world, children, signal);
    closers.push(() => hub.close());
    const copier = children.start(new URL('./copy-process.ts', import.meta.url), world.hub.environment);
    await hub.run(toTurns(introductions));
    const warm = await hub.run(20 * tenantCount);
    const launches = toTurns(warm.perSecond * options.seconds);
    const found: Omit<RecordCost, 'rateShare' | 'noise'> = {
      without: [],
      during: [],
      copied: [],
      launchCpu: [],
      exchangeCpu: [],
      besideCpu: [],
    };
    const meter = createCpuMeter({ hubs: hub.pids, copier: [copier.pid] }, world.postgres.pid);
    const total = (use: CpuUse) => Object.values(use).reduce((sum, each) => sum + each, 0);
    await withClient(world.databaseUrl, async (client) => {
      for (let round = 1; round <= options.rounds; round++) {
        signal.throwIfAborted();
        await hub.run(tenantCount);
        const alone = meter();
        found.without.push((await hub.run(launches)).perSecond);
        const launchCpu = total(alone(launches));
        await leaveUncopied(client);
        await hub.run(tenantCount);
        const before = await countCopied(client);
        const both = meter();
        const began = performance.now();
        await copier.ask('start');
        found.during.push((await hub.run(launches)).perSecond);
        const seconds = (performance.now() - began) / 1_000;
        await copier.ask('stop');
        const copied = (await countCopied(client)) - before;
        found.copied.push(copied / seconds);
        found.launchCpu.push(launchCpu);
        found.besideCpu.push((total(both(1)) - launches * launchCpu) / copied);
        await refuseIdle(client);
        await leaveUncopied(client);
        const copying = meter();
        await copier.ask('start');
        await delay(1_000 * options.seconds, undefined, { signal });
        await copier.ask('stop');
        found.exchangeCpu.push(total(copying(await countCopied(client))));
        await refuseIdle(client);
        say(
          `round ${round}  ${found.without.at(-1)?.toFixed(0)} launches/s, ${found.during.at(-1)?.toFixed(0)} while ${found.copied.at(-1)?.toFixed(0)}/s are copied`,
        );
      }
    });
    return { ...found, rateShare: shareOf(found), noise: spread(found.without) };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Copying that is slower than launches would cost more by as much. */
function shareOf({ without, during, copied }: Pick<RecordCost, 'without' | 'during' | 'copied'>): number {
  const slower = 1 - median(during) / median(without);
  return slower * Math.max(1, median(during) / median(copied));
}

/** Everything is to be copied, again: there is more than a round can do. */
async function leaveUncopied(client: pg.Client): Promise<void> {
  await client.query('truncate exchange, exchange_attempt, exchange_mark');
  await client.query('update launch set copied = false where copied');
  await client.query('vacuum analyze launch');
}

async function countCopied(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*) from exchange');
  return Number(rows[0]?.count);
}

async function refuseIdle(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    'select from launch where ended_at is not null and not copied limit 1',
  );
  if (rowCount === 0) throw new Error('Everything was copied before the round was over: take fewer seconds.');
}

function toTurns(count: number): number {
  return Math.max(1, Math.round(count / tenantCount)) * tenantCount;
}
